"""The page of a study of sensitivity: which unknowns drive an outcome, and whether that is settled."""

from collections.abc import Iterator

from app.pages.asked import about, changed
from app.pages.page import Block, Items, Page, Row, Section, Table, Text, before_tables
from app.pages.sensitivity_cautions import cautions
from app.pages.sensitivity_figures import figures
from app.pages.sensitivity_tables import indices_table
from app.pages.sensitivity_words import SHARES, answer, drivers, meaning, ranked
from app.say.names import capital, quoted
from app.say.numbers import DOLLARS, digits_of, exactly, known, level_in
from experiments.claims import FEWEST
from experiments.found import Found


def page(study: Found) -> Page:
    """Compose the page."""
    found, baseline = study.summary, study.made["scenario"]["name"]
    runs = f"{found['runs']:,} runs of the model (method {found['method']}, n = {found['n']:,} {found['n_counts']})"
    return Page(
        title=f"What do the results depend on in {quoted(baseline)}? Study {quoted(found['study'])}",
        subtitle=f"{_varied(found)} varied at once, {runs}; baseline: {baseline}",
        question=found["summary"],
        answer=answer(study),
        asked=_asked(study),
        sections=[
            *(_section(study, outcome, place) for place, outcome in enumerate(found["outcomes"], 1)),
            Section("notes", "What to bear in mind", [Items(_notes(found))]),
        ],
    )


def _varied(found: Row) -> str:
    groups = len(dict.fromkeys(found["groups"]))
    return f"{len(found['parameters'])} unknowns" + (f" in {groups} groups" if groups else "")


def _section(study: Found, outcome: Row, place: int) -> Section:
    found = study.summary
    told = [Text(_spread(outcome))] if outcome["spread"] else []
    if not ranked(found, outcome):
        return Section(f"outcome-{place}", capital(outcome["label"]), [Text(drivers(study, outcome)), *told])
    blocks: list[Block] = [*told, Items(cautions(study, outcome)), indices_table(study, outcome)]
    if found["method"] in SHARES and any(_is_odd(row) for row in outcome["indices"]):
        blocks.append(Text("Where an interval reaches below 0 % or above 100 %, there is no true share, only noise."))
    return Section(f"outcome-{place}", capital(outcome["label"]), before_tables(blocks, figures(study, outcome)))


def _spread(outcome: Row) -> str:
    """Where an outcome lies as the settings vary."""
    low, middle, high = outcome["spread"]
    unit, digits = outcome["unit"], digits_of([(middle, low, high)])
    low, middle, high = (level_in(unit, value, digits) for value in (low, middle, high))
    size = "" if unit == DOLLARS else f" {unit}"
    return f"In nine of ten settings it lies between {low} and {high}{size}, in half of them below {middle}{size}."


def _is_odd(row: Row) -> bool:
    """Whether an interval reaches where no share can be."""
    return any(known(row[end]) and not 0.0 <= row[end] <= 1.0 for end in ("low", "high"))


def _asked(study: Found) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    blocks: list[Block] = [
        Text(
            f"{quoted(found['study'])}: much in the model is not well known. Here the unknowns were varied all at "
            "once, each within its range, to see which of them the results hang on. Where a result hangs on an "
            "unknown, it is worth finding out more about that."
        )
    ]
    blocks += about(scenario)
    rows = [(meaning(study, p["name"]), _range(p)) for p in found["parameters"]]
    blocks.append(Table(f"What was varied; baseline {scenario['name']}", ("what", "range"), rows, (1,)))
    return [*blocks, *changed("Set for this study in every run:", found["set"])]


def _range(parameter: Row) -> str:
    if parameter["choices"]:
        return ", ".join(exactly(choice) for choice in parameter["choices"])
    if not known(parameter["low"]):
        return "yes or no"
    return f"{parameter['low']:g} to {parameter['high']:g}"


def _notes(found: Row) -> list[str]:
    """What a reader must know before believing the numbers."""
    seeds, looked_at = found["replicates"], _looked_at(found)
    lines = {
        "One storm was played for each setting: part of what looks like influence may be chance, how much cannot be "
        "told (--replicates 2 or more).": seeds == 1,
        f"Each setting was played through the same {seeds} storms and counts by its mean.": seeds > 1,
        f"Of other storms nothing is claimed: fewer than {FEWEST} were played (--replicates {FEWEST}).": seeds < FEWEST,
        f"{looked_at} parameters are looked at together: which of them matter is judged by intervals that hold for all "
        "at once (Bonferroni; in indices.csv), wider than those shown, each of which holds by itself.": looked_at > 1,
        f"No run has {', '.join(found['without_outcome'])}.": found["without_outcome"],
    }  # fmt: skip
    return [
        *(line for line, is_so in lines.items() if is_so),
        "The answer holds for the ranges that were tried; a wider range makes a parameter look more important.",
        "What matters for the result need not be what can be changed.",
    ]


def _looked_at(found: Row) -> int:
    rows = [ranked(found, outcome) for outcome in found["outcomes"]]
    return max((row["looked_at"] for some in rows for row in some), default=0)


def pictures(study: Found) -> Iterator[tuple[str, bytes]]:
    """The figures, drawn: name and PNG."""
    from app.pages.sensitivity_pictures import drawn

    yield from drawn(study)
