"""The simulated storm against the observed one, its last day, and the slope of hours by social vulnerability."""

from evidence.reading import (
    CITY,
    VOICES,
    Get,
    change,
    grid,
    level,
    voiced,
)
from sim import load
from sim.world.contrast import FACTORS

SLOPES = {"lines overhead": "place.overhead_by_svi"} | {
    name.replace("_factor", "").replace("_", " "): path for name, path in FACTORS.items()
}
SLOPE = "svi:all:slope"
OWN_TRACTS = "own tracts"  # the default city with a tract table of the user's own


def storm(get: Get) -> list[str]:
    """Counts of customers out, quantiles and totals, simulated and observed."""
    observed = load(CITY).observed
    wanted = {  # words: name of a number, factor, digits, what was observed
        f"customers out at {hour:g} h": (f"out:{hour:g}:customers", 1.0, 0, f"{count:,}")
        for hour, count in zip(observed["time_h"], observed["customers_out"], strict=True)
    }
    wanted |= {
        f"hours until {percent} % are back": (f"back:{percent}:h", 1.0, 1, f"{hours:g}")
        for percent, hours in observed["quantiles_h"].items()
    }
    wanted |= {
        "customer-hours, millions": ("all:all:customer_hours", 1e-6, 2, f"{observed['customer_hours'] / 1e6:g}"),
        "faults for 1,000 affected": ("all:all:faults_per_1000", 1.0, 1, "17 to 34 jobs in six storms"),
        "customers out for an open order, at 24 h": ("orders:24:customers", 1.0, 0, "123 (same city, another storm)"),
        "customers out for an open order, at 96 h": ("orders:96:customers", 1.0, 1, "under 10 in the tail"),
        "contacts for a customer out": ("contacts:all:per_customer", 1.0, 2, "0.65 to 2.0 over a storm"),
        "cost for a customer out, US$": ("cost:total:per_customer", 1.0, 0, "124 to 185 claimed"),
    }
    rows = [
        [words, *(level(factor * get(voiced(voice), name), digits) for voice in VOICES), said]
        for words, (name, factor, digits, said) in wanted.items()
    ]
    return grid(["", *VOICES, "observed"], rows)


def last_day(get: Get) -> list[str]:
    """What is left to repair at the end."""
    rows = [
        [voice, level(get(voiced(voice), "last:day:faults"), 0),
         level(100.0 * get(voiced(voice), "last:day:single_share"), 0)]
        for voice in VOICES
    ]  # fmt: skip
    return grid(["voice", "faults", "of a single customer, %"], rows)


def by_place(get: Get) -> list[str]:
    """Slopes in the made city, with one column of place at a time and with all."""
    none = dict.fromkeys(SLOPES.values(), 0.0)
    all_of_them = {path: load("contrast")[path] for path in SLOPES.values()}
    cases = {"none": none, **{name: {**none, path: all_of_them[path]} for name, path in SLOPES.items()}}
    rows = []
    for voice in VOICES:
        base = get(voiced(voice, none), SLOPE, "contrast")
        for name, patch in {**cases, "all": all_of_them}.items():
            found = get(voiced(voice, patch), SLOPE, "contrast")
            rows.append([voice, name, level(found, 2), change(found - base) if name != "none" else ""])
    return grid(["voice", "what differs in `contrast`", "slope, % a decile", "change"], rows)


def own_tracts(get: Get) -> list[str]:
    """Slopes in a city with a tract table of one's own, without and with the slopes of the made city."""
    slopes = {path: load("contrast")[path] for path in SLOPES.values()}
    rows = []
    for voice in VOICES:
        base = get(voiced(voice), SLOPE, OWN_TRACTS)
        found = get(voiced(voice, slopes), SLOPE, OWN_TRACTS)
        rows += [
            [voice, "nothing", level(base, 2), ""],
            [voice, "as in `contrast`", level(found, 2), change(found - base)],
        ]
    return grid(["voice", "what differs by vulnerability", "slope, % a decile", "change"], rows)
