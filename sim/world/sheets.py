"""Tables of a grid: rows have names, and complaints name the node, edge or device.

A grid has thousands of rows, so "edge 'LN58' has length_km -1" helps where "row 3017" would not. Values are read
by kind: names of rows in another table, words of which some are allowed, numbers, amounts, counts, flags.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.core.errors import ScenarioError, nearest, shortened
from sim.core.limits import EXPOSURE, HOUSEHOLDS, LINE_KM
from sim.inputs import tables
from sim.inputs.plausible import check_near

OPTIONAL = ("customers", "x_km", "y_km", "length_km", "overhead", "critical", "exposure", "level", "kind")
MOST = {"customers": HOUSEHOLDS, "length_km": LINE_KM, "exposure": EXPOSURE}


class Sheet:
    """One table with named rows, whose complaints name the row's node, edge or device."""

    def __init__(self, table: Mapping[str, Any], where: str, what: str, name: str):
        self.table = {str(c): np.asarray(table[c], dtype=object) for c in table}
        self.where, self.what = where, what
        self.names = tables.text(self.table, name, where)
        tables.check_unique(self.table | {name: self.names}, name, where)
        tables.check_spelling(self.table, OPTIONAL, where)

    def complaint(self, row: Any, text: str) -> ScenarioError:
        return ScenarioError(f"{self.where}: {self.what} '{self.names[row]}' {text}")

    def rows(self, column: str, row: dict[str, int]) -> np.ndarray:
        """Rows of another table that the names in a column stand for."""
        given = [as_word(v) for v in tables.column(self.table, column, self.where)]
        for i, name in enumerate(given):
            if name not in row:
                raise self.complaint(i, f"has unknown {column} '{shortened(name)}'{nearest(name, row)}")
        return np.array([row[name] for name in given], dtype=np.int64)

    def words(self, column: str, allowed: Any) -> np.ndarray:
        """Words in a column, of which only some are allowed."""
        given = [str(v).strip().lower() for v in tables.column(self.table, column, self.where)]
        for i, word in enumerate(given):
            if word not in allowed:
                hint = f"{nearest(word, allowed)} (allowed: {', '.join(allowed)})"
                raise self.complaint(i, f"has unknown {column} '{shortened(word)}'{hint}")
        return np.array(given, dtype=object)

    def numbers(self, column: str) -> np.ndarray:
        """Numbers in a column; NaN where there are none."""
        if column not in self.table:
            return np.full(len(self.names), np.nan)
        return tables.number(self.table, column, self.where, empty=True)

    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """Columns x_km and y_km, not far from the city's centre; NaN where there are none."""
        x_km, y_km = self.numbers("x_km"), self.numbers("y_km")
        check_near(x_km, y_km, self.where, lambda i: f"{self.what} '{self.names[i]}'")
        return x_km, y_km

    def amounts(self, column: str) -> np.ndarray:
        """Numbers that cannot be negative nor beyond what there is; NaN where there are none."""
        values = self.numbers(column)
        for i in np.flatnonzero(values < 0.0):
            raise self.complaint(i, f"has {column} {values[i]:g}; must be 0 or more")
        for i in np.flatnonzero(values > MOST[column]):
            raise self.complaint(i, f"has {column} {values[i]:g}; must be {MOST[column]:,.0f} or less")
        return values

    def counts(self, column: str) -> np.ndarray:
        """Whole numbers, 0 or more; all 0 where there is no such column."""
        if column not in self.table:
            return np.zeros(len(self.names), dtype=np.int64)
        values = self.amounts(column)
        for i in np.flatnonzero(~(values == np.floor(values))):  # NaN too
            given = "empty" if np.isnan(values[i]) else f"{values[i]:g}"
            raise self.complaint(i, f"has {column} {given}; must be a whole number, 0 or more")
        return values.astype(np.int64)

    def lengths(self, rows: np.ndarray) -> np.ndarray:
        """Lengths of lines in the given order: each known, or none."""
        values = self.amounts("length_km")[rows]
        for i in rows[np.isnan(values)] if "length_km" in self.table else ():
            raise self.complaint(i, "is a line without length_km; must be a number, 0 or more")
        return values

    def qualities(self, order: np.ndarray) -> tuple[np.ndarray, ...]:
        """Overhead, critical and exposure in the given order; NaN where not given."""
        flags = []
        for column in ("overhead", "critical"):
            words = [as_word(v).lower() for v in self.table.get(column, [""] * len(self.names))]
            for i, word in enumerate(words):
                if word and word not in tables.YES_NO:
                    raise self.complaint(i, f"has {column} '{word}'; must be true or false (or 1 or 0)")
            flags.append(np.array([float(tables.YES_NO[w]) if w else np.nan for w in words])[order])
        return *flags, self.amounts("exposure")[order]


def as_word(value: Any) -> str:
    """A cell as text: empty for none and NaN, 7 for 7.0."""
    if value is None or value != value:  # only NaN differs from itself
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
