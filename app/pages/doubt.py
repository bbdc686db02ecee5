"""Doubt about parameters, where every page says it alike: what intervals cover, which part is which, and the draws."""

from collections.abc import Sequence

from app.pages.page import Row, Section, Table, Text
from app.say.names import described
from app.say.numbers import NONE, known, plain, value_of
from experiments.found import MADE

HEADS = ("of which chance", "of which doubt")
CHANCE_ONLY = "The intervals cover chance only, not doubt about the assumptions."


def covers(found: Row) -> str:
    """What the intervals of a study cover, in a sentence."""
    doubt = found[MADE]["doubt"]
    if not doubt:
        return CHANCE_ONLY
    many = len(doubt["parameters"])
    what = f"{many} parameters" if many > 1 else "one parameter"
    return (
        f"The intervals cover chance and doubt about {what}, as the draws of {doubt['draws']} have them; not doubt "
        "about the other assumptions, nor about the model itself."
    )


def heads(rows: Sequence[Row], prefix: str = "") -> tuple[str, ...]:
    """Heads of the two columns that say which part of an interval is which; none without doubt."""
    return HEADS if any(f"{prefix}by_doubt" in row for row in rows) else ()


def cells(row: Row, digits: int, prefix: str = "", factor: float = 1.0) -> tuple[str, ...]:
    """The two parts of an interval, as half-widths; none without doubt."""
    if f"{prefix}by_doubt" not in row:
        return ()
    parts = (row[f"{prefix}{name}"] for name in ("by_chance", "by_doubt"))
    return tuple(f"± {plain(factor * value, digits)}" if known(value) else NONE for value in parts)


def sections(found: Row) -> list[Section]:
    """What the draws are, and how to read the two parts; none without doubt."""
    doubt = found[MADE]["doubt"]
    if not doubt:
        return []
    text = (
        f"Each storm was played with another of {doubt['number']:,} sets of parameters, all of which fit what was "
        "observed; a run and the one that it is compared with had the same. An interval has two parts, and their "
        "squares sum to its own: chance, which more storms narrow, and doubt, which they do not. They are parted by "
        "how far a straight line through the parameters explains the differences between storms: where that is little, "
        "doubt is small or follows no straight line."
    )
    rows = [
        (described(p), value_of(p), f"{value_of({**p, 'value': p['low']})} to {value_of({**p, 'value': p['high']})}",
         p["path"]) for p in doubt["parameters"]
    ]  # fmt: skip
    heads = ("what", "in the scenario", "in the draws", "name in the model")
    table = Table(f"The draws {doubt['draws']}", heads, rows, (3,))
    return [Section("doubt", "Doubt about the parameters", [Text(text), table])]
