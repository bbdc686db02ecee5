"""The words of the page of a sweep: what each factor does to an outcome, as far as its interval allows."""

from collections.abc import Sequence

from analysis.contrasts.multiplicity import told_apart
from app.pages.page import Finding, Row
from app.say.names import capital, gap_pair, subject
from app.say.numbers import DOLLARS, between_in, change_in, change_of_time, digits_of, known
from experiments.outcome_names import is_gap, words

MOST_TOLD = 3  # changes of the first outcome in the answer
CHANGE = ("change", "change_low", "change_high")


def answer(found: Row) -> list[Finding]:
    """The surest findings on the first outcome, then how much there is on the others."""
    told = [_finding(outcome, 1 if place else MOST_TOLD) for place, outcome in enumerate(found["outcomes"])]
    return told or [Finding("Nothing was measured.")]


def _finding(outcome: Row, most: int) -> Finding:
    if not outcome["is_there"]:
        return Finding(missing(outcome))
    if outcome["claims_nothing"]:
        return Finding(f"{capital(subject(outcome['name']))}. {outcome['refused']}")
    sure = sure_changes(outcome)
    lines = [sentence(outcome, row) for row in sure[:most]]
    more = len(sure) - most
    lines += [f"{more} more {'stands' if more == 1 else 'stand'} below."] if more > 0 else []
    lines += [outcome["refused"]] if outcome["refused"] else []
    return Finding(_headline(outcome, sure), lines)


def _headline(outcome: Row, sure: Sequence[Row]) -> str:
    of, count = subject(outcome["name"]), len(told(outcome))
    if not count:
        return f"Nothing can be said of {of}."
    one = "The one change that was tried"
    if not sure:
        none = f"{one} cannot" if count == 1 else f"None of the {count} changes that were tried can"
        return f"{none} be told to move {of}."
    some = one if count == 1 else f"Of {count} changes that were tried, {len(sure)}"
    return f"{some} {'moves' if len(sure) == 1 else 'move'} {of} further than chance would."


def missing(outcome: Row) -> str:
    """Of an outcome that no run has."""
    return f"No run has a value of {subject(outcome['name'])}."


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


def base_of(outcome: Row, row: Row) -> Row:
    """The level that a level is compared with."""
    same = (r for r in outcome["responses"] if (r["panel"], r["axis"]) == (row["panel"], row["axis"]) and r["is_base"])
    return next(same, row)


def sentences(outcome: Row) -> list[str]:
    """A sentence for each change that is sure, one for all that are not, and one for those without an interval."""
    sure = sure_changes(outcome)
    lines = [sentence(outcome, row) for row in sure]
    without = sum(not known(row["change_low"]) for row in told(outcome))
    unsure = len(told(outcome)) - len(sure) - without
    if unsure:
        other = "other " if sure else ""
        lines.append(f"{unsure} {other}{'change' if unsure == 1 else 'changes'} cannot be told apart from no change.")
    if without:
        lines.append(f"{without} of {len(told(outcome))} changes have no interval, for too few runs have a value.")
    return lines


def sentence(outcome: Row, row: Row) -> str:
    """What one factor does."""
    where = f"with {row['panel'].replace(': ', ' ').replace('; ', ' and ')}, " if row["panel"] else ""
    step = f"when {row['axis']} goes from {base_of(outcome, row)['level']} to {row['level']}"
    return capital(f"{where}{step}, {_moves(outcome, *(row[name] for name in CHANGE))}.")


def _moves(outcome: Row, change: float, low: float, high: float) -> str:
    name, unit = words(outcome["name"]), outcome["unit"]
    name += "," if "," in name else ""
    if unit == "h":
        amount, interval = change_of_time(change, low, high)
        if not is_gap(outcome["name"]):
            return f"the {name} become {amount} {'longer' if change > 0.0 else 'shorter'} ({interval})"
        us, them = gap_pair(outcome["name"])
        return f"{us} wait {amount} {'longer' if change > 0.0 else 'less'}, relative to {them} ({interval})"
    digits = digits_of([(change, low, high)])
    size = {DOLLARS: "", "%": " percentage points"}.get(unit, f" {unit}")
    interval = between_in(unit, low, high, digits)
    return f"the {name} changes by {change_in(unit, change, digits)}{size} (95 % interval {interval})"
