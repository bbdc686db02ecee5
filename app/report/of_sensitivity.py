"""The page of a study of sensitivity: which unknowns drive an outcome, and whether that is settled."""

from collections.abc import Sequence

from analysis.sensitivity.sample import MAIN
from app.report.figures import Wanted
from app.report.folder import Study
from app.report.names import capital, quoted
from app.report.numbers import exactly, known, plain, share
from app.report.page import Block, Items, Page, Row, Section, Table, Text
from app.report.sensitivity_words import SHARES, answer, drivers, floor_of, is_driver, meaning, ranked, settled, subject
from experiments.claims import FEWEST
from experiments.outcome_names import file_stem

SOMETIMES = ("morris", "pairs")  # figures of some methods only
MEASURES = {
    "sobol": ("share of the differences it explains, alone or with others", True),
    "hdmr": ("share of the differences it explains, alone or with another", True),
    "rbd-fast": ("share of the differences it explains by itself", True),
    "morris": ("mean change over its whole range", False),
    "pawn": ("how far it moves the outcome, 0 to 1", False),
    "delta": ("how far it moves the outcome, 0 to 1", False),
}


def page(study: Study) -> Page:
    """Compose the page."""
    found, baseline = study.summary, study.made["scenario"]["name"]
    count = len(found["parameters"])
    return Page(
        title=f"What do the results depend on in {quoted(baseline)}? Study {quoted(found['study'])}",
        subtitle=f"{count} unknowns varied at once, {found['runs']:,} runs of the model; baseline: {baseline}",
        answer=answer(study),
        asked=_asked(study),
        sections=[
            *(_section(study, outcome, place) for place, outcome in enumerate(found["outcomes"])),
            Section("notes", "What to bear in mind", [Items(_notes(found))]),
        ],
    )


def anchor(place: int) -> str:
    """Name of the section of an outcome."""
    return f"outcome-{place + 1}"


def _section(study: Study, outcome: Row, place: int) -> Section:
    found = study.summary
    label = capital(outcome["label"])
    blocks: list[Block] = [Text(drivers(study, outcome)), *([Text(settled(outcome))] if settled(outcome) else [])]
    if ranked(found, outcome):
        blocks.append(_table(study, outcome))
        if found["method"] in SHARES and any(_is_odd(row) for row in outcome["indices"]):
            blocks.append(Text("A share below 0 % or above 100 % is no true share, but noise of too few runs."))
    if outcome["sentences"]:
        blocks.append(Items(outcome["sentences"], "In the analyst's words, with the indices"))
    return Section(anchor(place), label, blocks)


def _is_odd(row: Row) -> bool:
    """Whether an estimate, or the end of its interval, lies where no share can."""
    return any(known(row[name]) and not 0.0 <= row[name] <= 1.0 for name in ("value", "low", "high"))


def _table(study: Study, outcome: Row) -> Table:
    found = study.summary
    head, is_share = MEASURES[found["method"]]
    floor = floor_of(found, outcome)
    alone = (
        {r["parameter"]: r for r in outcome["indices"] if r["index"] == "S1"} if MAIN[found["method"]] == "ST" else {}
    )

    def number(value: float | None) -> str:
        return share(value) if is_share else plain(value, 2)

    cells = []
    for row in ranked(found, outcome):
        own = (number(alone[row["parameter"]]["value"]),) if row["parameter"] in alone else ("–",) if alone else ()
        bounds = f"{number(row['low'])} to {number(row['high'])}" if known(row["low"]) else "none"
        said = "matters" if is_driver(row, floor) else "cannot be told from no influence"
        cells.append((meaning(study, row["parameter"]), *own, number(row["value"]), bounds, said))
    heads = (
        "what was varied",
        *(["share it explains by itself"] if alone else []),
        head,
        "95 % interval",
        "what can be said",
    )
    caption = f"What drives {subject(outcome)}, the most important first; baseline {study.made['scenario']['name']}"
    return Table(caption, heads, cells, (len(heads) - 1,))


def _asked(study: Study) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    summary = quoted(found["study"]) + (f": {found['summary']}" if found["summary"] else "")
    blocks: list[Block] = [
        Text(
            f"{summary.rstrip('.?')}{'?' if summary.endswith('?') else '.'} Much in the model is not well known. Here "
            "the unknowns were varied all at once, each within its range, to see which of them the results hang on. "
            "Where a result hangs on an unknown, it is worth finding out more about that."
        )
    ]
    blocks += [Text(f"{quoted(scenario['name'])}: {scenario['summary']}.")] if scenario["summary"] else []
    blocks.append(_ranges(study))
    if found["set"]:
        blocks += [Text("Set for this study in every run:")]
        blocks += [Items([f"{path} = {exactly(value)}" for path, value in found["set"].items()])]
    return blocks


def _ranges(study: Study) -> Table:
    rows = [(meaning(study, p["name"]), _range(p)) for p in study.summary["parameters"]]
    caption = f"What was varied; baseline {study.made['scenario']['name']}"
    return Table(caption, ("what", "range"), rows, (1,))


def _range(parameter: Row) -> str:
    if parameter["choices"]:
        return ", ".join(exactly(choice) for choice in parameter["choices"])
    if not known(parameter["low"]):
        return "yes or no"
    return f"{parameter['low']:g} to {parameter['high']:g}"


def _notes(found: Row) -> list[str]:
    seeds: Sequence[str] = (
        ["One storm was played for each setting: part of what looks like influence may be chance."]
        if found["replicates"] == 1
        else [f"Each setting was played through the same {found['replicates']} storms and counts by its mean."]
    )
    few = f"Of other storms nothing is claimed: fewer than {FEWEST} were played (--replicates {FEWEST})."
    return [
        *seeds,
        *([few] if found["replicates"] < FEWEST else []),
        "The answer holds for the ranges that were tried; a wider range makes a parameter look more important.",
        "What matters for the result need not be what can be changed.",
    ]


def wanted(study: Study) -> dict[str, list[Wanted]]:
    """The figures of each section, the ranking first."""
    scenario = study.made["scenario"]["name"]
    kinds = {
        "indices": "What matters most stands on top",
        "against": "Each point is one setting",
        "morris": "Effects and their spread",
        "pairs": "What two of them do together, beyond each alone",
        "convergence": "Whether the ranking settles as runs are added",
    }
    return {
        anchor(place): [
            Wanted(f"{kind}-{file_stem(o['outcome'])}", f"{text}: {subject(o)}; baseline {scenario}")
            for kind, text in kinds.items()
            if kind not in SOMETIMES or (study.path / "figures" / f"{kind}-{file_stem(o['outcome'])}.png").exists()
        ]
        for place, o in enumerate(study.summary["outcomes"]) if not o["why_no_indices"]
    }  # fmt: skip
