"""How much input is taken, and how far it may reach: every limit once, each with its reason.

A limit lies well above any use that we know of and well below what fills the memory of a laptop or makes somebody wait
for ever; what lies beyond it is refused at once, in one line that names the limit. ``python -m sim.engine.describe
docs`` writes them to ``limits.md``.
"""

from typing import NamedTuple

TEXT_BYTES = 4 * 2**20
TABLE_BYTES = 2**30
UNPACKED_BYTES = 4 * 2**30
GRAPH_BYTES = 64 * 2**20
ROWS = 10_000_000
COLUMNS = 1_000
DEPTH = 32
WHOLE = 2**64
BASES = 16
CHANGES = 1_000
HOUSEHOLDS = 5_000_000
TRACTS = 20_000
FROM_CENTRE_KM = 200.0
AREA_KM2 = 100_000.0
INCOME_USD = 1e12
LINE_KM = 1_000.0
EXPOSURE = 1e6
FACTOR = 20.0
FACILITY_KM = 10.0
TRACK_ROWS = 2_000
TRACK_DAYS = 60.0
REPLICATES = 100_000
SEED = 2**63
LEVELS = 10_000
DISTRICTS = 1_000
SPLIT_INTO = 8
SWEEP_RUNS = 1_000_000
SENSITIVITY_RUNS = 5_000_000
DESIGN_NUMBERS = 100_000_000
HINTS = 20_000
MESSAGE = 2_000
SHOWN = 80


class Limit(NamedTuple):
    """One limit as the documentation lists it."""

    what: str
    most: float
    unit: str
    reason: str


LIMITS = (
    Limit("a scenario, change or study file", TEXT_BYTES, "bytes", "parsing takes half a second per megabyte"),
    Limit("a table, CSV or Parquet", TABLE_BYTES, "bytes", "twice what five million households with all columns take"),
    Limit("a Parquet table, unpacked", UNPACKED_BYTES, "bytes", "a small file can unpack to far more than memory"),
    Limit("a GraphML file", GRAPH_BYTES, "bytes", "parsing takes a minute; node and edge tables are read faster"),
    Limit("rows of a table", ROWS, "rows", "twice the households of the largest city, for its grid"),
    Limit("columns of a table", COLUMNS, "columns", "a census extract has a few hundred"),
    Limit("tables within tables of a TOML file or a request, and parts of a dotted key", DEPTH, "levels",
          "parameters lie four deep"),
    Limit("a whole number, up or down", WHOLE, "", "seeds have 64 bits; no computer counts further without care"),
    Limit("scenarios based on one another", BASES, "files", "nobody can follow a longer chain"),
    Limit("changes on a command line or in an arm", CHANGES, "changes", "there are about 400 parameters"),
    Limit("households of a city; customers of a node", HOUSEHOLDS, "households",
          "about as many as Florida's largest utility serves"),
    Limit("neighbourhoods of a tract table", TRACTS, "rows", "a whole state has about 5,000 tracts"),
    Limit("distance from the city's centre", FROM_CENTRE_KM, "km",
          "crews start at the centre, the earth is taken as flat, and the largest synthetic city reaches 178 km"),
    Limit("area of a city or a tract", AREA_KM2, "km2", "a disc of 178 km radius"),
    Limit("income of a household or a tract", INCOME_USD, "US$/year", "more than anybody's"),
    Limit("districts of a city", DISTRICTS, "districts", "more than any city has substations"),
    Limit("trouble trucks that a line crew splits into", SPLIT_INTO, "trucks", "no crew has more people"),
    Limit("length of a line", LINE_KM, "km", "the longest distribution lines have a few hundred"),
    Limit("exposure of a device", EXPOSURE, "typical devices", "the longest line at the finest `grid.line_km`"),
    Limit("a neighbourhood's factor of failures, repair or travel, and one over it", FACTOR, "",
          "streets differ two- to fivefold; the steepest slope reaches e to the third"),
    Limit("distance of a critical facility from the device that is to feed it", FACILITY_KM, "km",
          "no lateral is longer: the facility lies outside the city"),
    Limit("rows of a storm's track", TRACK_ROWS, "rows", "a fix every hour for twice the longest storm known"),
    Limit("time that a track covers", TRACK_DAYS, "days", "the longest tropical cyclone known lasted 36 days"),
    Limit("replicates, pairs or seeds of a design", REPLICATES, "runs",
          "an interval then is 70 times narrower than with 20"),
    Limit("a seed on the command line or in a study", SEED, "", "replicates count up from it, within 64 bits"),
    Limit("levels of one factor", LEVELS, "levels", "no curve needs more"),
    Limit("runs of a sweep", SWEEP_RUNS, "runs", "days on eight cores for a city of a hundred thousand"),
    Limit("runs of a sensitivity analysis", SENSITIVITY_RUNS, "runs", "large Sobol' designs come near"),
    Limit("points of a design times its factors", DESIGN_NUMBERS, "numbers", "800 MB of memory"),
    Limit("names searched for a nearest spelling", HINTS, "names", "all of a million would take minutes"),
)  # fmt: skip
