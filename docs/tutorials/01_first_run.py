# %% [markdown]
# # A first run
#
# **Afterwards you can** run a scenario in Python and on the command line, see who lost power and for how long, change
# one thing, and say how sure the answer is.
#
# The first run on a machine compiles the rules of the model, which takes about ten seconds, once. The numbers below
# come from a town of 2,000 households that answers at once. For real work load `tallahassee-michael` (117,000
# customers, a few seconds a run) and take 20 seeds or more.

# %%
# %matplotlib inline
import coproduce as cp
from analysis.contrasts.intervals import gap_over_runs, paired
from analysis.figures.curves import outage_curve
from analysis.figures.drawing import save
from analysis.measures.reliability import by_group

for name in cp.shipped():
    print(name)

# %% [markdown]
# ## One storm in one town
#
# A scenario is a place, a storm and a utility. A run is a function of a scenario and a seed: the same two give the same
# hours for every household, on any machine.

# %%
town = cp.load("classroom")
print(town.summary)
outcomes = cp.simulate(town, seed=1)
households = outcomes.households
print(households[["neighbourhood", "minority", "income_usd", "out_h", "restored_h", "hours_out"]].head())

# %% [markdown]
# `out_h` and `restored_h` count from the storm's peak; infinity means never. `hours_out` is what a household waited.

# %%
affected = households[households.hours_out > 0]
hours = affected.hours_out
print(f"{len(affected):,} of {len(households):,} households lost power, for {hours.mean():.1f} h on average,")
print(f"half of them for less than {hours.median():.1f} h, one for {hours.max():.1f} h.")

# %% [markdown]
# The curve that every utility draws, by group. It falls in steps: a repaired feeder brings hundreds of homes back at
# once, and the last homes come back one by one.

# %%
horizon_h = outcomes.horizon_h
figure = outage_curve([households], "minority", horizon_h, title="classroom: customers without power")
save(figure, "outage.png", "Customers without power over time in the town of 2,000, by group, one storm")
figure

# %% [markdown]
# ## How sure is that?
#
# One storm is one roll of the dice. So run more of them, **one seed each**, measure the groups in each run, and put the
# interval over runs. Households of one storm share its crews: they are no independent sample, storms are.

# %%
storms = [cp.simulate(town, seed).households for seed in range(1, 9)]
tables = [by_group(storm, "minority", horizon_h) for storm in storms]
print(tables[0][["households", "affected", "mean_h", "median_h", "report_rate"]].round(2))

gaps = gap_over_runs(tables, reference="other").set_index("measure")
gap = gaps.loc["mean_h"]
print(f"Gap, minority minus other: {gap.gap:+.1f} h, 95 % interval {gap.gap_low:+.1f} to {gap.gap_high:+.1f} h")
print("The interval leaves out zero." if gap.gap_low * gap.gap_high > 0 else "Zero is inside: no difference is seen.")

# %% [markdown]
# ## Change one thing
#
# `but` gives the same scenario with some parameters changed. Every random number belongs to a seed, a purpose and a
# household, so two runs of one seed share city, storm and inclinations, and differ **only by the change**. Take the
# difference seed by seed.

# %%
more_crews = town.but({"crews.line.own": 4})
print(f"own line crews: {town['crews.line.own']} before, {more_crews['crews.line.own']} after")

before_h = [table.loc["minority", "mean_h"] for table in tables]
after = [by_group(cp.simulate(more_crews, seed).households, "minority", horizon_h) for seed in range(1, 9)]
change = paired([table.loc["minority", "mean_h"] - hours for table, hours in zip(after, before_h, strict=True)])
print(f"Mean hours out of minority households: {change.mean:+.1f} h ({change.low:+.1f} to {change.high:+.1f} h)")

# %% [markdown]
# ## The same on the command line
#
# ```sh
# coproduce list
# coproduce show classroom                                  # every parameter: unit, range, source
# coproduce run classroom --replicates 20 --out results/base
# coproduce run classroom --replicates 20 --set crews.line.own=4
# coproduce compare classroom crews.line.own=4              # seed by seed, with costs
# ```
#
# Which parameters are there? In Python `town.listing()`, on paper [the page of parameters](../parameters.md).

# %%
for parameter in town.listing():
    if parameter.path.startswith("crews.line."):
        print(f"{parameter.path} = {parameter.value}  [{parameter.unit}]  {parameter.meaning}")

# %% [markdown]
# ## Three questions to try
#
# 1. Group by `"income"` or `"medical_device"` instead of `"minority"`. Whose hours differ, and is zero in the interval?
# 2. Which helps more: two more line crews, or `"sensing.meter_coverage": 1.0`?
# 3. How many seeds does it take until the interval of the change is half an hour wide? (The module
#    `analysis.contrasts.planning` answers without trying.)
