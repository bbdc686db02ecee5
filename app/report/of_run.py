"""The page of a run: who waits longer, by how much, and why."""

from collections.abc import Mapping
from typing import Any

from app.report import names
from app.report.figures import Wanted
from app.report.folder import Study
from app.report.names import capital, quoted, who
from app.report.numbers import (
    exactly,
)  # fmt: skip
from app.report.page import Block, Items, Page, Section, Text
from app.report.run_tables import city_table, who_waits, why
from app.report.run_words import answer, gaps_of, main_gap


def page(study: Study) -> Page:
    """Compose the page."""
    found = study.summary
    groups = [grouping for grouping in found["groupings"] if grouping["by"] != "all"]
    gaps = {grouping["by"]: gaps_of(grouping) for grouping in groups}
    name = study.made["scenario"]["name"]
    main = main_gap(next(iter(gaps.values()))) if gaps else None
    against = f" {capital(who(main.by, main.group))} and {who(main.by, main.reference)}" if main else ""
    return Page(
        title=f"Who waits longer for power in {quoted(name)}?{against}",
        subtitle=f"{_replicates(found)} of one storm, simulated household by household",
        answer=answer(found, gaps),
        asked=_asked(study),
        sections=[
            Section("who", "Who waits longer, and by how much", who_waits(groups, gaps, found["refused"])),
            Section("why", "Why: the five parts of the wait", why(gaps, found["refused"])),
            Section("city", "The whole city", city_table(found)),
            Section("notes", "What to bear in mind", [Items(_notes(found))]),
        ],
    )


def _replicates(found: Mapping[str, Any]) -> str:
    return "1 replay" if found["replicates"] == 1 else f"{found['replicates']} replays"


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
    blocks += [Text(paragraph) for paragraph in scenario["description"]]
    if found["changes"]:
        changes = [f"{path} = {exactly(value)}" for path, value in found["changes"].items()]
        blocks += [Text("Changed for this study:"), Items(changes)]
    return blocks


def _notes(found: Mapping[str, Any]) -> list[str]:
    lines = [str(note) for note in found["notes"]]
    lines.append("The intervals cover chance only, not doubt about the assumptions below.")
    return lines


def wanted(study: Study) -> dict[str, list[Wanted]]:
    """The figures of each section."""
    groupings = [g["by"] for g in study.summary["groupings"]]
    labels = {by: by.replace(",", "-and-") for by in groupings}
    read = study.summary["refused"] or "The lower a line, the sooner that group is back."
    maps = list(dict.fromkeys(a for by in groupings for a in by.split(",") if a not in ("all", "neighbourhood")))
    return {
        "who": [
            Wanted(f"survival-{labels[by]}", f"How many still wait, hour by hour, by {names.grouping(by)}. {read}")
            for by in groupings
        ],
        "city": [
            *(Wanted(f"outage-{labels[by]}", f"Households without power over time, by {names.grouping(by)}")
              for by in groupings),
            *(Wanted(f"map-{a}", f"Where people wait long, and where they live: {names.grouping(a)} (first replay)")
              for a in maps or ["minority"]),
            Wanted("grid", "The lines of the city and where the storm broke them (first replay)"),
        ],
    }  # fmt: skip
