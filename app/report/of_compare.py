"""The page of a comparison: what each arm changes, for whom, why, and at what price."""

from app.report.compare_tables import city_table, gap_table, group_table, parts_table, price_table
from app.report.compare_words import all_refused, answer
from app.report.figures import Wanted
from app.report.folder import Study
from app.report.names import described, quoted
from app.report.numbers import (
    exactly,
    value_of,
)  # fmt: skip
from app.report.page import Block, Items, Page, Row, Section, Table, Text
from experiments.designs.arms import ATTRIBUTES, CITY

QUESTION = "The question of "  # begins the note that holds it
MOST_MOVED = 12  # rows of a table of changes that stands open


def page(study: Study) -> Page:
    """Compose the page."""
    found = study.summary
    base, arms = found["baseline"]["name"], [arm["name"] for arm in found["arms"]]
    what = " and ".join(map(quoted, arms)) if len(arms) <= 2 else f"{len(arms)} options"
    what = f"{what[:1].upper()}{what[1:]}"
    pairs = "one storm" if found["pairs"] == 1 else f"the same {found['pairs']} storms"
    return Page(
        title=f"What would change? {what} compared with {quoted(base)}",
        subtitle=f"Each option was played through {pairs}, simulated household by household",
        answer=answer(found),
        asked=_asked(study),
        sections=[
            Section("gap", f"The gap between groups, compared with {quoted(base)}", gap_table(found)),
            Section("why", "Why: the five parts of the wait", _why(found)),
            Section("who", f"Who gains and who loses, compared with {quoted(base)}", group_table(found)),
            Section("cost", "What it costs, and what an hour costs", [*city_table(found), *_prices(found)]),
            Section("notes", "What to bear in mind", [Items(_notes(found))]),
        ],
    )


def _asked(study: Study) -> list[Block]:
    found, scenario = study.summary, study.made["scenario"]
    base = found["baseline"]
    blocks: list[Block] = [
        Text(
            f"What would change if something were done differently? A computer model played {_storms(found)} through "
            f"the city as it is in the baseline, called {quoted(base['name'])}, and again with each option. "
            + _alike(found)
        )
    ]
    blocks += [Text(note) for note in found["notes"] if note.startswith(QUESTION)]
    blocks += [Text(f"The city, {quoted(scenario['name'])}: {scenario['summary']}.")] if scenario["summary"] else []
    blocks += [Text(paragraph) for paragraph in scenario["description"]]
    if base["changes"]:
        changes = [f"{path} = {exactly(value)}" for path, value in base["changes"].items()]
        blocks += [Text(f"The baseline, {quoted(base['name'])}, is that city with:"), Items(changes)]
    for arm in found["arms"]:
        own = arm["summary"] and arm["summary"] != scenario["summary"]
        itself = " is the city as its file gives it." if not arm["changes"] else "."
        about = f": {arm['summary']}." if own else itself
        blocks.append(Text(f"The option {quoted(arm['name'])}{about}"))
        if arm["moved"]:
            blocks.append(_moved(arm, base["name"]))
    return blocks


def _alike(found: Row) -> str:
    """What the runs of a pair share."""
    paths = [row["path"] for arm in found["arms"] for row in arm["moved"]]
    if any(path.startswith((*CITY, *ATTRIBUTES)) for path in paths):
        return "The dice were the same each time, but not everything about the city: see the notes below."
    return "City, storm and people's habits were the same each time, so that what differs is due to the option alone."


def _storms(found: Row) -> str:
    return "one storm" if found["pairs"] == 1 else f"{found['pairs']} storms"


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
    notes = [str(note) for note in found["notes"] if not note.startswith(QUESTION)]
    return [*notes, "The intervals cover chance only, not doubt about the assumptions below."]


def wanted(study: Study) -> dict[str, list[Wanted]]:
    """The figures of each section; none where nothing may be claimed."""
    if all_refused(study.summary):
        return {}
    base = quoted(study.summary["baseline"]["name"])
    return {
        "gap": [Wanted("gap-by-arm", f"Change of the gap, compared with {base}. A bar that crosses the line of no "
                       "change may be no change at all.")],
        "who": [Wanted("hours-by-group", f"Change of mean hours without power by group, compared with {base}. Left of "
                       "the line: shorter waits.")],
        "cost": [Wanted("cost-and-gap", f"What an option costs and how much of the gap it closes, compared with "
                        f"{base}. Lower right: closes the gap and saves money.")],
    }  # fmt: skip
