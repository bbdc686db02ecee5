"""The page of a run: who waits longer, by how much, and why."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.report import names
from app.report.figures import Wanted
from app.report.folder import Study
from app.report.names import capital, quoted, who
from app.report.numbers import (
    around_zero,
    between,
    change_of_time,
    digits_of,
    exactly,
    is_sure,
    known,
    plain,
    share,
    signed,
    time,
)  # fmt: skip
from app.report.page import Block, Finding, Items, Page, Section, Table, Text

EVERYONE, REPORTERS = "all_affected", "reporters_only"
FEW = 8  # groups; more are folded
LEVELS = (
    ("affected", "households without power", 0),
    ("mean_h", "mean hours out", 1),
    ("median_h", "half are back within (hours)", 1),
    ("p90_h", "nine in ten are back within (hours)", 1),
    ("beyond_72", "out for more than 72 hours", None),
    ("report_rate", "whose report reached the utility", None),
    ("detection_delay_h", "hours until the utility knows", 1),
)


COSTS = {
    "cost: total": "cost to city and utility", "cost: outreach": "of it for outreach",
    "cost: residents": "cost to residents",
}  # fmt: skip


class Gap(NamedTuple):
    """A difference between a group and the one it is compared with."""

    by: str
    group: str
    reference: str
    value: float | None
    low: float | None
    high: float | None
    parts: dict[str, Mapping[str, Any]]  # by measure, the rows of the split
    seen: Mapping[str, Any] | None  # the same gap among those who reported


def page(study: Study) -> Page:
    """Compose the page."""
    found = study.summary
    groups = [grouping for grouping in found["groupings"] if grouping["by"] != "all"]
    gaps = {grouping["by"]: gaps_of(grouping) for grouping in groups}
    name = study.made["scenario"]["name"]
    main = _main(next(iter(gaps.values()))) if gaps else None
    against = f" {capital(who(main.by, main.group))} and {who(main.by, main.reference)}" if main else ""
    return Page(
        title=f"Who waits longer for power in {quoted(name)}?{against}",
        subtitle=f"{_replicates(found)} of one storm, simulated household by household",
        answer=answer(found, gaps),
        asked=_asked(study),
        sections=[
            Section("who", "Who waits longer, and by how much", _who(groups, gaps)),
            Section("why", "Why: the four parts of the wait", _why(gaps)),
            Section("city", "The whole city", _city(found)),
            Section("notes", "What to bear in mind", [Items(_notes(found, gaps))]),
        ],
    )


def _replicates(found: Mapping[str, Any]) -> str:
    return "1 replay" if found["replicates"] == 1 else f"{found['replicates']} replays"


def gaps_of(grouping: Mapping[str, Any]) -> list[Gap]:
    """The gaps of one grouping, in the order of its groups."""
    rows = {p: _by_group(grouping[p]["gaps"]) for p in (EVERYONE, REPORTERS)}
    found = []
    for group, measures in rows[EVERYONE].items():
        mean = measures["mean_h"]
        parts = {name: measures[name] for name in names.PARTS}
        seen = rows[REPORTERS].get(group, {}).get("mean_h")
        bounds = mean["gap"], mean["gap_low"], mean["gap_high"]
        found.append(Gap(grouping["by"], group, grouping["reference"], *bounds, parts, seen))
    return found


def _by_group(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["group"], {})[row["measure"]] = row
    return found


def answer(found: Mapping[str, Any], gaps: Mapping[str, Sequence[Gap]]) -> list[Finding]:
    """The headline for the first grouping, its reason, the other groupings, and the whole city."""
    told = []
    for rows in gaps.values():
        main = _main(rows)
        if main:
            why = [because(main)] if known(main.low) else []
            told.append(Finding(sentence(main), [*why, *([_of_many(rows)] if len(rows) > 1 else [])]))
    return [*told, Finding(_half(found["whole_city"]))]


def _main(rows: Sequence[Gap]) -> Gap | None:
    """The gap that stands for its grouping."""
    if not rows:
        return None
    first = names.first_group(rows[0].by, [gap.group for gap in rows])
    return next(gap for gap in rows if gap.group == first)


def sentence(gap: Gap) -> str:
    """Who waits longer, by how much, and how sure that is; no more than the interval allows."""
    us, them = who(gap.by, gap.group), who(gap.by, gap.reference)
    if gap.value is None:
        return f"{capital(us)} cannot be compared with {them}: nobody is in one of the two groups."
    if not known(gap.low):
        way = "longer" if gap.value > 0.0 else "less"
        return (
            f"In this one replay {us} waited {time(gap.value)} {way} than {them}; one replay cannot tell chance from "
            "a pattern."
        )
    assert gap.low is not None
    assert gap.high is not None
    if is_sure(gap.low, gap.high):
        amount, interval = change_of_time(gap.value, gap.low, gap.high)
        longer = "longer" if gap.value > 0.0 else "less long"
        return f"{capital(us)} wait {longer} for power than {them}: {amount} on average ({interval})."
    if gap.low == gap.high == 0.0:
        return f"{capital(us)} and {them} wait equally long in every replay."
    return (
        f"We cannot tell whether {us} wait longer for power than {them}: on average "
        f"{around_zero(gap.low, gap.high, 'less', 'more')} would fit the results (95 % interval)."
    )


def because(gap: Gap) -> str:
    """Which part of the wait makes the gap; nothing is named that the interval does not bear out."""
    sure = {n: row for n, row in gap.parts.items() if is_sure(row["gap_low"], row["gap_high"])}
    if not is_sure(gap.low, gap.high) and not sure:
        return (
            "No part of the wait, from the outage to the repair, differs between the two groups beyond chance either."
        )
    if not sure:
        return "No single part of the wait can be made out as the reason: each may be zero."
    name, row = max(sure.items(), key=lambda item: abs(item[1]["gap"]))
    amount, interval = change_of_time(row["gap"], row["gap_low"], row["gap_high"])
    way = "longer" if row["gap"] > 0.0 else "shorter"
    told = f"{names.PARTS[name][2]} is {amount} {way} for {who(gap.by, gap.group)} ({interval})"
    assert gap.value is not None
    mostly = is_sure(gap.low, gap.high) and row["gap"] * gap.value > 0.0 and abs(row["gap"]) >= abs(gap.value) / 2.0
    return f"Mostly because {told}." if mostly else f"The part that differs most: {told}."


def _of_many(rows: Sequence[Gap]) -> str:
    sure = sum(is_sure(gap.low, gap.high) for gap in rows)
    them = who(rows[0].by, rows[0].reference)
    return f"Of {len(rows)} groups by {names.grouping(rows[0].by)}, {sure or 'none'} can be told apart from {them}."


def _half(city: Mapping[str, Mapping[str, Any]]) -> str:
    half, most = city["T50"]["mean"], city["T90"]["mean"]
    if half is None:
        return "Half of those who lost power do not have it back by the end of the run, or nobody lost it."
    text = f"Of all who lost power, half have it back within {half:.0f} hours"
    return f"{text} and nine in ten within {most:.0f} hours." if most is not None else f"{text}."


def _asked(study: Study) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    chance = "Chance decides anew each time which lines break and who happens to report."
    fixed = [f"the {name}" for name in ("world", "storm") if len({s[name] for s in found["seeds"]}) == 1]
    if found["replicates"] > 1 and fixed:
        held = " and ".join(fixed).replace("world", "city")
        chance = f"Chance decides anew each time, except for {held}, held fixed."
    blocks: list[Block] = [
        Text(
            "After a storm, who waits longer for power, by how many hours, how sure is that, and why? A computer model "
            f"played the storm {_replicates(found).replace('replays', 'times').replace('1 replay', 'once')}, for every "
            f"household of {quoted(scenario['name'])}. {chance}"
        )
    ]
    blocks += [Text(f"{quoted(scenario['name'])}: {scenario['summary']}.")] if scenario["summary"] else []
    blocks += [Text(scenario["description"])] if scenario["description"] else []
    if found["changes"]:
        changes = [f"{path} = {exactly(value)}" for path, value in found["changes"].items()]
        blocks += [Text("Changed for this study:"), Items(changes)]
    return blocks


def _who(groups: Sequence[Mapping[str, Any]], gaps: Mapping[str, Sequence[Gap]]) -> list[Block]:
    blocks: list[Block] = []
    for grouping in groups:
        by, them = grouping["by"], who(grouping["by"], grouping["reference"])
        rows = gaps[by]
        digits = digits_of([(g.value, g.low, g.high) for g in rows])
        cells = [
            (who(by, g.group), signed(g.value, digits), between(g.low, g.high, digits), verdict(g.low, g.high))
            for g in rows
        ]
        heads = ("group", "hours waited beyond them", "95 % interval", "what can be said")
        fold = f"All {len(rows)} groups by {names.grouping(by)}" if len(rows) > FEW else ""
        blocks.append(Table(f"Mean hours without power, compared with {them}", heads, cells, (3,), fold))
        blocks.append(_levels(grouping))
        blocks += [Text(line) for line in [_seen(rows)] if line]
    return blocks


def verdict(low: float | None, high: float | None, less: str = "waits less", more: str = "waits longer") -> str:
    """What an interval allows to say."""
    if low is None or high is None:
        return "one replay: cannot be told"
    if low == high == 0.0:
        return "no difference"
    return (more if low > 0.0 else less) if is_sure(low, high) else "cannot be told"


def _levels(grouping: Mapping[str, Any]) -> Table:
    by = grouping["by"]
    rows = []
    for group, measures in _by_group(grouping[EVERYONE]["levels"]).items():
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


def _why(gaps: Mapping[str, Sequence[Gap]]) -> list[Block]:
    blocks: list[Block] = [
        Text(
            "A wait has four parts: until the utility knows of the outage; until a crew sets off; until it has "
            "repaired the fault; and, for some, behind another fault further up the line. The parts sum to the gap."
        )
    ]
    for by, rows in gaps.items():
        main = [gap for gap in rows if gap.group == names.first_group(by, [g.group for g in rows])]
        shown = main if len(rows) > FEW else [*main, *(gap for gap in rows if gap not in main)]
        blocks += [_parts(gap, folded=place > 0) for place, gap in enumerate(shown)]
    return blocks


def _parts(gap: Gap, folded: bool) -> Table:
    bounds = [(row["gap"], row["gap_low"], row["gap_high"]) for row in gap.parts.values()]
    whole = (gap.value, gap.low, gap.high)
    digits = digits_of([whole, *bounds])
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


def _three(value: float | None, low: float | None, high: float | None, digits: int) -> tuple[str, str, str]:
    return signed(value, digits), between(low, high, digits), verdict(low, high, "shorter", "longer")


def _city(found: Mapping[str, Any]) -> list[Block]:
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


def _notes(found: Mapping[str, Any], gaps: Mapping[str, Sequence[Gap]]) -> list[str]:
    count = sum(len(rows) for rows in gaps.values())
    lines = [str(note) for note in found["notes"]]
    if count > 1 and found["replicates"] > 1:
        lines.append(
            f"{count} groups were looked at, each with an interval of its own: of twenty intervals, one misses its "
            "true value on average."
        )
    lines.append("The intervals cover chance only, not doubt about the assumptions below.")
    return lines


def wanted(study: Study) -> dict[str, list[Wanted]]:
    """The figures of each section."""
    groupings = [g["by"] for g in study.summary["groupings"]]
    labels = {by: by.replace(",", "-and-") for by in groupings}
    maps = list(dict.fromkeys(a for by in groupings for a in by.split(",") if a not in ("all", "neighbourhood")))
    return {
        "who": [
            Wanted(f"survival-{labels[by]}", f"How many still wait, hour by hour, by {names.grouping(by)}. The lower "
                   "a line, the sooner that group is back.") for by in groupings
        ],
        "city": [
            *(Wanted(f"outage-{labels[by]}", f"Households without power over time, by {names.grouping(by)}")
              for by in groupings),
            *(Wanted(f"map-{a}", f"Where people wait long, and where they live: {names.grouping(a)} (first replay)")
              for a in maps or ["minority"]),
            Wanted("grid", "The lines of the city and where the storm broke them (first replay)"),
        ],
    }  # fmt: skip
