# %% [markdown]
# # Testing an outreach programme
#
# **Afterwards you can** lay a ready-made programme over any city, compare it with doing nothing, seed by seed, say how
# large an effect your study could have missed, and give its price.
#
# Twelve pairs of runs in the town of 2,000. For real work: your own city, and pairs until the interval is as narrow as
# the decision needs (`--until-halfwidth` on the command line).

# %%
# %matplotlib inline
import subprocess
import sys
from pathlib import Path

from analysis.contrasts.planning import pairs_needed
from analysis.figures.compare import forest
from analysis.figures.drawing import save
from experiments.designs.arms import arms_of, notes
from experiments.runs.ledger import Ledger
from experiments.runs.runner import execute
from experiments.runs.workers import Here
from experiments.studies.compare_costs import prices
from experiments.studies.compare_table import line_of, tidy
from experiments.studies.pairs import (
    Design,
    plan_of,
    smallest_changes,
    values_of,
)
from sim import load, load_change, run, shipped_changes

for name in shipped_changes():
    print(f"{name:32} {load_change(name).summary}")

# %% [markdown]
# ## What a programme changes
#
# A change is a handful of parameters, laid over whatever city you have.

# %%
town = load("classroom")
change = load_change("outreach/knowledge-and-materials")
for path, value in change.patch.items():
    print(f"{path} = {value}")
helped = town.but(change.patch)

before, after = run(town, seed=1).households, run(helped, seed=1).households
print(f"{after.reached.sum()} households were reached, {after.taken_in.sum()} took something in.")
print(f"Share with a logged report: {before.report_logged.mean():.1%} before, {after.report_logged.mean():.1%} after.")
moved = before.restored_h != after.restored_h
others = moved & ~after.taken_in
print(f"{moved.sum()} households got power back at another hour, {others.sum()} of which took nothing in:")
print("crews that go to one place are missing in another.")

# %% [markdown]
# ## Pairs of runs
#
# An arm is written as on the command line: the name of a change, or `PATH=VALUE`. Each seed is run in the baseline and
# in every arm. Finished runs are kept in a ledger, a single file; run this cell again, and nothing is repeated.

# %%
compared = arms_of(
    "classroom",
    ["outreach/knowledge-and-materials", "outreach/mailer-to-all", "one more crew: crews.line.own=3"],
)
design = Design(compared.baseline, tuple(compared.arms), by=("minority", "income"), first_seed=1)
pairs = 12
plan = plan_of(design, pairs)
with Ledger.open("outreach.sqlite", plan.identity) as ledger:
    print(execute(plan, ledger, Here()))
    values = values_of(ledger, design, pairs)
for line in notes(compared):
    print(line)

# %% [markdown]
# ## What changed
#
# `tidy` has a line for each arm, group and measure: the change from the baseline with its 95 % interval over pairs. A
# negative change of the gap narrows it if it was positive. If zero lies inside the interval, this study has seen no
# change; which is not to say that there is none. With several arms or gaps, `looked_at_together(table)` sets
# beside each what holds of all of them together ([statistics](../statistics.md)).

# %%
names = [arm.name for arm in compared.arms]
table = tidy(values, names)
gap = "income:lowest fifth:gap_h"
shown = {"all:all:report_rate": "share that reports", "all:all:mean_h": "mean hours out", gap: "gap, lowest fifth"}
for name, words in shown.items():
    for arm in names:
        row = line_of(table, arm, name)
        print(f"{words:20} {arm:34} {row.change:+8.3f} ({row.low:+.3f} to {row.high:+.3f})")

# %%
by_income = table[(table.measure == "gap_h") & (table.group == "lowest fifth")]
picture = by_income.assign(gap="lowest minus highest fifth of income")
figure = forest(picture, compared.baseline.name, pairs)
save(
    figure, "change-of-the-gap.png", "Change of the gap between income groups in three arms, with intervals over pairs"
)
figure

# %% [markdown]
# ## What could this study have seen?
#
# Before saying "no effect", look at the smallest true change that so many pairs would notice four times out of five,
# and at the number of pairs that an interval of half an hour either way would take.

# %%
changes = values.changes(gap)
for arm, smallest_h, spread in zip(names, smallest_changes(changes), changes.std(axis=0, ddof=1), strict=True):
    print(f"{arm:34} would notice {smallest_h:.2f} h; for +/- 0.5 h {pairs_needed(spread, 0.5):,} pairs are needed")

# %% [markdown]
# ## What it costs
#
# The net cost to city and utility, and the price of an hour that a household is spared. The crews' bill is held at the
# baseline's: by chance alone it varies more than most programmes cost. Where no hours are gained that can be told from
# zero there is no price, and the note says so.

# %%
bill = prices(values, compared.baseline.name, names, gap)
hours = bill[bill.effect == "household-hours"]
print(hours[["arm", "added_cost_usd", "gained", "gained_low", "gained_high"]].round(0).to_string(index=False))
for _, row in hours.iterrows():
    price = f"{row.price_usd:,.2f} US$ an hour" if row.price_usd == row.price_usd else "no price"
    print(f"{row.arm}: {price}. {row.note}")

# %% [markdown]
# ## A programme of your own, by the command line
#
# A change is a small file, and `coproduce compare` does all of the above in one command, tables and figures included.

# %%
Path("bilingual-mailer.toml").write_text(
    """
name = "bilingual mailer"
applies_to = "any city"
summary = "A mailer in two languages to households with limited English, two weeks before the storm"

[outreach.mailer]
reach = 0.9
attribute = "limited_english"
channels = ["hotline", "sms"]
at_h = -336.0
""",
    encoding="utf-8",
)
words = ["compare", "classroom", "bilingual-mailer.toml", "--by", "limited_english", "--replicates", "10", "--quiet"]
answer = subprocess.run([sys.executable, "-m", "app.cli", *words], capture_output=True, encoding="utf-8")
print(f"$ coproduce {' '.join(words)}\n{answer.stdout}{answer.stderr}")
answer.check_returncode()

# %% [markdown]
# ## Three questions to try
#
# 1. `least_aware_first = true` under `[outreach.mailer]`, with `target_share = 0.3`: is a mailer to those who know
#    least better than one to everybody? At which price?
# 2. A mailer two years before the storm instead of two weeks: what is left of it? (`at_h` counts from the peak.)
# 3. Does the programme do more where the utility goes by reports (`dispatch.policy=most-reports` in baseline and arm)?
