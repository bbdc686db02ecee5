"""Good input of every kind that the program reads, small, to be damaged."""

import io
import json

import networkx
import pyarrow as pa
import pyarrow.parquet as pq

TRACTS = {
    "geoid": ["12073000200", "12073000301", "12073000302"], "households": [2306, 783, 0],
    "area_km2": [4.5, 2.7, 1.2], "centroid_lat": [30.445, 30.429, 30.43], "centroid_lon": [-84.274, -84.269, -84.27],
    "share_minority": [0.19, 0.386, 0.5], "share_black": [0.1, 0.2, 0.3], "poverty_rate": [0.13, 0.2, 0.1],
    "per_capita_income_usd": [38629.0, 45246.0, 2237.0], "svi_overall_us": [0.17, 0.5, 0.3],
}  # fmt: skip
HOUSEHOLDS = {
    "household_id": ["h1", "h2", "h3", "h4"], "neighbourhood": ["N1", "N1", "N2", "N2"],
    "minority": [True, False, False, True], "ethnicity": ["black", "white", "white", "hispanic"],
    "income_usd": [20000.0, 50000.0, 70000.0, 1e5], "x_km": [0.1, 0.2, 1.3, 1.4], "y_km": [0.0, 0.1, 0.0, 0.1],
    "phone": [True, True, True, True], "smartphone": [True, False, True, True], "tolerance_h": [24.0, 48.0, 12.0, 9.0],
}  # fmt: skip
GUSTS = {"neighbourhood": ["N1", "N2"], "gust_m_per_s": [30.0, 45.5]}
DEVICES = {
    "device": ["S", "F", "L", "T"], "parent": ["", "S", "F", "L"],
    "level": ["substation", "feeder", "lateral", "transformer"], "customers": [0, 0, 0, 4],
    "x_km": [0.0, 0.1, 0.2, 0.3], "y_km": [0.0, 0.0, 0.0, 0.1], "overhead": [True, True, True, False],
}  # fmt: skip
DAMAGE = {"device": ["F", "T"], "onset_h": [-1.0, 0.0], "repair_h": [4.0, 2.5], "sensed_h": [1.0, 2.0],
          "supply": [False, False], "owner": ["", ""]}  # fmt: skip
REPORTS = {"household": ["h1", "h3"], "time_h": [0.5, 2.0], "channel": ["web", "hotline"]}
NODES = {"id": ["s", "a", "b", "c"], "x_km": [0.0, 0.1, 0.2, 0.3], "y_km": [0.0, 0.1, 0.1, 0.2],
         "customers": [0, 0, 3, 2], "source": [1, 0, 0, 0]}  # fmt: skip
EDGES = {"id": ["e1", "e2", "e3"], "from_node": ["s", "a", "a"], "to_node": ["a", "b", "c"],
         "kind": ["breaker", "line", "transformer"], "length_km": [0.1, 0.4, 0.0]}  # fmt: skip
NEIGHBOURHOODS = {
    "neighbourhood": ["N1", "N2"], "exposure": [1.2, 0.8], "repair_factor": [0.9, 1.1], "access_factor": [1.0, 1.0],
    "overhead_share": [0.9, 0.4], "meter_coverage": [0.2, 0.8],
}  # fmt: skip
FACILITIES = {"kind": ["hospital", "fire"], "name": ["St Mary", "Station 1"], "x_km": [0.2, 1.3], "y_km": [0.0, 0.1]}
TABLES = {"neighbourhoods": NEIGHBOURHOODS, "facilities": FACILITIES,
          "tracts": TRACTS, "households": HOUSEHOLDS, "gusts": GUSTS, "devices": DEVICES, "damage": DAMAGE,
          "reports": REPORTS, "nodes": NODES, "edges": EDGES}  # fmt: skip

SCENARIO = """name = "a town"
summary = "one street"
based_on = "classroom"
[place]
customers = 40
neighbourhoods = 2
area_km2 = 4.0
[crews.line]
own = 2
[dispatch]
policy = "most-reports"
[storm]
peak_at = "2018-10-10T18:00"
track = [["2018-10-10T12:00Z", 28.0, -86.5, 120, 20.0], ["2018-10-10T18:00Z", 30.2, -85.5, 135.0, 15],
  ["2018-10-11T00:00Z", 31.5, -84.5, 80, 30.0]]
[tables.gusts]
neighbourhood = ["N1", "N2"]
gust_m_per_s = [30.0, 45.5]
[sources]
"crews.line.own" = "annual report"
[observed]
time_h = [0.0, 5.0]
customers_out = [40, 10]
quantiles_h = { 50 = 4.0 }
customer_hours = 200.0
[study]
baseline = { "crews.line.own" = 1 }
"""
CHANGE = """applies_to = "any city"
name = "mailer"
summary = "a letter to all"
[outreach.mailer]
reach = 0.5
[channels.app]
awareness = 0.7
[sources]
"channels.app.awareness" = "a guess"
"""
SWEEP = """kind = "sweep"
name = "channels"
scenario = "classroom"
seed = 1
replicates = 3
by = ["minority", "income"]
outcomes = ["gap", "mean"]
design = "factorial"
[set]
crews.line.own = 2
[vary]
"channels.app.availability" = { from = 0.0, to = 1.0, steps = 3 }
"dispatch.policy" = ["standard", "most-reports"]
channels = { subsets_of = ["hotline", "web"] }
[across]
"hotline.lines" = [1, 2]
"""
SENSITIVITY = """kind = "sensitivity"
scenario = "classroom"
method = "sobol"
n = 8
replicates = 2
resamples = 100
second_order = false
[vary]
"channels.app.availability" = { from = 0.0, to = 1.0 }
"reporting.b_need" = { from = 0.5, to = 4.0, log = true }
"crews.line.own" = [1, 2, 3]
[groups]
people = ["reporting.b_need", "channels.app.availability"]
"""
ARMS = ("outreach/app-launch", "more crews: crews.line.own=20", "crews.line.own=2,dispatch.policy=pressure",
        "worked/one-fault", 'storm.track=[["2018-10-10", 1, 2, 3, 4]]')  # fmt: skip
QUESTION = {
    "lesson": "", "seed": 7, "by": "minority", "group": "minority", "storms": 2, "household": 3,
    "a": {"changes": ["outreach/app-launch"], "set": {"hotline.lines": 5, "dispatch.policy": "standard"}},
    "b": {"changes": [], "set": {"channels.app.awareness": 0.5, "sensing.knowledge": "perfect"}},
}  # fmt: skip


def csv(table):
    """A table as the bytes of a CSV file."""
    lines = [",".join(table), *(",".join(str(value) for value in row) for row in zip(*table.values(), strict=True))]
    return ("\n".join(lines) + "\n").encode()


def parquet(table):
    """A table, of Python or of Arrow, as the bytes of a Parquet file."""
    out = io.BytesIO()
    pq.write_table(pa.table(table) if isinstance(table, dict) else table, out)
    return out.getvalue()


def graphml():
    """A small grid as the bytes of a GraphML file."""
    graph = networkx.DiGraph()
    for i, name in enumerate(NODES["id"]):
        graph.add_node(name, **{column: values[i] for column, values in NODES.items() if column != "id"})
    for i, name in enumerate(EDGES["id"]):
        ends = EDGES["from_node"][i], EDGES["to_node"][i]
        graph.add_edge(*ends, id=name, kind=EDGES["kind"][i], length_km=EDGES["length_km"][i])
    out = io.BytesIO()
    networkx.write_graphml(graph, out)
    return out.getvalue()


def question():
    """What a browser asks, as bytes."""
    return json.dumps(QUESTION).encode()
