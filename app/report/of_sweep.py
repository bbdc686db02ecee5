"""The page of a sweep: what each factor does to each outcome."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.contrasts.multiplicity import told_apart
from app.report.figures import Wanted
from app.report.folder import Study
from app.report.names import capital, gap_pair, quoted
from app.report.numbers import (
    between,
    change_of_time,
    digits_of,
    exactly,
    plain,
    signed,
)  # fmt: skip
from app.report.page import Block, Finding, Items, Page, Section, Table, Text
from app.together import TOGETHER
from experiments.outcome_names import file_stem, is_gap, words

Row = Mapping[str, Any]
MOST_TOLD = 3  # changes of the first outcome in the answer


def page(study: Study) -> Page:
    """Compose the page."""
    found = study.summary
    seeds = "one storm" if found["replicates"] == 1 else f"the same {found['replicates']} storms"
    return Page(
        title=f"What makes a difference in {quoted(study.made['scenario']['name'])}? Study {quoted(found['study'])}",
        subtitle=f"{found['points']:,} variants, each played through {seeds}; baseline: {found['reference']}",
        answer=answer(found),
        asked=_asked(study),
        sections=[
            *(_section(found, outcome, place) for place, outcome in enumerate(found["outcomes"])),
            Section("notes", "What to bear in mind", [Items(_notes(found))]),
        ],
    )


def anchor(place: int) -> str:
    """Name of the section of an outcome."""
    return f"outcome-{place + 1}"


def answer(found: Row) -> list[Finding]:
    """The surest findings on the first outcome, then how much there is on the others."""
    if not found["outcomes"]:
        return [Finding("Nothing was measured.")]
    return [_finding(outcome, MOST_TOLD if place == 0 else 1) for place, outcome in enumerate(found["outcomes"])]


def _finding(outcome: Row, most: int) -> Finding:
    if outcome["claims_nothing"]:
        return Finding(f"{capital(subject(outcome))}. {outcome['refused']}")
    sure, count = sure_changes(outcome), len(told(outcome))
    lines = [sentence(outcome, row) for row in sure[:most]]
    lines += [f"{len(sure) - most} more stand below."] if len(sure) > most else []
    lines += [outcome["refused"]] if outcome["refused"] else []
    return Finding(_headline(outcome, sure, count), lines)


def ends(outcome: Row) -> list[Row]:
    """Changes from the first level of a factor to its last."""
    return [row for row in outcome["responses"] if row["is_end"]]


def told(outcome: Row) -> list[Row]:
    """Those of them that may be claimed."""
    return [row for row in ends(outcome) if not row["note"]]


def sure_changes(outcome: Row) -> list[Row]:
    """Those that can be told apart from zero, all together; the largest first."""
    sure = [row for row in told(outcome) if told_apart(row["p_holm"])]
    return sorted(sure, key=lambda row: -abs(row["change"]))


def _headline(outcome: Row, sure: Sequence[Row], count: int) -> str:
    of = subject(outcome)
    if not count:
        return f"Nothing can be said of {of}."
    if not sure:
        return f"None of the {count} changes that were tried can be told to move {of}."
    move = "moves" if len(sure) == 1 else "move"
    return f"Of {count} changes that were tried, {len(sure)} {move} {of} further than chance would."


def subject(outcome: Row) -> str:
    """An outcome within a sentence."""
    if is_gap(outcome["name"]):
        us, them = gap_pair(outcome["name"])
        return f"the gap between {us} and {them}"
    return f"the {words(outcome['name'])}"


def sentence(outcome: Row, row: Row) -> str:
    """What one factor does, as far as its interval allows."""
    where = _panel(row["panel"])
    step = f"when {row['axis']} goes from {base_of(outcome, row)['level']} to {row['level']}"
    low, high = row["change_low"], row["change_high"]
    if is_gap(outcome["name"]):
        us, them = gap_pair(outcome["name"])
        amount, interval = change_of_time(row["change"], low, high)
        way = "longer" if row["change"] > 0.0 else "less"
        text = f"{step}, {us} wait {amount} {way}, relative to {them} ({interval})."
    elif outcome["unit"] == "h":
        amount, interval = change_of_time(row["change"], low, high)
        way = "longer" if row["change"] > 0.0 else "shorter"
        text = f"{step}, the {words(outcome['name'])} become {amount} {way} ({interval})."
    else:
        digits = digits_of([(row["change"], low, high)])
        change = f"{signed(row['change'], digits)} {outcome['unit']}"
        text = f"{step}, the {words(outcome['name'])} changes by {change} (95 % interval {between(low, high, digits)})."
    return capital(f"{where}{text}")


def _panel(panel: str) -> str:
    return f"with {panel.replace(': ', ' ').replace('; ', ' and ')}, " if panel else ""


def base_of(outcome: Row, row: Row) -> Row:
    """The level that a level is compared with."""
    same = (r for r in outcome["responses"] if (r["panel"], r["axis"]) == (row["panel"], row["axis"]) and r["is_base"])
    return next(same, row)


def _section(found: Row, outcome: Row, place: int) -> Section:
    refused = [Text(outcome["refused"])] if outcome["refused"] else []
    if outcome["claims_nothing"] and is_gap(outcome["name"]):
        return Section(anchor(place), capital(outcome["meaning"]), refused)
    reference = outcome["reference"]
    unit = outcome["unit"]
    digits = digits_of([(reference["mean"], reference["low"], reference["high"])])
    stands = f"{plain(reference['mean'], digits)} {unit}"
    bounds = between(reference["low"], reference["high"], digits)
    level = f"In the baseline ({found['reference']}): {stands} (95 % interval {bounds})."
    tables = [_ends_table(found, outcome), _all_table(found, outcome)]
    blocks: list[Block] = [Text(level), *_told_items(outcome), *refused, *tables]
    return Section(anchor(place), capital(outcome["meaning"]), blocks)


def _told_items(outcome: Row) -> list[Items]:
    """What is sure, and how many changes are not."""
    sure = sure_changes(outcome)
    items = [sentence(outcome, row) for row in sure]
    unsure = len(told(outcome)) - len(sure)
    if unsure:
        items.append(f"{unsure} {'other ' if sure else ''}changes cannot be told apart from no change.")
    return [Items(items)] if items else []


def _ends_table(found: Row, outcome: Row) -> Table:
    rows = ends(outcome)
    cells = []
    for row in rows:
        digits = digits_of([(row["change"], row["change_low"], row["change_high"])])
        base = base_of(outcome, row)
        where = f"{row['panel']}: " if row["panel"] else ""
        cells.append(
            (f"{where}{row['axis']}, {base['level']} to {row['level']}", plain(base["mean"], digits),
             plain(row["mean"], digits), signed(row["change"], digits),
             between(row["change_low"], row["change_high"], digits),
             between(row["low_together"], row["high_together"], digits), _said(row))
        )  # fmt: skip
    unit = outcome["unit"]
    heads = (
        "what varies",
        f"at first ({unit})",
        f"at last ({unit})",
        f"change ({unit})",
        "95 % interval",
        TOGETHER,
        "what can be said",
    )
    return Table(f"{capital(outcome['meaning'])}, each factor from its first value to its last", heads, cells, (6,))


def _said(row: Row) -> str:
    if not told_apart(row["p_holm"]):
        return "cannot be told"
    return "rises" if row["change"] > 0.0 else "falls"


def _all_table(found: Row, outcome: Row) -> Table:
    rows = outcome["responses"]
    cells = []
    for row in rows:
        digits = digits_of([(row["shift"], row["shift_low"], row["shift_high"])])
        name = f"{row['panel'] + ': ' if row['panel'] else ''}{row['axis']} at {row['level']}"
        bounds = between(row["shift_low"], row["shift_high"], digits)
        cells.append((name, plain(row["mean"], digits), signed(row["shift"], digits), bounds))
    unit = outcome["unit"]
    heads = ("what varies", f"mean ({unit})", f"change from the baseline ({unit})", "95 % interval")
    caption = f"{capital(outcome['meaning'])}: every value of every factor, compared with the baseline"
    return Table(caption, heads, cells, (), f"All {len(rows)} values that were tried")


def _asked(study: Study) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    blocks: list[Block] = [
        Text(
            f"{quoted(found['study'])}{': ' + found['summary'] if found['summary'] else ''}. A computer model played "
            "the same storms through many variants of one city. City, storms and people's habits were the same each "
            "time, so that what differs is due to what was varied."
        ),
        Text(f"How the variants were chosen: {found['design']}."),
    ]
    blocks += [Text(f"{quoted(scenario['name'])}: {scenario['summary']}.")] if scenario["summary"] else []
    if found["set"]:
        blocks += [Text("Set for this study in every variant:")]
        blocks += [Items([f"{path} = {exactly(value)}" for path, value in found["set"].items()])]
    return blocks


def _notes(found: Row) -> list[str]:
    return [*map(str, found["notes"]), "The intervals cover chance only, not doubt about the assumptions below."]


def wanted(study: Study) -> dict[str, list[Wanted]]:
    """The figures of each section: those whose names end in that of the outcome."""
    folder, found = study.path / "figures", study.summary
    shown: dict[str, list[Wanted]] = {}
    for place, outcome in enumerate(found["outcomes"]):
        if outcome["claims_nothing"]:
            continue
        stem = file_stem(outcome["name"])
        caption = f"{capital(outcome['meaning'])}; baseline: {found['reference']}"
        files = sorted(folder.glob(f"*-{stem}.png"))
        shown[anchor(place)] = [Wanted(path.stem, caption) for path in files] or [Wanted(f"response-{stem}", caption)]
    return shown
