# %% [markdown]
# # Your own dispatch rule
#
# **Afterwards you can** compare the shipped dispatch policies, weigh the terms of the score yourself, and replace the
# score by a function that you wrote.
#
# While you write a rule, let the model run as plain Python: a mistake then gives an ordinary message, and nothing has
# to be compiled. Plain Python takes a hundred times as long, so the town below is tiny. For real work delete the line
# `os.environ[...]` and use your own city; a rule of your own is then compiled once on a machine,
# which takes ten seconds or more.

# %%
# %matplotlib inline
import os

os.environ["NUMBA_DISABLE_JIT"] = "1"  # before anything of the model is imported

import pandas as pd

import coproduce as cp
from analysis.contrasts.intervals import paired
from analysis.figures.compare import by_group as drawn_by_group
from analysis.figures.drawing import save
from analysis.measures.reliability import by_group
from sim.rules.scores import PRESETS

hamlet = cp.load("classroom").but(
    {
        "place.customers": 100,
        "place.neighbourhoods": 10,
        "grid.customers_per_substation": 100,
        "grid.customers_per_feeder": 50,
        "grid.customers_per_lateral": 10,
        "crews.line.own": 1,
        "crews.line.mutual_aid": 0,
    },
    name="hamlet",
)

# %% [markdown]
# ## What the policies weigh
#
# The order with the highest score goes first. A score is a weighted sum: customers believed to be out, reports,
# registered medical devices, social vulnerability, requests by officials, and so on, divided by the hours that a job is
# expected to take. Each shipped policy is a set of weights; what is not listed weighs nothing.

# %%
for policy, weights in PRESETS.items():
    print(f"{policy:24} {weights}")

# %% [markdown]
# ## Weights of your own
#
# The policy `custom` takes the weights under `dispatch.weights`. Here: customers count half, and each household in a
# vulnerable neighbourhood adds up to two more. The same in a scenario file, or after `--set` on the command line.

# %%
own_weights = hamlet.but(
    {
        "dispatch.policy": "custom",
        "dispatch.weights.customers": 0.5,
        "dispatch.weights.vulnerability": 2.0,
    }
)

# %% [markdown]
# Equal seeds give the same storm and the same households, so compare seed by seed. Four seeds show how it is done; to
# decide anything take twenty and more, and see how wide the intervals are here.

# %%
SEEDS = range(1, 5)


def measured(scenario, **rules):
    """Mean hours out of all, of the most and of the least vulnerable, and wasted truck rolls; one row per seed."""
    rows = []
    for seed in SEEDS:
        outcomes = cp.simulate(scenario, seed, **rules)
        everybody = by_group(outcomes.households, "all", outcomes.horizon_h)["mean_h"].iloc[0]
        fifths = by_group(outcomes.households, "svi", outcomes.horizon_h)["mean_h"]
        wasted = outcomes.jobs.outcome.isin(["upstream", "downstream", "nothing"]).sum()
        rows.append({"all": everybody, "most vulnerable": fifths["highest SVI fifth"],
                     "least vulnerable": fifths["lowest SVI fifth"], "wasted": wasted})  # fmt: skip
    return pd.DataFrame(rows, index=list(SEEDS))


def changes(name, found, baseline):
    """A line for each group: change of its mean hours out with the 95 % interval over seeds."""
    lines = []
    for group in ("all", "most vulnerable", "least vulnerable"):
        change = paired(found[group] - baseline[group])
        lines.append({"arm": name, "group": group, "change": change.mean, "low": change.low, "high": change.high})
    return lines


standard = measured(hamlet)
print("Standard policy, mean hours out and wasted truck rolls, seed by seed:")
print(standard.round(1))
lines = changes("own weights", measured(own_weights), standard)

# %% [markdown]
# ## A rule of your own
#
# Some things are no weighted sum. Residents of side streets ask why they are always last: then let the smallest outage
# go first, and among equals the one that is known for longest. Such a rule is a function of the order, its device and
# the parameters (`parameters.reporting.b_need`, and under `parameters.derived.weights` those of the policy in force):
#
# - `order`: `reports`, `informal`, `believed` (customers behind it), `opened_h`, `confirmed`, ...
# - `device`: `static_score` (all terms that no report changes), `level`, ...
# - it returns a number, and the highest goes first.
#
# `@cp.rule` lets it be compiled. Keep to numbers and `math`: no pandas, no text.

# %%


@cp.rule
def smallest_first(order, device, parameters):
    """Fewest customers first; a thousandth of a customer for each hour that the order has been known."""
    return -order.believed - 0.001 * order.opened_h


own_rule = measured(hamlet, score=smallest_first)
lines += changes("smallest first", own_rule, standard)
print(pd.DataFrame(lines).round(1).to_string(index=False))
wasted = f"{standard.wasted.mean():.1f} before, {own_rule.wasted.mean():.1f} after"
print(f"Truck rolls that met no repair, per storm: {wasted}")

# %%
figure = drawn_by_group(pd.DataFrame(lines), "the standard policy", len(SEEDS))
save(figure, "policies.png", "Change of mean hours out by group under two dispatch rules, with intervals")
figure

# %% [markdown]
# How households decide to report can be replaced in the same way: `cp.simulate(..., choose=...)`, a function with
# the signature of `sim.rules.reporting.choose_channel`.
#
# The commands `compare`, `sweep` and `sensitivity` take policies and weights, as in
# `coproduce compare classroom dispatch.policy=first-reported`, but no function: a rule of your own is run from Python.
# With the rule in a file of its own, `my_rules.py`, many pairs run in parallel and are kept as the command keeps them:
#
# ```python
# import coproduce as cp
# from my_rules import smallest_first
#
# if __name__ == "__main__":
#     arms = {"smallest first": {"score": smallest_first}, "more crews": {"crews.line.own": 20}}
#     found = cp.compare("classroom", arms, pairs=20, out="results/own", workers=2)
# ```
#
# What a rule does stands in the key of each of its runs: change a number in it, and `results/own` is refused rather
# than mixed.
#
# ## Three questions to try
#
# 1. A crew that drives to a guess may find nothing. Write "seen before guessed" (`order.confirmed` first). Do truck
#    rolls get better?
# 2. Let reports count with falling returns: `device.static_score * (1.0 + math.log1p(order.reports))`. Whom does it
#    help?
# 3. Which weight of vulnerability, from 0 to 10, closes the gap at the least cost in mean hours? Run the question
#    compiled, with `coproduce sweep` over `dispatch.weights.vulnerability`.
