"""The tables of the page of a run: who waits longer, what each group went through, and what each gap is made of."""

from collections.abc import Mapping, Sequence

from analysis.contrasts.multiplicity import told_apart
from analysis.measures.table import OF_GROUPS
from app.pages.doubt import cells as parts_of_doubt
from app.pages.doubt import heads as heads_of_doubt
from app.pages.page import Block, Row, Table, Text
from app.pages.run_words import EVERYONE, REPORTERS, Gap, by_group, main_gap, seen
from app.say import names
from app.say.names import capital, who
from app.say.numbers import NONE, between, digits_of, known, plain, signed
from app.say.together import TOGETHER, with_p

FEW = 8  # groups; more are folded, each a row
OWNER, CENSORED, INTERVAL, SAID = "owner_h", "censored_share", "95 % interval", "what can be said"
OF_GAP = "gap_"
NUMBERS = {4: "four", 5: "five"}
LEVELS = tuple((m.name, m.plain, None if m.is_share else m.digits) for m in OF_GROUPS if m.plain)
ALONE = {EVERYONE: "", REPORTERS: ", counting those alone whose report reached the utility"}


def who_waits(groupings: Sequence[Row], gaps: Mapping[str, Sequence[Gap]], refused: str) -> list[Block]:
    """What each group went through, and its gap; the first alone where nothing may be claimed."""
    blocks: list[Block] = [Text(refused)] if refused else []
    for grouping in groupings:
        rows = gaps.get(grouping["by"], ())
        main = None if refused else main_gap(rows)
        if main is None:
            blocks += [_levels(grouping, population) for population in (EVERYONE, REPORTERS)]
            continue
        blocks.append(_gaps(rows))
        if len(rows) > 1:
            blocks += [_levels(grouping, population) for population in (EVERYONE, REPORTERS)]
        blocks += [_beside(grouping, main, population, len(rows) > 1) for population in (EVERYONE, REPORTERS)]
        blocks += [Text(line) for line in [seen(main)] if line]
    return blocks


def _gaps(rows: Sequence[Gap]) -> Table:
    """The gap of each group in mean hours out; of several, with what holds together and what reports alone show."""
    by, them, many = rows[0].by, who(rows[0].by, rows[0].reference), len(rows) > 1
    together = any(gap.row["looked_at"] > 1 for gap in rows)
    digits = digits_of([(gap.value, gap.low, gap.high) for gap in rows])
    cells = [
        (who(by, gap.group), signed(gap.value, digits), between(gap.low, gap.high, digits),
         *parts_of_doubt(gap.row, digits, OF_GAP),
         *([between(gap.low_together, gap.high_together, digits)] if together else []),
         with_p(verdict(gap.low, gap.high, gap.p_holm), gap.row),
         *([_ratio(gap.row)[0], *_difference(gap.seen, 1.0)] if many else [])) for gap in rows
    ]  # fmt: skip
    heads = ["group", "hours waited beyond them", INTERVAL, *heads_of_doubt([gap.row for gap in rows], OF_GAP)]
    heads += [*([TOGETHER] if together else []), SAID]
    heads += ["ratio", "as their reports alone show it", INTERVAL] if many else []
    fold = f"All {len(rows)} groups by {names.grouping(by)}" if len(rows) > FEW else ""
    return Table(f"Mean hours without power, compared with {them}", heads, cells, (heads.index(SAID),), fold)


def verdict(
    low: float | None, high: float | None, p_holm: float | None, less: str = "waits less", more: str = "waits longer"
) -> str:
    """What an interval allows to say, together with those looked at beside it."""
    if low is None or high is None:
        return "cannot be told"
    if low == high == 0.0:
        return "no difference"
    return (more if low > 0.0 else less) if told_apart(p_holm) else "cannot be told"


def _levels(grouping: Row, population: str) -> Table:
    """Means over replays, a measure a row; of many groups, a group a row."""
    by, groups = grouping["by"], by_group(grouping[population]["levels"])
    measures = _told(list(groups.values()))
    cells = [[_label(words, digits), *(_level(groups[g], name, digits) for g in groups)]
             for name, words, digits in measures]  # fmt: skip
    heads = ["measure", *(who(by, group) for group in groups)]
    if len(groups) > FEW:
        cells, heads = [list(row) for row in zip(heads[1:], *(row[1:] for row in cells), strict=True)], [
            "group", *(row[0] for row in cells)]  # fmt: skip
    caption = f"What each group went through, by {names.grouping(by)}{ALONE[population]}; means over replays"
    return Table(caption, heads, cells, (), caption if len(groups) > FEW or population != EVERYONE else "")


def _told(groups: Sequence[Mapping[str, Row]]) -> list[tuple[str, str, int | None]]:
    """The measures to tell of some groups; that somebody is still out only where somebody is."""
    some_are_out = any((group[CENSORED]["mean"] or 0.0) > 0.0 for group in groups)
    return [measure for measure in LEVELS if measure[0] != CENSORED or some_are_out]


def _label(words: str, digits: int | None) -> str:
    return f"{words} (%)" if digits is None else words


def _level(measures: Mapping[str, Row], name: str, digits: int | None) -> str:
    value = measures[name]["mean"]
    return plain(100.0 * value if digits is None and known(value) else value, 1 if digits is None else digits)


def _beside(grouping: Row, gap: Gap, population: str, folded: bool) -> Table:
    """Every measure of the group whose gap stands for the grouping, beside the group that it is compared with."""
    levels, gaps = (by_group(grouping[population][what]) for what in ("levels", "gaps"))
    us, them = who(gap.by, gap.group), who(gap.by, gap.reference)
    measures = _told([levels[name] for name in (gap.group, gap.reference) if name in levels])
    if population == REPORTERS:
        measures += [(name, names.PARTS[name][2].removesuffix(",") + " (hours)", 1) for name in gap.parts]
    cells = []
    for name, words, digits in measures:
        row = gaps.get(gap.group, {}).get(name)
        if name == "affected" or (name == "report_rate" and population == REPORTERS):  # a count, and by definition
            row = None
        here = [_level(levels[g], name, digits) if g in levels else NONE for g in (gap.group, gap.reference)]
        cells.append((_label(words, digits), *here, *_difference(row, 100.0 if digits is None else 1.0), *_ratio(row)))
    caption = f"{capital(us)} beside {them}{ALONE[population]}; means over replays"
    heads = ("measure", us, them, "difference", INTERVAL, "ratio", INTERVAL)
    return Table(caption, heads, cells, (), caption if folded or population != EVERYONE else "")


def _difference(row: Row | None, factor: float) -> tuple[str, str]:
    if row is None:
        return NONE, NONE
    gap, low, high = (factor * row[n] if known(row[n]) else None for n in ("gap", "gap_low", "gap_high"))
    digits = digits_of([(gap, low, high)])
    return signed(gap, digits), between(low, high, digits)


def _ratio(row: Row | None) -> tuple[str, str]:
    """A ratio with its interval; none where the reference was 0 in some run, for the other runs would mislead."""
    if row is None or row["ratio_runs"] < row["runs"]:
        return NONE, NONE
    low, high = row["ratio_low"], row["ratio_high"]
    return plain(row["ratio"], 2), f"{plain(low, 2)} to {plain(high, 2)}" if known(low) else "none"


def parts_of(groupings: Sequence[Row]) -> list[str]:
    """The parts of a wait; without the wait for owners where nobody waits for one."""
    rows = [row for grouping in groupings for row in grouping[EVERYONE]["levels"] if row["measure"] == OWNER]
    waits = any((row["mean"] or 0.0) > 0.0 for row in rows)
    return [name for name in names.PARTS if waits or name != OWNER]


def why(gaps: Mapping[str, Sequence[Gap]], told: Sequence[str]) -> list[Block]:
    """The parts of each gap."""
    owner = "for some, until an electrician has mended what the household owns; " if OWNER in told else ""
    blocks: list[Block] = [
        Text(
            f"A wait has {NUMBERS[len(told)]} parts: until the utility knows of the outage; until a crew sets off; "
            f"while it drives there and looks for the fault; {owner}and the repair. The parts sum to the gap."
        )
    ]
    for rows in gaps.values():
        main = main_gap(rows)
        if main is None:
            continue
        blocks.append(_parts(main, told))
        if len(rows) > 1:
            blocks.append(_all_parts(rows, told))
        others = [gap for gap in rows if gap is not main and len(rows) <= FEW]
        blocks += [_parts(gap, told, folded=True) for gap in others]
    return blocks


def _parts(gap: Gap, told: Sequence[str], folded: bool = False) -> Table:
    bounds = {name: (row["gap"], row["gap_low"], row["gap_high"], row["p_holm"]) for name, row in gap.parts.items()}
    whole = (gap.value, gap.low, gap.high, gap.p_holm)
    digits = digits_of([whole[:3], *(bounds[name][:3] for name in told)])
    rows = [
        (f"{capital(names.PARTS[name][0])}: {names.PARTS[name][1]}", *_three(*bounds[name], digits)) for name in told
    ]  # fmt: skip
    rows.append(("Together: the gap in mean hours out", *_three(*whole, digits)))
    caption = f"Where the gap comes from: {who(gap.by, gap.group)}, compared with {who(gap.by, gap.reference)}"
    heads = ("part of the wait", "difference in hours", INTERVAL, SAID)
    return Table(caption, heads, rows, (3,), caption if folded else "")


def _three(
    value: float | None, low: float | None, high: float | None, p_holm: float | None, digits: int
) -> tuple[str, str, str]:
    return signed(value, digits), between(low, high, digits), verdict(low, high, p_holm, "shorter", "longer")


def _all_parts(rows: Sequence[Gap], told: Sequence[str]) -> Table:
    """The parts of the gaps of all groups, a group a row."""
    bounds = [[row[n] for n in ("gap", "gap_low", "gap_high")] for gap in rows for row in gap.parts.values()]
    digits = digits_of([*bounds, *((gap.value, gap.low, gap.high) for gap in rows)])
    by, them = rows[0].by, who(rows[0].by, rows[0].reference)
    cells = [
        (who(by, gap.group), *(signed(gap.parts[name]["gap"], digits) for name in told), signed(gap.value, digits))
        for gap in rows
    ]  # fmt: skip
    caption = f"The parts of every gap in hours, compared with {them}"
    heads = ("group", *(names.PARTS[name][0] for name in told), "together")
    return Table(caption, heads, cells, (), caption if len(rows) > FEW else "")
