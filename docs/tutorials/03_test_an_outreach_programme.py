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
from pathlib import Path

import coproduce as cp

for name in cp.shipped_changes():
    print(f"{name:32} {cp.load_change(name).summary}")

# %% [markdown]
# ## What a programme changes
#
# A change is a handful of parameters, laid over whatever city you have.

# %%
town = cp.load("classroom")
change = cp.load_change("outreach/knowledge-and-materials")
for path, value in change.patch.items():
    print(f"{path} = {value}")
helped = town.but(change.patch)

before, after = cp.simulate(town, seed=1).households, cp.simulate(helped, seed=1).households
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
# in every arm. Finished runs are kept in the folder; run this cell again, and nothing is repeated.

# %%
arms = ["outreach/knowledge-and-materials", "outreach/mailer-to-all", "one more crew: crews.line.own=3"]
found = cp.compare("classroom", arms, pairs=12, by=("income", "minority"), out="outreach")
page = found.page()
print(page.title)
for finding in page.answer:
    print("-", finding.headline)

# %% [markdown]
# ## What changed
#
# `found.table` has a line for each arm, group and measure: the change from the baseline with its 95 % interval over
# pairs. A negative change of the gap narrows it if it was positive. If zero lies inside the interval, this study has
# seen no change; which is not to say that there is none. With several arms or gaps, `low_together` and `high_together`
# hold for all of them at once ([statistics](../statistics.md)).

# %%
table = found.table
shown = {"share that reports": ("all", "all", "report_rate"), "mean hours out": ("all", "all", "mean_h"),
         "gap, lowest fifth": ("income", "lowest fifth", "gap_h")}  # fmt: skip
for words, key in shown.items():
    for _, row in table[(table[["grouping", "group", "measure"]] == list(key)).all(axis=1)].iterrows():
        print(f"{words:20} {row.arm:28} {row.change:+8.3f} ({row.low:+.3f} to {row.high:+.3f})")

# %%
figures = found.figures()
figures["gap-by-arm"].save("change-of-the-gap.png")
figures["gap-by-arm"]

# %% [markdown]
# ## What could this study have seen?
#
# Before saying "no effect", look at the smallest true change that so many pairs would notice four times out of five.
# To have as many pairs as it takes, say how narrow the interval must be: `cp.compare(..., until_halfwidth_h=0.5)`.

# %%
for arm, smallest_h in found.summary["smallest_change_seen_h"].items():
    print(f"{arm:28} would notice a change of the gap of {smallest_h:.2f} h")

# %% [markdown]
# ## What it costs
#
# The net cost to city and utility, and the price of an hour that a household is spared. The crews' bill is held at the
# baseline's: by chance alone it varies more than most programmes cost. Where no hours are gained that can be told from
# zero there is no price, and the note says so.

# %%
bill = found.tables["costs"]
hours = bill[bill.effect == "household-hours"]
print(hours[["arm", "added_cost_usd", "gained", "gained_low", "gained_high"]].round(0).to_string(index=False))
for _, row in hours.iterrows():
    price = f"{row.price_usd:,.2f} US$ an hour" if row.price_usd == row.price_usd else "no price"
    print(f"{row.arm}: {price}. {row.note}")

# %% [markdown]
# ## A programme of your own
#
# A change is a small file. One command does all of this, tables, figures and a page for a council included:
# `coproduce compare classroom bilingual-mailer.toml --by limited_english --out results/mailer --report`

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
found = cp.compare("classroom", ["bilingual-mailer.toml"], pairs=10, by=("limited_english",))
for section in found.page().sections[:1]:
    for block in section.blocks:
        if block.kind == "table":
            print(block.caption)
            print(*block.rows, sep="\n")

# %% [markdown]
# ## Three questions to try
#
# 1. `least_aware_first = true` under `[outreach.mailer]`, with `target_share = 0.3`: is a mailer to those who know
#    least better than one to everybody? At which price?
# 2. A mailer two years before the storm instead of two weeks: what is left of it? (`at_h` counts from the peak.)
# 3. Does the programme do more where the utility goes by reports (`dispatch.policy=most-reports` in baseline and arm)?
