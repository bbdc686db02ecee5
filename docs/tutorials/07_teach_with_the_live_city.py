# %% [markdown]
# # Teaching with the live city
#
# **Afterwards you can** choose a lesson of the live city, know before class what it will show and how sure that is,
# prepare the hand-out, and find a storm that makes the point without overstating it.
#
# In class, `coproduce demo` opens the live city in a browser: two cities side by side that differ in one thing. It
# needs no internet. This notebook starts nothing; it runs the same lessons in Python. Six storms here; the page itself
# offers sixty. More: [teaching](../teaching.md).

# %%
# %matplotlib inline
import pandas as pd

import coproduce as cp
from analysis.contrasts.intervals import paired
from analysis.figures.compare import by_group
from analysis.figures.curves import outage_curve
from analysis.figures.drawing import save
from app.demo.controls import patch_of
from app.demo.lessons import lessons
from app.demo.story import story
from experiments.runs.measures_of_run import measures

for name, lesson in lessons().items():
    print(f"{name:22} {lesson.question}")

# %% [markdown]
# ## One lesson
#
# A lesson is a town, a storm that the class sees first, what differs between city A and city B, a note for the teacher,
# and claims: which measure falls, rises, or cannot be told from chance.

# %%
lesson = lessons()["volunteers-dilemma"]
print(lesson.title)
print(lesson.note)
for claim in lesson.claims:
    print(f"- {claim.words}: {claim.direction}")

# %%
cities = {
    name: lesson.scenario.but(patch_of(list(city.changes), city.moved))
    for name, city in {"A": lesson.a, "B": lesson.b}.items()
}
for path in lesson.b.moved:
    print(f"{path}: {cities['A'][path]} in A, {cities['B'][path]} in B")

# %% [markdown]
# ## The storm that the class sees first
#
# The same storm strikes both cities, so whatever differs comes from the one change.

# %%
first = {name: cp.simulate(city, lesson.seed) for name, city in cities.items()}
both = [outcomes.households for outcomes in first.values()]
horizon_h = first["A"].horizon_h
for name, outcomes in first.items():
    found = measures(outcomes, [lesson.by])
    print(f"City {name}:", ", ".join(f"{c.words} {found[c.measure]:.3g}" for c in lesson.claims))

# %%
figure = outage_curve([both[1]], lesson.by, horizon_h, title=f"{lesson.title}: city B")
save(figure, "city-b.png", "Customers without power over time in city B of the lesson, by group, one storm")
figure

# %% [markdown]
# ## One storm proves nothing
#
# Run more, and take B minus A storm by storm. What the class saw in the first storm should agree with this; if it does
# not, say so, for that is a lesson too.

# %%
lines = []
pairs = [[measures(cp.simulate(city, seed), [lesson.by]) for city in cities.values()] for seed in range(1, 7)]
for claim in lesson.claims:
    change = paired([b[claim.measure] - a[claim.measure] for a, b in pairs])
    interval = {"change": change.mean, "low": change.low, "high": change.high}
    lines.append({"arm": "B minus A", "gap": claim.words, **interval})
table = pd.DataFrame(lines)
print(table.round(3).to_string(index=False))

# %% [markdown]
# On the hand-out, hours out by group:

# %%
groups = {"all": "all:all:mean_h", "minority": "minority:minority:mean_h", "other": "minority:other:mean_h"}
waits = []
for group, measure in groups.items():
    change = paired([b[measure] - a[measure] for a, b in pairs])
    waits.append({"arm": "city B", "group": group, "change": change.mean, "low": change.low, "high": change.high})
figure = by_group(pd.DataFrame(waits), "city A", len(pairs))
save(figure, "b-minus-a.png", "Change of mean hours out by group from city A to city B, with intervals")
figure

# %% [markdown]
# ## A household to tell of
#
# In the page a click on a house tells its story. Find one worth the click: dark in both cities, and hit hardest by the
# change.

# %%
later_h = (both[1].restored_h - both[0].restored_h).where(both[1].restored_h < horizon_h)
hardest = int(later_h.idxmax())
for name, outcomes in first.items():
    print(f"City {name}, household {outcomes.households.household_id[hardest]}:")
    for event in story(outcomes, hardest)["events"]:
        print(f"  {event['when']}  {event['words']}")

# %% [markdown]
# It is the extreme of many, and chosen for being so. Say that when you show it.
#
# ## Before class
#
# ```sh
# coproduce demo --lessons                 # every claim of every lesson, run and checked
# coproduce demo                           # the live city, on this machine only
# coproduce demo --customers 500           # smaller, for an old projector machine
# ```
#
# ## Three questions to try
#
# 1. Repeat the notebook with `lessons()["closing"]`, then `["widening"]`. What differs between the two towns?
# 2. Which seed of the first fifty shows the opposite of the claim? What would a class conclude that saw only that one?
# 3. Write a lesson of your own: a town, one change, and a claim that sixty storms bear out.
