"""The page of a sweep: what each factor does to each outcome."""

from collections.abc import Iterator

from app.pages.asked import about, changed
from app.pages.doubt import covers
from app.pages.page import Block, Items, Page, Row, Section, Text, before_tables
from app.pages.sweep_figures import MOST_PANELS, figures
from app.pages.sweep_tables import all_table, ends_table, level_of, subsets_table
from app.pages.sweep_words import answer, missing, sentences
from app.say.names import capital, quoted
from app.say.numbers import DOLLARS, digits_of, level_in
from app.say.together import note
from experiments.found import Found
from experiments.outcome_names import is_gap


def page(study: Found) -> Page:
    """Compose the page."""
    found = study.summary
    seeds = "one storm" if found["replicates"] == 1 else f"the same {found['replicates']} storms"
    return Page(
        title=f"What makes a difference in {quoted(study.made['scenario']['name'])}? Study {quoted(found['study'])}",
        subtitle=f"{found['points']:,} variants, each played through {seeds}; baseline: {found['reference']}",
        question=found["summary"],
        answer=answer(found),
        asked=_asked(study),
        sections=[
            *(_section(found, outcome, place) for place, outcome in enumerate(found["outcomes"], 1)),
            Section("notes", "What to bear in mind", [Items(_notes(found))]),
        ],
    )


def _section(found: Row, outcome: Row, place: int) -> Section:
    refused = [Text(outcome["refused"])] if outcome["refused"] else []
    blocks: list[Block] = [*refused]
    if not outcome["is_there"]:
        blocks = [Text(missing(outcome))]
    elif not (outcome["claims_nothing"] and is_gap(outcome["name"])):
        told = [Items(sentences(outcome))] if sentences(outcome) else []
        tables = [ends_table(outcome), *([subsets_table(outcome)] if outcome["subsets"] else []), all_table(outcome)]
        blocks = before_tables([Text(_level(found, outcome)), *told, *refused, *tables], figures(found, outcome))
    return Section(f"outcome-{place}", capital(outcome["meaning"]), blocks)


def _level(found: Row, outcome: Row) -> str:
    """The scenario as it stands."""
    level, unit = outcome["reference"], outcome["unit"]
    digits = digits_of([(level["mean"], level["low"], level["high"])])
    low, high = (level_in(unit, level[end], digits) for end in ("low", "high"))
    bounds = f" (95 % interval {low} to {high})" if level["low"] is not None else ""
    size = "" if unit == DOLLARS else f" {unit}"
    return f"In the baseline ({found['reference']}): {level_of(outcome, level, digits)}{size}{bounds}."


def _asked(study: Found) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    blocks: list[Block] = [
        Text(
            f"{quoted(found['study'])}: a computer model played the same storms through many variants of one city. "
            "City, storms and people's habits were the same each time, so that what differs is due to what was varied."
        ),
        Text(f"How the variants were chosen: {found['design']}."),
    ]
    return [*blocks, *about(scenario), *changed("Set for this study in every variant:", found["set"])]


def _notes(found: Row) -> list[str]:
    """What a reader must know before believing the numbers."""
    looked_at = max((row["looked_at"] for outcome in found["outcomes"] for row in outcome["responses"]), default=0)
    panels = len(found["panels"])
    lines = {
        f"{found['failed']:,} of {found['runs']:,} runs failed or are missing; means leave their seeds out.":
            found["failed"],
        note(looked_at, "changes of an outcome"): looked_at > 1,
        "The change of a channel is averaged over all subsets of the others. Subsets listed as lowest or highest are "
        "picked after the fact, so that they look further apart than they would in other storms.": found["has_subsets"],
        "The design samples the factors: each change is from the lowest to the highest fifth of a factor, averaged "
        "over the others, and its interval covers both the storms and the choice of variants.": found["is_sampled"],
        "There are no liaisons to walk rounds, so their channel only lets households seek one out.":
            found["liaisons_stay_home"],
        f"There are no figures: {panels} panels are more than {MOST_PANELS}; the tables hold everything.":
            panels > MOST_PANELS,
    }  # fmt: skip
    told = [line for line, is_so in lines.items() if is_so]
    return [*told, covers(found)]


def pictures(study: Found) -> Iterator[tuple[str, bytes]]:
    """The figures, drawn: name and PNG."""
    from app.pages.sweep_pictures import drawn

    yield from drawn(study.summary, study.drawn)
