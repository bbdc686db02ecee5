"""The page of a run: who waits longer, by how much, and why."""

from collections.abc import Iterator, Mapping, Sequence

from app.pages.asked import about, changed
from app.pages.doubt import covers
from app.pages.page import Block, Figure, Items, Page, Row, Section, Text, before_tables
from app.pages.reproduce import seeds
from app.pages.run_city import city_table
from app.pages.run_tables import NUMBERS, parts_of, who_waits, why
from app.pages.run_words import EVERYONE, Gap, answer, gaps_of, main_gap, mapped, stem
from app.say import names
from app.say.names import quoted, who
from app.say.numbers import exactly
from app.say.together import note
from experiments.found import Found

MOST_CHANGES = 6  # told in the subtitle
Gaps = Mapping[str, Sequence[Gap]]


def page(study: Found) -> Page:
    """Compose the page."""
    found = study.summary
    groupings = found["groupings"]
    gaps = {grouping["by"]: gaps_of(grouping) for grouping in groupings if grouping["by"] != "all"}
    parts = parts_of(groupings)
    split = [Section("why", f"Why: the {NUMBERS[len(parts)]} parts of the wait", why(gaps, parts))]
    return Page(
        title=_title(quoted(study.made["scenario"]["name"]), gaps),
        subtitle=f"{_replicates(found)}, simulated household by household{_changes(found)} ({_seeds(study)})",
        answer=answer(found, gaps),
        asked=_asked(study),
        sections=[
            Section("who", "Who waits longer, and by how much", _who(found, gaps)),
            *(split if any(gaps.values()) and not found["refused"] else []),
            Section("city", "The whole city", _city(found)),
            Section("notes", "What to bear in mind", [Items(_notes(found))]),
        ],
    )


def _title(name: str, gaps: Gaps) -> str:
    main = main_gap(next(iter(gaps.values()), ()))
    pair = f": {who(main.by, main.group)} or {who(main.by, main.reference)}" if main else ""
    return f"Who waits longer for power in {name}{pair}?"


def _replicates(found: Row) -> str:
    return "1 replay of the storm" if found["replicates"] == 1 else f"{found['replicates']} replays of the storm"


def _seeds(study: Found) -> str:
    text = seeds(study)
    return f"seed {text}" if text.isdigit() else f"seeds{':' if ';' in text else ''} {text}"


def _changes(found: Row) -> str:
    """What was changed for the study."""
    changed = [f"{path} = {exactly(value)}" for path, value in found["changes"].items()]
    more = len(changed) - MOST_CHANGES
    shown = [*changed[:MOST_CHANGES], *([f"and {more} more changes"] if more > 0 else [])]
    return f", with {', '.join(shown)}" if changed else ""


def _asked(study: Found) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    times = "once" if found["replicates"] == 1 else f"{found['replicates']} times"
    chance = "Chance decides anew each time which lines break and who happens to report."
    fixed = [f"the {name}" for name in ("world", "storm") if len({s[name] for s in found["seeds"]}) == 1]
    if found["replicates"] > 1 and fixed:
        held = " and ".join(fixed).replace("world", "city")
        chance = f"Chance decides anew each time, except for {held}, held fixed."
    blocks: list[Block] = [
        Text(
            "After a storm, who waits longer for power, by how many hours, how sure is that, and why? A computer model "
            f"played the storm {times}, for every household of {quoted(scenario['name'])}. {chance}"
        )
    ]
    return [*blocks, *about(scenario, described=True), *changed("Changed for this study:", found["changes"])]


def _notes(found: Row) -> list[str]:
    """What a reader must know before believing the numbers."""
    lines = []
    if not found["crews"]:
        lines.append("The scenario has no crews at all: nothing is repaired.")
    if found["nobody_lost_power"]:
        lines.append("Nobody lost power: there is nothing to compare.")
    if found["some_are_censored"]:
        censored = 100.0 * found["whole_city"]["censored share"]["mean"]
        lines.append(
            f"Censored share {censored:.2g} %: so many of the affected still had no power at the horizon of "
            f"{found['horizon_h']:g} h, too short to see it return (run.horizon_h). Their hours count up to it, so "
            "means are lower bounds and gaps may be off."
        )
    if found["failed_replicates"]:
        failed = found["failed_replicates"]
        many = "1 replicate failed and is" if failed == 1 else f"{failed} replicates failed and are"
        lines.append(f"{many} left out; runs.csv says why.")
    gaps = [row for g in found["groupings"] for row in g[EVERYONE]["gaps"] if row["measure"] == "mean_h"]
    line = note(max((row["looked_at"] for row in gaps), default=0), "gaps in mean hours out")
    return [*lines, *([line] if line else []), covers(found)]


def _city(found: Row) -> list[Block]:
    """The whole city, with its figures."""
    by = [grouping["by"] for grouping in found["groupings"]]
    figures = [
        *(Figure(f"outage-{stem(n)}", f"Households without power over time, by {names.grouping(n)}") for n in by),
        *(Figure(f"map-{a}", f"Where people wait long, and where they live: {names.grouping(a)} (first replay)")
          for a in mapped(by)),
        Figure("grid", "The lines of the city and where the storm broke them (first replay)"),
    ]  # fmt: skip
    return before_tables(city_table(found), figures)


def _who(found: Row, gaps: Gaps) -> list[Block]:
    """Who waits longer, with the curves of how many still wait."""
    read = found["refused"] or "The lower a line, the sooner that group is back."
    curves = [
        Figure(f"survival-{stem(g['by'])}", f"How many still wait, hour by hour, by {names.grouping(g['by'])}. {read}")
        for g in found["groupings"]
    ]
    return before_tables(who_waits(found["groupings"], gaps, found["refused"]), curves)


def pictures(study: Found) -> Iterator[tuple[str, bytes]]:
    """The figures, drawn from the tables of the replicates: name and PNG."""
    from app.pages.run_pictures import drawn

    if study.folder is not None:
        yield from drawn(study.drawn, study.folder, study.summary)
