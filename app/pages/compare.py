"""The page of a comparison: what each arm changes, for whom, why, and at what price."""

from collections.abc import Iterator, Sequence

from app.pages.asked import about, changed
from app.pages.compare_sure import pairing_table, sureness
from app.pages.compare_tables import city_table, gap_table, group_table, parts_table, price_table
from app.pages.compare_words import all_refused, answer
from app.pages.page import Block, Figure, Items, Page, Row, Section, Table, Text, before_tables
from app.say.names import capital, described, quoted
from app.say.numbers import value_of  # fmt: skip
from experiments.designs.arm_differences import ATTRIBUTES, CITY
from experiments.found import Found

QUESTION = "The question of "  # begins the note that holds it
FIGURES = {
    "gap": ("gap-by-arm", "Change of the gap. A bar that crosses the line of no change may be no change at all."),
    "who": ("hours-by-group", "Change of mean hours without power by group. Left of the line: shorter waits."),
    "cost": ("cost-and-gap", "What an option costs and how much of the gap it closes. Lower right: closes the gap and "
             "saves money."),
}  # fmt: skip
MOST_MOVED = 12  # rows of a table of changes that stands open


def page(study: Found) -> Page:
    """Compose the page."""
    found = study.summary
    base, arms = found["baseline"]["name"], [arm["name"] for arm in found["arms"]]
    what = " and ".join(map(quoted, arms)) if len(arms) <= 2 else f"{len(arms)} options"
    against = f"compared with {quoted(base)}"
    return Page(
        title=f"What would change? {capital(what)} {against}",
        subtitle=f"Each option was played through {_storms(found, 'the same ')}, simulated household by household",
        answer=answer(found),
        asked=_asked(study),
        question=" ".join(note for note in found["notes"] if note.startswith(QUESTION)),
        sections=[
            Section("gap", f"The gap between groups, {against}", _figured(found, "gap", gap_table(found))),
            Section("why", "Why: the five parts of the wait", _why(found)),
            Section("who", f"Who gains and who loses, {against}", _figured(found, "who", group_table(found))),
            Section(
                "cost",
                "What it costs, and what an hour costs",
                _figured(found, "cost", [*city_table(found), *_prices(found)]),
            ),
            Section("sure", "How sure this is", [*pairing_table(found), Items(sureness(found))]),
            *([Section("notes", "What to bear in mind", [Items(_notes(found))])] if _notes(found) else []),
        ],
    )


def _asked(study: Found) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    base = found["baseline"]
    blocks: list[Block] = [
        Text(
            f"What would change if something were done differently? A computer model played {_storms(found)} through "
            f"the city as it is in the baseline, called {quoted(base['name'])}, and again with each option. "
            + _alike(found)
        )
    ]
    blocks += about(scenario, "The city, ", described=True)
    blocks += changed(f"The baseline, {quoted(base['name'])}, is that city with:", base["changes"])
    for arm in found["arms"]:
        own = arm["summary"] and arm["summary"] != scenario["summary"]
        itself = " is the city as its file gives it." if not arm["changes"] else "."
        told = f": {arm['summary']}." if own else itself
        blocks.append(Text(f"The option {quoted(arm['name'])}{told}"))
        if arm["moved"]:
            blocks.append(_moved(arm, base["name"]))
    return blocks


def _alike(found: Row) -> str:
    """What the runs of a pair share."""
    paths = [row["path"] for arm in found["arms"] for row in arm["moved"]]
    if any(path.startswith((*CITY, *ATTRIBUTES)) for path in paths):
        return "The dice were the same each time, but not everything about the city: see the notes below."
    return "City, storm and people's habits were the same each time, so that what differs is due to the option alone."


def _storms(found: Row, same: str = "") -> str:
    return "one storm" if found["pairs"] == 1 else f"{same}{found['pairs']} storms"


def _moved(arm: Row, base: str) -> Table:
    rows = [
        (described(r), value_of(r, "before"), value_of(r, "after"), r["source"], r["path"]) for r in arm["moved"]
    ]  # fmt: skip
    heads = ("what", base, arm["name"], "where the number comes from", "name in the model")
    fold = f"What {arm['name']} changes: {len(rows)} numbers" if len(rows) > MOST_MOVED else ""
    return Table(f"What {quoted(arm['name'])} changes, compared with {quoted(base)}", heads, rows, (1, 2, 3, 4), fold)


def _why(found: Row) -> list[Block]:
    text = (
        "A wait has five parts: until the utility knows of the outage; until a crew sets off; while it drives there "
        "and looks for the fault; for some, until an electrician has mended what the household owns; and the repair. "
        "The changes of the parts sum to the change of the gap."
    )
    return [Text(text), *(parts_table(found) or [Text(all_refused(found))])]


def _prices(found: Row) -> list[Block]:
    if all_refused(found):
        return [Text(all_refused(found))]
    if not found["prices"]:
        return [Text("The runs of this study have no costs.")]
    return price_table(found)


def _notes(found: Row) -> list[str]:
    return [str(note) for note in found["notes"] if not note.startswith(QUESTION)]


def _figured(found: Row, section: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a section, with its figure before its first table; none where nothing may be claimed."""
    there = {"gap": bool(found["main_gap"]), "who": True, "cost": bool(found["prices"] and found["main_gap"])}
    if all_refused(found) or not there[section]:
        return list(blocks)
    return before_tables(blocks, [Figure(*FIGURES[section])])


def pictures(study: Found) -> Iterator[tuple[str, bytes]]:
    """The figures, drawn: name and PNG."""
    from app.pages.compare_pictures import drawn

    yield from drawn(*study.drawn)
