"""The whole city on the page of a run: when power is back, the bill, whom outreach reached, and what was observed."""

from collections.abc import Sequence

from analysis.measures.table import MEASURES, Measure
from app.pages.page import Block, Row, Table, Text
from app.say.names import grouping, who
from app.say.numbers import digits_of, dollars, known, plain, share
from sim.core.cost_items import RESIDENTS, WORDS

COST, CENSORED, OUTREACH = "cost: ", "censored share", "cost: outreach"
IN_RUN = {measure.in_run: measure for measure in MEASURES if measure.in_run}
COSTS = {
    f"{COST}total": WORDS["total"],
    OUTREACH: "of it for outreach",
    f"{COST}outlay": f"{WORDS['outlay']}, devices and meters in full",
    f"{COST}residents": WORDS[RESIDENTS],
}


def city_table(found: Row) -> list[Block]:
    """Times, hours and bill, with intervals; then outreach, and the model against what was observed."""
    city = found["whole_city"]
    rows = [(words_of(name), *_cells(name, row)) for name, row in city.items() if name != CENSORED and COST not in name]
    shown = [name for name in COSTS if name in city and (name != OUTREACH or city[name]["mean"])]
    rows += [(COSTS[name], dollars(city[name]["mean"]), _dollars_between(city[name])) for name in shown]
    blocks: list[Block] = [Table("Power back, hours without it, and the bill", ("", "mean", "95 % interval"), rows)]
    blocks += [Text(line) for line in map(_reached, found["outreach"].items()) if line]
    return blocks + _fits(found["observed"])


def words_of(name: str) -> str:
    """What a row of the whole city says; of a grouping, which one."""
    measure, by = _measure(name)
    words = f"{measure.plain} (%)" if measure.is_share else measure.plain
    return f"{words}, by {grouping(by)}" if by else words


def _measure(name: str) -> tuple[Measure, str]:
    """What is measured, and the grouping that it is of."""
    kind, _, by = name.partition(": ")
    return IN_RUN[kind], by


def _cells(name: str, row: Row) -> tuple[str, str]:
    measure, _ = _measure(name)
    mean, low, high = (measure.factor * row[n] if known(row[n]) else None for n in ("mean", "low", "high"))
    digits = measure.digits and digits_of([(mean, low, high)], measure.digits)
    shown = plain(mean, digits) if known(mean) or "not reached" not in row["note"] else "not reached"
    return shown, f"{plain(low, digits)} to {plain(high, digits)}" if known(low) else "none"


def _dollars_between(row: Row) -> str:
    low, high = row["low"], row["high"]
    return f"{'-' if low < 0.0 else ''}{dollars(low)} to {dollars(high)}" if known(low) else "none"


def _reached(item: tuple[str, Sequence[Row]]) -> str:
    """Whom outreach reached and who took it in, by one grouping; "" without outreach."""
    by, rows = item
    parts = [f"{share(r['reached'])} of {who(by, r['group'])} ({share(r['taken_in'], 1)} took it in)" for r in rows]
    return f"Outreach reached {', '.join(parts)}." if parts else ""


def _fits(rows: Sequence[Row]) -> list[Block]:
    """Each observed figure beside the simulated one; none where nothing was observed."""
    cells = [
        (words_of(r["measure"]), *_cells(r["measure"], r["simulated"]),
         plain(r["observed"], IN_RUN[r["measure"]].digits), _off(r["simulated"]["mean"], r["observed"]))
        for r in rows
    ]  # fmt: skip
    heads = ("", "simulated", "95 % interval", "observed", "difference")
    return [Table("The model against what was observed", heads, cells)] if cells else []


def _off(value: float | None, seen: float) -> str:
    return f"{100 * (value / seen - 1):+.0f} %" if value is not None and known(value) and seen else "–"
