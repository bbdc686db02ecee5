"""The tables of the page of a run: who waits longer, what each gap is made of, the city as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.contrasts.multiplicity import told_apart
from app.report import names
from app.report.names import capital, who
from app.report.numbers import (
    between,
    digits_of,
    known,
    plain,
    share,
    signed,
)  # fmt: skip
from app.report.page import Block, Table, Text
from app.report.run_words import EVERYONE, Gap, by_group
from app.together import TOGETHER
from sim.core.cost_items import RESIDENTS, WORDS

FEW = 8  # groups; more are folded
LEVELS = (
    ("affected", "households without power", 0),
    ("mean_h", "mean hours out", 1),
    ("median_h", "half are back within (hours)", 1),
    ("p90_h", "nine in ten are back within (hours)", 1),
    ("beyond_72", "out for more than 72 hours", None),
    ("report_rate", "whose report reached the utility", None),
    ("detection_delay_h", "hours until the utility knows", 1),
    ("false_closure_rate", "closed in error while dark", None),
)


COSTS = {
    "cost: total": WORDS["total"], "cost: outreach": "of it for outreach",
    "cost: outlay": f"{WORDS['outlay']}, devices and meters in full", "cost: residents": WORDS[RESIDENTS],
}  # fmt: skip


def who_waits(groups: Sequence[Mapping[str, Any]], gaps: Mapping[str, Sequence[Gap]], refused: str) -> list[Block]:
    """What each group went through, and its gap; the first alone where nothing may be claimed."""
    if refused:
        return [Text(refused), *map(_levels, groups)]
    blocks: list[Block] = []
    for grouping in groups:
        by, them = grouping["by"], who(grouping["by"], grouping["reference"])
        rows = gaps[by]
        digits = digits_of([(g.value, g.low, g.high) for g in rows])
        cells = [
            (who(by, g.group), signed(g.value, digits), between(g.low, g.high, digits),
             between(g.low_together, g.high_together, digits), verdict(g.low, g.high, g.p_holm)) for g in rows
        ]  # fmt: skip
        heads = ("group", "hours waited beyond them", "95 % interval", TOGETHER, "what can be said")
        fold = f"All {len(rows)} groups by {names.grouping(by)}" if len(rows) > FEW else ""
        blocks.append(Table(f"Mean hours without power, compared with {them}", heads, cells, (4,), fold))
        blocks.append(_levels(grouping))
        blocks += [Text(line) for line in [_seen(rows)] if line]
    return blocks


def verdict(
    low: float | None, high: float | None, p_holm: float | None, less: str = "waits less", more: str = "waits longer"
) -> str:
    """What an interval allows to say, together with those looked at beside it."""
    if low is None or high is None:
        return "cannot be told"
    if low == high == 0.0:
        return "no difference"
    return (more if low > 0.0 else less) if told_apart(p_holm) else "cannot be told"


def _levels(grouping: Mapping[str, Any]) -> Table:
    by = grouping["by"]
    rows = []
    for group, measures in by_group(grouping[EVERYONE]["levels"]).items():
        cells = [_level(measures.get(name), digits) for name, _, digits in LEVELS]
        rows.append((who(by, group), *cells))
    heads = ("group", *(head for _, head, _ in LEVELS))
    fold = f"What {len(rows)} groups went through" if len(rows) > FEW else ""
    return Table(f"What each group went through, by {names.grouping(by)}; means over replays", heads, rows, (), fold)


def _level(row: Mapping[str, Any] | None, digits: int | None) -> str:
    value = row["mean"] if row else None
    return share(value) if digits is None else plain(value, digits)


def _seen(rows: Sequence[Gap]) -> str:
    """What the gap would look like to somebody who has only the reports."""
    gap = rows[0] if rows else None
    if gap is None or gap.seen is None or not known(gap.seen["gap"]):
        return ""
    low, high = gap.seen["gap_low"], gap.seen["gap_high"]
    digits = digits_of([(0.0, low, high)])
    bounds = f", 95 % interval {between(low, high, digits)} hours" if known(low) else ""
    return (
        f"Seen only through the reports that reached the utility, the gap of {who(gap.by, gap.group)} would read "
        f"{signed(gap.seen['gap'], digits)} hours{bounds}. Those who never report stay out of such a count."
    )


def why(gaps: Mapping[str, Sequence[Gap]], refused: str) -> list[Block]:
    """The parts of each gap; none where nothing may be claimed."""
    if refused:
        return [Text(refused)]
    blocks: list[Block] = [
        Text(
            "A wait has five parts: until the utility knows of the outage; until a crew sets off; while it drives "
            "there and looks for the fault; for some, until an electrician has mended what the household owns; and the "
            "repair. The parts sum to the gap."
        )
    ]
    for by, rows in gaps.items():
        main = [gap for gap in rows if gap.group == names.first_group(by, [g.group for g in rows])]
        shown = main if len(rows) > FEW else [*main, *(gap for gap in rows if gap not in main)]
        blocks += [_parts(gap, folded=place > 0) for place, gap in enumerate(shown)]
    return blocks


def _parts(gap: Gap, folded: bool) -> Table:
    bounds = [(row["gap"], row["gap_low"], row["gap_high"], row["p_holm"]) for row in gap.parts.values()]
    whole = (gap.value, gap.low, gap.high, gap.p_holm)
    digits = digits_of([three[:3] for three in (whole, *bounds)])
    rows = [
        (f"{capital(names.PARTS[n][0])}: {names.PARTS[n][1]}", *_three(*b, digits))
        for n, b in zip(gap.parts, bounds, strict=True)
    ]
    rows.append(("Together: the gap in mean hours out", *_three(*whole, digits)))
    them = who(gap.by, gap.reference)
    caption = f"Where the gap comes from: {who(gap.by, gap.group)}, compared with {them}"
    fold = caption if folded else ""
    return Table(
        caption, ("part of the wait", "difference in hours", "95 % interval", "what can be said"), rows, (3,), fold
    )


def _three(
    value: float | None, low: float | None, high: float | None, p_holm: float | None, digits: int
) -> tuple[str, str, str]:
    return signed(value, digits), between(low, high, digits), verdict(low, high, p_holm, "shorter", "longer")


def city_table(found: Mapping[str, Any]) -> list[Block]:
    city = found["whole_city"]
    rows = [
        (f"{q} of 100 affected households have power again after (hours)", *_city_cells(city[f"T{q}"], 1))
        for q in (50, 75, 90, 95)
    ]
    rows.append(("household-hours without power, summed", *_city_cells(city["customer-hours"], 0)))
    rows += [(f"{head} (US$)", *_city_cells(city[name], 0)) for name, head in COSTS.items() if name in city]
    blocks: list[Block] = [Table("The whole city", ("", "mean", "95 % interval"), rows)]
    blocks += [Text(str(line)) for line in found.get("outreach", ())]
    seen = [
        (row["measure"], plain(row["simulated"]["mean"]), plain(row["observed"]), _off(row))
        for row in found["observed"]
    ]
    if seen:
        blocks.append(Table("The model against what was observed", ("", "simulated", "observed", "difference"), seen))
    return blocks


def _city_cells(row: Mapping[str, Any], digits: int) -> tuple[str, str]:
    low, high = row["low"], row["high"]
    return plain(row["mean"], digits), f"{plain(low, digits)} to {plain(high, digits)}" if known(low) else "none"


def _off(row: Mapping[str, Any]) -> str:
    value, seen = row["simulated"]["mean"], row["observed"]
    return f"{100 * (value / seen - 1):+.0f} %" if known(value) and seen else "–"
