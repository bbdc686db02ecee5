"""Numbers as text: as many digits as the interval bears, alike within a column."""

import math
from collections.abc import Sequence

import pandas as pd

DIGITS = (1, 2, 3)
SMALL = 0.2  # an interval of a half-width below this gets a second digit; below a tenth of this, a third


def digits_for(rows: Sequence[pd.Series], factor: float = 1.0) -> int:
    """Digits behind the point: enough that no interval is printed as a point, or as touching zero when it does not."""
    bounds = [(factor * row["low"], factor * row["high"]) for row in rows if math.isfinite(row["low"])]
    narrow = min((high - low for low, high in bounds if high > low), default=math.inf) / 2.0
    nearest = min((min(abs(low), abs(high)) for low, high in bounds if low > 0.0 or high < 0.0), default=math.inf)
    return next((n for n in DIGITS if narrow >= SMALL * 10.0 ** (1 - n) and nearest >= 0.5 * 10.0**-n), DIGITS[-1])


def signed(value: float, digits: int = 1) -> str:
    """A change; ``-`` where there is none, ``never`` where it is endless."""
    return "-" if math.isnan(value) else "never" if math.isinf(value) else f"{value:+z.{digits}f}"


def hours(value: float, digits: int) -> str:
    """An amount of hours."""
    return f"{value:.{digits}f} h"


def around(row: pd.Series) -> str:
    """A change of hours with its interval, in a sentence."""
    digits = digits_for([row])
    return f"{signed(row['change'], digits)} h, {signed(row['low'], digits)} to {signed(row['high'], digits)} h"


def with_interval(row: pd.Series, digits: int, factor: float = 1.0) -> str:
    """A change with its interval, in a table."""
    change, low, high = (factor * row[name] for name in ("change", "low", "high"))
    if not math.isfinite(low):
        return signed(change, digits)
    if change == low == high == 0.0:
        return "0 in every pair"
    return f"{signed(change, digits)} ({signed(low, digits)} to {signed(high, digits)})"


def dollars(*values: float, sign: bool = False, digits: int | None = None) -> list[str]:
    """US dollars in one unit for all: dollars, or thousands (k), millions (m) or billions (bn) where they are many.

    ``digits`` behind the point, where they are not to follow from the largest.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    limits = ((1e9, 1e9, "bn"), (1e6, 1e6, "m"), (1e4, 1e3, "k"))
    unit, word = next(((unit, word) for limit, unit, word in limits if largest >= limit), (1.0, ""))
    size = largest / unit
    if digits is None or unit > 1.0:
        digits = 0 if size >= 100.0 or (unit == 1.0 and size >= 10.0) else 1 if size >= 10.0 else 2
    return [_dollars(value / unit, digits, word, sign) for value in values]


def _dollars(value: float, digits: int, word: str, sign: bool) -> str:
    if not math.isfinite(value):
        return "-"
    text = f"{abs(value):,.{digits}f}{word}"
    before = "" if float(f"{value:.{digits}f}") == 0.0 else "-" if value < 0.0 else "+" if sign else ""
    return f"{before}${text}"


def dollars_with_interval(row: pd.Series) -> str:
    """A change of cost with its interval, in a table."""
    if not math.isfinite(row["low"]):
        return dollars(row["change"], sign=True)[0]
    if row["change"] == row["low"] == row["high"] == 0.0:
        return "$0 in every pair"
    change, low, high = dollars(row["change"], row["low"], row["high"], sign=True)
    return f"{change} ({low} to {high})"
