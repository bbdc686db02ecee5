# %% [markdown]
# # Reading the outcomes
#
# **Afterwards you can** find your way through the five tables of a run, follow one household from the dark to the
# repair, split a gap into its causes, and see what service requests alone would have told you.
#
# Done in the town of 2,000; for real work load `tallahassee-michael`. All columns: [outcomes](../outcomes.md).

# %%
# %matplotlib inline
import numpy as np

import coproduce as cp
from analysis.contrasts.intervals import gap_over_runs
from analysis.figures.curves import survival_curves
from analysis.figures.drawing import save
from analysis.measures.equity import gap_parts
from analysis.measures.reliability import by_group

town = cp.load("classroom")
outcomes = cp.simulate(town, seed=3)
households, orders, jobs, reports = outcomes.households, outcomes.orders, outcomes.jobs, outcomes.reports
tables = {"households": households, "faults": outcomes.faults, "orders": orders, "jobs": jobs, "reports": reports}
for name, table in tables.items():
    print(f"{name:10} {len(table):6,} rows, {table.shape[1]} columns")

# %% [markdown]
# - **households**: who they are, when they lost power and got it back.
# - **faults**: each damaged device, how many faults it has, what led the utility to it, and when it was mended.
# - **reports**: every report and every attempt, by channel.
# - **orders**: each device that the utility believed or knew to be out. This is all that it sees.
# - **jobs**: each truck roll, and what the crew found.
#
# ## One household's story
#
# Take the household that waited longest among those that reported, and read the tables in order.

# %%
reporters = households[households.report_logged & np.isfinite(households.restored_h)]
longest = reporters.loc[reporters.hours_out.idxmax()]
print(f"Household {longest.household_id} on {longest.service_drop}, {longest.neighbourhood}")
print(f"  power lost      {longest.out_h:6.1f} h from the peak of the storm")
print(f"  first reported  {longest.first_report_h:6.1f} h, by {longest.first_report_channel}")
print(f"  power back      {longest.restored_h:6.1f} h")
print(reports.loc[reports.household_id == longest.household_id, ["channel", "attempted_h", "logged_h", "outcome"]])

# %% [markdown]
# What did the utility do with them? How the orders began, how they ended, and what truck rolls found:

# %%
print(orders.groupby("source", observed=True).size().rename("orders by what opened them"))
print(jobs.groupby("outcome", observed=True).size().rename("truck rolls by what was found"))

# %% [markdown]
# `upstream`, `downstream` and `nothing` are truck rolls that met another fault than expected, or none: the price of
# guessing a device from a few calls. `owner` found damage that only an electrician may mend.
#
# ## Where the hours went
#
# Each household's hours are the sum of five: **undetected**, until the utility believes the outage; **waiting**, until
# a crew sets off; **search**, its travel and search; **owner**, while the utility waits for an electrician to mend what
# the household itself owns; **repair**. Where there are several faults on the path, the hours
# belong to the one that is mended next. The parts of two groups split their gap in the same way: the cause is where the
# difference stands.

# %%
parts = ["undetected_h", "waiting_h", "search_h", "owner_h", "repair_h"]
out = households[np.isfinite(households.restored_h) & (households.hours_out > 0)]
print(out.groupby("minority")[[*parts, "hours_out"]].mean().round(2))
left = (out[parts].sum(axis=1) - out.hours_out).abs().max()
print(f"largest difference between the sum of the parts and the hours: {left:.1g} h")

table = by_group(households, "minority", outcomes.horizon_h)
print(gap_parts(table, reference="other").round(2))

# %% [markdown]
# ## All the affected, and only those who reported
#
# Who studies service requests sees only households that asked. Set both views beside each other, over several storms.

# %%
seeds = range(1, 11)
storms = [cp.simulate(town, seed).households for seed in seeds]
for title, only in {"all affected": False, "reporters only": True}.items():
    tables = [by_group(storm, "minority", outcomes.horizon_h, reporters_only=only) for storm in storms]
    gap = gap_over_runs(tables, "other").set_index("measure").loc["mean_h"]
    city = [by_group(storm, "all", outcomes.horizon_h, reporters_only=only).mean_h.iloc[0] for storm in storms]
    print(f"{title:15} mean {np.mean(city):5.1f} h, gap {gap.gap:+.1f} h ({gap.gap_low:+.1f} to {gap.gap_high:+.1f} h)")

# %% [markdown]
# Compare the two means. Who is back before the need grows never calls, so reporters are those who wait longer, and the
# logged reports are a biased sample. The gap may differ too, and where groups differ in who reports it can even change
# its sign. So both views are printed wherever this program prints a gap.
#
# ## The picture
#
# The share of each group still dark, counted from its own loss of power. The shaded area is the gap in hours.

# %%
figure = survival_curves(storms, "minority", outcomes.horizon_h, title="classroom: time without power")
save(figure, "time-without-power.png", "Share of households still without power against time, by group, ten storms")
figure

# %% [markdown]
# ## Where a run came from
#
# A certificate holds everything that is needed to run it again. `coproduce run ... --out DIR` writes it beside the
# tables (as Parquet: `pandas.read_parquet` reads them, and `coproduce.load_outcomes` the whole folder).

# %%
for entry in ("scenario", "digest", "seeds", "versions", "platform", "seconds"):
    print(f"{entry:10} {outcomes.certificate[entry]}")

# %% [markdown]
# ## Three questions to try
#
# 1. Group by `"income"`: in which of the five parts do the lowest and the highest fifth differ most?
# 2. Which share of the truck rolls found nothing, and what happens to it with `"oms.calls_per_transformer": 4`?
# 3. Load `arms/widening` and repeat the two views. (A few seconds a run: it is the city of 117,000.)
