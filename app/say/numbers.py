"""Numbers as a citizen reads them: hours or minutes, dollars, shares; rounded, but no further than intervals allow.

An interval that leaves out zero is never rounded onto zero.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

NONE = "–"
MINUTES_BELOW_H = 1.5
MOST_DIGITS = 3
UNITS = {"h": " hours", "%": " %", "US$": " US dollars", "min": " minutes", "km/h": " km per hour"}
DOLLARS = "US$"
BARE = ("1", "file", "rows", "yes/no", "choice", "")


def known(value: Any) -> bool:
    """Whether there is a number at all."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_sure(low: float | None, high: float | None) -> bool:
    """Whether an interval leaves out zero."""
    return low is not None and high is not None and bool(low > 0.0 or high < 0.0)


def hours(*values: float) -> list[str]:
    """Amounts of time in one unit for all, the unit behind the last: ``["2.1", "1.2", "3.0 hours"]``."""
    texts, unit = _amounts(values)
    texts[-1] += f" {unit[:-1] if texts[-1] == '1' else unit}"
    return texts


def time(value: float) -> str:
    """One amount of time: ``2.1 hours``, ``17 minutes``."""
    return hours(abs(value))[0]


def change_of_time(value: float, low: float | None, high: float | None) -> tuple[str, str]:
    """An amount without its sign and its interval: ``2.1 hours``, ``95 % interval 1.2 to 3.0 hours``; "" if none."""
    if low is None or high is None:
        return time(value), ""
    near, far = sorted((abs(low), abs(high)))
    texts, unit = _amounts((abs(value), near, far))
    return _with(texts[0], unit), f"95 % interval {texts[1]} to {texts[2]} {unit}"


def around_zero(low: float, high: float, less: str, more: str) -> str:
    """An interval that holds zero: ``anything from 42 minutes shorter to 6 minutes longer``."""
    texts, unit = _amounts((abs(low), abs(high)), zero_is_fine=True)
    first, second = (_with(text, unit) for text in texts)
    return f"anything from {first} {less} to {second} {more}"


def _with(text: str, unit: str) -> str:
    return f"{text} {unit[:-1] if text == '1' else unit}"


def _amounts(values: Sequence[float], zero_is_fine: bool = False) -> tuple[list[str], str]:
    there = [abs(value) for value in values if math.isfinite(value)]
    small = max(there, default=0.0) < MINUTES_BELOW_H
    factor, unit, digits = (60.0, "minutes", 0) if small else (1.0, "hours", 1)
    return [_rounded(factor * value, digits, zero_is_fine) for value in values], unit


def _rounded(value: float, digits: int, zero_is_fine: bool) -> str:
    if not math.isfinite(value):
        return NONE
    while not zero_is_fine and digits < MOST_DIGITS and 0.0 < value < 0.5 * 10.0**-digits:
        digits += 1
    return f"{value:.{digits}f}"


def digits_of(rows: Sequence[Sequence[float | None]], least: int = 1) -> int:
    """Digits behind the point for a column of (value, low, high): no sure interval touches zero, none is a point."""
    digits = least
    for _, low, high in rows:
        if low is None or high is None or low == high:
            continue
        narrow = min(min(abs(low), abs(high)) if is_sure(low, high) else math.inf, high - low)
        while digits < MOST_DIGITS and narrow < 0.5 * 10.0**-digits:
            digits += 1
    return digits


def signed(value: float | None, digits: int = 1) -> str:
    """A change in a table."""
    return f"{value:+z,.{digits}f}" if known(value) else NONE


def plain(value: float | None, digits: int = 1) -> str:
    """A level in a table."""
    return f"{value:z,.{digits}f}" if known(value) else NONE


def between(low: float | None, high: float | None, digits: int = 1) -> str:
    """An interval in a table."""
    if not known(low) or not known(high):
        return "none"
    return "0 in every pair" if low == high == 0.0 else f"{signed(low, digits)} to {signed(high, digits)}"


def level_in(unit: str, value: float | None, digits: int = 1) -> str:
    """A level of any unit in a table; the unit stands in the head, but for dollars."""
    sign = "-" if known(value) and value < 0.0 else ""  # type: ignore[operator]
    return f"{sign}{dollars(value)}" if unit == DOLLARS else plain(value, digits)


def change_in(unit: str, value: float | None, digits: int = 1) -> str:
    """A change of any unit in a table."""
    return signed_dollars(value) if unit == DOLLARS else signed(value, digits)


def between_in(unit: str, low: float | None, high: float | None, digits: int = 1) -> str:
    """The interval of a change of any unit in a table."""
    if unit != DOLLARS or not known(low) or not known(high) or low == high == 0.0:
        return between(low, high, digits)
    return f"{signed_dollars(low)} to {signed_dollars(high)}"


def head_in(text: str, unit: str) -> str:
    """The head of a column with its unit."""
    return text if unit == DOLLARS else f"{text} ({unit})"


def share(value: float | None, digits: int = 0) -> str:
    """A share in per cent."""
    return f"{100 * value:z.{digits}f} %" if value is not None and math.isfinite(value) else NONE


def dollars(value: float | None) -> str:
    """Dollars without a sign, to two or three figures: ``$57,000``, ``$1.2 million``; cents below ten dollars."""
    if value is None or not math.isfinite(value):
        return NONE
    size = abs(value)
    if size >= 999_500:
        unit, word = (1e9, "billion") if size >= 999.5e6 else (1e6, "million")
        return f"${size / unit:,.{1 if size < 100 * unit else 0}f} {word}"
    if size < 10.0:
        return f"${size:.2f}"
    step = 10.0 ** max(0, math.floor(math.log10(size)) - 2)
    return f"${round(size / step) * step:,.0f}"


def signed_dollars(value: float | None) -> str:
    """A change of dollars in a table."""
    text = dollars(value)
    return text if not known(value) or not value else f"{'-' if value < 0.0 else '+'}{text}"


def times(value: float) -> str:
    """A factor."""
    return f"{value:,.0f}" if value >= 10.0 else f"{value:.1f}"


def value_of(row: Mapping[str, Any], name: str = "value") -> str:
    """A parameter's value with its unit."""
    value: Any = row.get(name)
    unit = str(row.get("unit", ""))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) if value else "none"
    if not known(value):
        return str(value) if value not in (None, "") else "none"
    if unit == "share":
        return f"{100 * value:.4g} %"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    return text if unit in BARE else text + UNITS.get(unit, f" {unit}")


def exactly(value: Any) -> str:
    """A value as one would type it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
