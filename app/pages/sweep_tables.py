"""The tables of a sweep's page: each factor from first to last, every value that was tried, and subsets of channels."""

from collections.abc import Sequence

from analysis.contrasts.multiplicity import told_apart
from app.pages.doubt import cells as parts_of_doubt
from app.pages.doubt import heads as heads_of_doubt
from app.pages.page import Row, Table
from app.pages.sweep_words import CHANGE, base_of, ends
from app.say.names import capital
from app.say.numbers import NONE, between_in, change_in, digits_of, head_in, known, level_in
from app.say.together import TOGETHER, with_p

INTERVAL = "95 % interval"
OF_CHANGE = "change_"
SHIFT = ("shift", "shift_low", "shift_high")
SHOWN = 3  # subsets of channels at either end


def level_of(outcome: Row, row: Row, digits: int = 1) -> str:
    """A mean; of a median that is never reached, that."""
    return "never" if row["is_endless"] else level_in(outcome["unit"], row["mean"], digits)


def ends_table(outcome: Row) -> Table:
    """Each factor in each panel from its first value to its last."""
    unit, cells = outcome["unit"], []
    for row in ends(outcome):
        digits, base = digits_of([tuple(row[name] for name in CHANGE)]), base_of(outcome, row)
        cells.append(
            (_in_panel(row, f"{row['axis']}, {base['level']} to {row['level']}"), level_of(outcome, base, digits),
             level_of(outcome, row, digits), *_change(outcome, row, CHANGE, digits),
             *parts_of_doubt(row, digits, OF_CHANGE),
             between_in(unit, row["low_together"], row["high_together"], digits), with_p(_said(row), row))
        )  # fmt: skip
    heads = ("what varies", *(head_in(text, unit) for text in ("at first", "at last", "change")), INTERVAL,
             *heads_of_doubt(ends(outcome), OF_CHANGE), TOGETHER, "what can be said")  # fmt: skip
    caption = f"{capital(outcome['meaning'])}, each factor from its first value to its last"
    return Table(caption, heads, cells, (len(heads) - 1,))


def _said(row: Row) -> str:
    if row["note"]:
        return "no claim"
    if not told_apart(row["p_holm"]):
        return "cannot be told"
    return "rises" if row["change"] > 0.0 else "falls"


def all_table(outcome: Row) -> Table:
    """Every value of every factor, compared with the baseline."""
    rows = outcome["responses"]
    cells = [_against_baseline(outcome, row, f"{row['axis']} at {row['level']}", SHIFT) for row in rows]
    caption = f"{capital(outcome['meaning'])}: every value of every factor, compared with the baseline"
    fold = f"All {len(rows)} values that were tried"
    return Table(caption, _heads(outcome, "what varies"), cells, (), fold)


def subsets_table(outcome: Row) -> Table:
    """The lowest and the highest subsets of channels in each panel."""
    rows, cells = outcome["subsets"], []
    for panel in dict.fromkeys(row["panel"] for row in rows):
        there = [row for row in rows if row["panel"] == panel and known(row["mean"])]
        ranked = sorted(there, key=lambda row: row["mean"])
        more = len(ranked) - 2 * SHOWN
        lowest, highest = (ranked, []) if more <= 0 else (ranked[:SHOWN], ranked[-SHOWN:])
        cells += [_against_baseline(outcome, row, row["subset"], CHANGE) for row in lowest]
        cells += [(f"... {more} more, in points.csv", NONE, NONE, NONE)] if highest else []
        cells += [_against_baseline(outcome, row, row["subset"], CHANGE) for row in highest]
    caption = f"{capital(outcome['meaning'])}: the lowest and the highest of all subsets of channels"
    return Table(caption, _heads(outcome, "channels offered"), cells)


def _heads(outcome: Row, first: str) -> Sequence[str]:
    unit = outcome["unit"]
    return first, head_in("mean", unit), head_in("change from the baseline", unit), INTERVAL


def _against_baseline(outcome: Row, row: Row, name: str, change: Sequence[str]) -> tuple[str, ...]:
    digits = digits_of([tuple(row[name] for name in change)])
    return _in_panel(row, name), level_of(outcome, row, digits), *_change(outcome, row, change, digits)


def _change(outcome: Row, row: Row, names: Sequence[str], digits: int) -> tuple[str, str]:
    value, low, high = (row[name] for name in names)
    return change_in(outcome["unit"], value, digits), between_in(outcome["unit"], low, high, digits)


def _in_panel(row: Row, name: str) -> str:
    return f"{row['panel']}: {name}" if row["panel"] else name
