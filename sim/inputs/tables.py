"""Tables given by a user: read from the scenario or from a file, and checked before anything uses them.

A table is a dict of columns of equal length. It stands inline in the scenario (``[tables.households]``) or in
a CSV or Parquet file that a parameter names (``place.households``). Identifiers are text: 7 and "7" are one,
and a leading zero survives. Rows are counted from 1, without the header line.

Every complaint is a one-line ScenarioError that names the table, the column, the row and the value.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from numbers import Real
from typing import Any

import numpy as np

from sim.core.errors import ScenarioError, nearest, shown
from sim.inputs.plausible import check_labels
from sim.inputs.scenario import Scenario
from sim.inputs.table_files import Table, from_columns, from_file

PER_CENT = "; shares are fractions of one: divide per cents by 100"
EMPTY = ("", "na", "n/a", "nan", "null", "none")
DISTRICT = "district"  # column of a tract or household table, read as text
YES_NO = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}


def given(scenario: Scenario, name: str, parameter: str) -> bool:
    """Whether the scenario has this table, inline or as a file."""
    return name in scenario.tables or bool(parameter and scenario[parameter])


def place_of(scenario: Scenario, name: str, parameter: str) -> str:
    """What messages call the table: its section in the scenario, or the parameter and the file."""
    if name in scenario.tables:
        return f"{scenario.name} [tables.{name}]"
    return scenario.file_name(parameter)


def read_table(scenario: Scenario, name: str, parameter: str, ids: Sequence[str] = ()) -> Table | None:
    """Read a table from the scenario or from the file that a parameter points to.

    Parameters
    ----------
    name : str               name of the inline table, e.g. ``households``
    parameter : str          dotted path of the file's parameter, e.g. ``place.households``; "": inline only
    ids : sequence of str    columns to read as text, where present

    Returns
    -------
    dict of column name to array [row], or None if there is none; raises `FileChanged` if its file has changed
    """
    if not given(scenario, name, parameter):
        return None
    inline = scenario.tables.get(name)
    if inline is not None and parameter and scenario[parameter]:
        raise ScenarioError(
            f"{scenario.name} [tables.{name}] and {parameter} = '{scenario[parameter]}' are both given; keep one"
        )
    where = place_of(scenario, name, parameter)
    if inline is None:
        table = from_file(scenario.path_of(parameter), where, ids, scenario.planned.get(parameter, ""))
    else:
        table = from_columns(inline, where)
    _check_lengths(table, where)
    table = {c: text(table, c, where) if c in ids else values for c, values in table.items()}
    for name in table:
        if name in ids:
            check_labels(table[name], name, where)
    return table


def column(table: Table, name: str, where: str) -> np.ndarray:
    """A required column; if it is missing, the message offers the nearest spelling that is there."""
    if name not in table:
        raise ScenarioError(f"{where}: column '{name}' is missing{nearest(name, table)}")
    return table[name]


def number(
    table: Table,
    name: str,
    where: str,
    low: float = -np.inf,
    high: float = np.inf,
    *,
    empty: bool = False,
    used: np.ndarray | None = None,
    hint: str = "",
) -> np.ndarray:
    """A column of finite numbers within [low, high]. Returns float64 [row].

    Parameters
    ----------
    empty : bool             whether cells may be empty (or -999, as the Census writes it); they become NaN
    used : bool [row]        rows to check, all by default; the others become NaN
    hint : str               advice to append when a number is out of range
    """
    numbers = _numbers(column(table, name, where), name, where)
    numbers = np.where(empty & (numbers == -999.0), np.nan, numbers)
    missing = np.isnan(numbers) & (True if used is None else used)
    if not empty and missing.any():
        raise ScenarioError(f"{_cell(where, name, missing)} is empty, must be a number{_range(low, high)}")
    numbers = numbers if used is None else np.where(used, numbers, np.nan)
    wrong = (numbers < low) | (numbers > high) | np.isinf(numbers)  # never where it is NaN
    if wrong.any():
        value = numbers[np.argmax(wrong)]
        raise ScenarioError(f"{_cell(where, name, wrong)} is {value:g}, must be a number{_range(low, high)}{hint}")
    return numbers


def flag(table: Table, name: str, where: str) -> np.ndarray:
    """A column of yes and no, written true/false or 1/0. Returns bool [row]."""
    values = column(table, name, where)
    if values.dtype == bool:
        return values.copy()
    words = values.astype(str) if values.dtype != object else np.array([str(v) for v in values], dtype=str)
    words = np.char.lower(np.char.strip(words))
    known = np.isin(words, list(YES_NO))
    if not known.all():
        value = values[np.argmin(known)]
        raise ScenarioError(f"{_cell(where, name, ~known)} is {_shown(value)}, must be true or false (or 1 or 0)")
    return np.isin(words, [word for word, yes in YES_NO.items() if yes])


def text(table: Table, name: str, where: str) -> np.ndarray:
    """A column of non-empty text; whole numbers become their decimal text. Returns object [row] of str."""
    values = column(table, name, where)
    if values.dtype.kind in "iu":
        return values.astype(str).astype(object)
    words = np.array([_word(v) for v in values], dtype=object)
    blank = words == ""
    if blank.any():
        raise ScenarioError(f"{_cell(where, name, blank)} is empty, must be text or a whole number")
    return words


def optional(read: Callable[..., np.ndarray], table: Table, name: str, *args: Any, **limits: Any) -> np.ndarray | None:
    """``read(table, name, ...)`` if the table has the column, else None."""
    return read(table, name, *args, **limits) if name in table else None


def check_unique(table: Table, name: str, where: str) -> None:
    """Refuse a column of identifiers in which one appears twice."""
    names = column(table, name, where)
    if len(set(names)) == len(names):
        return
    twice = next(n for n, count in Counter(names).items() if count > 1)
    first, second = [row for row, n in enumerate(names.tolist(), 1) if n == twice][:2]
    raise ScenarioError(f"{where}: column '{name}', row {second}: {shown(twice)} stands already in row {first}")


def check_count(table: Table, name: str, most: int, where: str) -> None:
    """Refuse a table of more rows than its kind may have; ``name`` is a column that it has."""
    if len(table[name]) > most:
        raise ScenarioError(f"{where}: the table has {len(table[name]):,} rows; at most {most:,} are taken")


def check_spelling(table: Table, allowed: Iterable[str], where: str, likeness: float = 0.75) -> None:
    """Refuse a column that is almost spelled like an optional one: it would silently be ignored."""
    absent = [name for name in allowed if name not in table]
    for name in table:
        close = [] if name in allowed else get_close_matches(name, absent, n=1, cutoff=likeness)
        if close:
            raise ScenarioError(f"{where}: unknown column '{name}'; did you mean '{close[0]}'?")


def _check_lengths(table: Table, where: str) -> None:
    lengths = {name: len(values) for name, values in table.items()}
    if not lengths:
        raise ScenarioError(f"{where}: the table is empty")
    first = next(iter(lengths))
    for name, length in lengths.items():
        if length != lengths[first]:
            raise ScenarioError(f"{where}: column '{name}' has {length} rows but '{first}' has {lengths[first]}")
    if lengths[first] == 0:
        raise ScenarioError(f"{where}: the table has no rows")


def _numbers(values: np.ndarray, name: str, where: str) -> np.ndarray:
    if values.dtype.kind in "iuf":
        return values.astype(float)
    numbers = np.array([_number(v) for v in values], dtype=object)
    wrong = np.array([n is None for n in numbers])
    if wrong.any():
        raise ScenarioError(f"{_cell(where, name, wrong)} is {_shown(values[np.argmax(wrong)])}, not a number")
    return numbers.astype(float)


def _number(value: Any) -> float | None:
    """NaN for an empty cell, None for what is not a number."""
    if isinstance(value, bool | np.bool_):
        return None
    if value is None or str(value).strip().lower() in EMPTY:
        return np.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _word(value: Any) -> str:
    if value is None or value != value:  # only NaN differs from itself
        return ""
    if isinstance(value, Real) and not isinstance(value, bool) and float(value).is_integer():
        return str(int(float(value)))
    return str(value).strip()


def _shown(value: Any) -> str:
    return "empty" if _word(value) == "" else shown(value.item() if isinstance(value, np.generic) else value)


def _cell(where: str, name: str, wrong: np.ndarray) -> str:
    return f"{where}: column '{name}', row {int(np.argmax(wrong)) + 1}"


def _range(low: float, high: float) -> str:
    if np.isinf(low) and np.isinf(high):
        return ""
    if np.isinf(high):
        return f" of at least {low:g}"
    return f" of at most {high:g}" if np.isinf(low) else f" from {low:g} to {high:g}"
