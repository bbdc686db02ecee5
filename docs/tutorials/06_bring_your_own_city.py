# %% [markdown]
# # Bring your own city
#
# **Afterwards you can** put your tracts, your households and your grid in place of what is synthetic, one after the
# other, check how well the model met them, and read the message when a table is wrong.
#
# The files here are tiny and made up. [Your city](../your-city.md) explains every column; paths are relative to the
# scenario file. For real work: all your tracts, real centroids, and 20 seeds.

# %%
# %matplotlib inline
from pathlib import Path

import pandas as pd

import coproduce as cp
from analysis.figures.drawing import save
from analysis.figures.maps import neighbourhood_map

folder = Path("my-city")
folder.mkdir(exist_ok=True)

# %% [markdown]
# ## 1. A table of tracts
#
# The column names are those of the public tables (SVI, American Community Survey), so that an extract fits as it is.
# Only a few are needed; an empty cell falls back to the figure of the county.

# %%
tracts = pd.DataFrame(
    {
        "geoid": ["12073000100", "12073000200", "12073000300", "12073000400"],
        "households": [420, 380, 510, 290],
        "centroid_lat": [30.44, 30.46, 30.42, 30.45],
        "centroid_lon": [-84.28, -84.26, -84.30, -84.31],
        "area_km2": [3.1, 2.6, 4.4, 2.0],
        "share_minority": [0.22, 0.71, 0.35, 0.58],
        "poverty_rate": [0.09, 0.31, 0.14, None],
        "svi_overall_us": [0.21, 0.88, 0.40, 0.67],
    }
)
tracts.to_csv(folder / "tracts.csv", index=False)

# %% [markdown]
# The scenario says what is known and leaves the rest to its base. `coproduce new my-city --from classroom` writes a
# longer one, with every parameter in it as a comment.

# %%
(folder / "my-city.toml").write_text(
    """
name = "my city"
based_on = "classroom"
summary = "Four tracts of a made-up city"

[place]
tracts = "tracts.csv"
customers = 1_600

[sources]
"place.customers" = "made up for the tutorial"
""",
    encoding="utf-8",
)
city = cp.load(folder / "my-city.toml")
outcomes = cp.simulate(city, seed=1)
households = outcomes.households
print(f"{city.name}: {len(households):,} households, {(households.hours_out > 0).sum():,} lost power")

# %% [markdown]
# Was the table met? Shares are drawn household by household, so they come near it and not upon it.

# %%
found = households.groupby("neighbourhood", observed=True)[["minority", "poor"]].mean()
asked = tracts.set_index("geoid")[["share_minority", "poverty_rate"]]
print(asked.join(found).round(2))

# %%
near = outcomes.place.neighbourhoods
columns = ("name", "x_km", "y_km", "area_km2")
places = pd.DataFrame({column: getattr(near, column) for column in columns})
title = "my city: hours out, and who lives where"
figure = neighbourhood_map(households, places, "minority", outcomes.horizon_h, title)
save(figure, "map.png", "Mean hours without power by tract, beside the share of minority households")
figure

# %% [markdown]
# `coproduce run my-city.toml --out DIR` draws this map and others, and writes `fidelity.csv`: target and found, tract
# by tract.
#
# ## 2. A table of households
#
# If you have one row per household, give it. What it lacks is drawn.

# %%
surveyed = pd.DataFrame(
    {
        "household_id": [f"H{n}" for n in range(1, 9)],
        "x_km": [0.1, 0.2, 0.3, 0.4, 1.1, 1.2, 1.3, 1.4],
        "y_km": [0.0, 0.1, 0.0, 0.1, 0.0, 0.1, 0.0, 0.1],
        "minority": [False, False, True, False, True, True, True, False],
        "income_usd": [81_000, 64_000, 38_000, 120_000, 22_000, 31_000, 47_000, 55_000],
        "medical_device": [False, False, False, False, True, False, False, False],
        "node": ["A", "A", "A", "A", "B", "B", "B", "B"],
    }
)
surveyed.to_csv(folder / "households.csv", index=False)

# %% [markdown]
# ## 3. A grid
#
# Nodes and edges, as any network model can export them. Each edge is a device; the grid must be a tree. With it, the
# column `node` above says who is served where.

# %%
nodes = pd.DataFrame(
    {
        "id": ["source", "main", "A", "B"],
        "x_km": [0.0, 0.5, 0.25, 1.25],
        "y_km": [-0.5, 0.0, 0.0, 0.0],
        "customers": [0, 0, 4, 4],
    }
)
edges = pd.DataFrame(
    {
        "id": ["feeder", "lateral-A", "lateral-B"],
        "from_node": ["source", "main", "main"],
        "to_node": ["main", "A", "B"],
        "kind": ["breaker", "fuse", "fuse"],
        "length_km": [0.7, 0.3, 0.8],
    }
)
damage = pd.DataFrame({"device": ["lateral-A", "lateral-B"], "onset_h": [0.0, 0.0], "repair_h": [2.0, 3.0]})
for name, table in {"nodes": nodes, "edges": edges, "damage": damage}.items():
    table.to_csv(folder / f"{name}.csv", index=False)

(folder / "street.toml").write_text(
    """
name = "our street"
based_on = "classroom"

[place]
households = "households.csv"

[grid]
nodes = "nodes.csv"
edges = "edges.csv"

[storm]
damage_table = "damage.csv"

[crews.line]
own = 1
mutual_aid = 0
""",
    encoding="utf-8",
)
street = cp.simulate(cp.load(folder / "street.toml"), seed=1)
columns = ["household_id", "minority", "service_drop", "first_report_channel", "hours_out"]
print(street.households[columns].round(1).to_string(index=False))
print(street.jobs[["device", "dispatched_h", "done_h", "outcome"]].round(1).to_string(index=False))

# %% [markdown]
# The last table, `damage_table`, says which devices fail, so that a real storm can be replayed: here both laterals, and
# one crew must choose.
#
# ## When a table is wrong
#
# The message names the file, what was given and what is allowed. Nothing is guessed. A second way to node B makes a
# loop:

# %%
loop = pd.DataFrame([{"id": "tie", "from_node": "A", "to_node": "B", "kind": "switch", "length_km": 1.0}])
pd.concat([edges, loop]).to_csv(folder / "edges.csv", index=False)
try:
    cp.simulate(cp.load(folder / "street.toml"), seed=1)
except cp.ScenarioError as wrong:
    print(wrong)

# %% [markdown]
# ## Three questions to try
#
# 1. Leave `share_minority` out of the tracts, or write a share as 71 instead of 0.71: what does the message say?
# 2. Give the street a second crew. Whose hours change?
# 3. Replace `damage_table` by `gust_m_per_s = 40.0`: how do the hours vary over ten seeds?
