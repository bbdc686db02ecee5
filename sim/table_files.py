"""Raw columns of a table, from lists in a scenario file or from a CSV or Parquet file.

What the cells may be is checked in :mod:`sim.tables`; here only that there are columns to speak of.

pandas is imported only when a file is read: workers import this module without it.
"""

import io
import warnings
from collections import Counter
from collections.abc import Sequence
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ScenarioError
from sim.planned import content

Table = dict[str, np.ndarray]

EMPTY_CELLS = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None"]


def copied(table: Any) -> Any:
    """A table given from Python (a mapping of columns, a pandas or a pyarrow table) as lists and arrays of its own.

    What is no table or no column stays as it is; whoever reads it says so.
    """
    table = table.to_pydict() if hasattr(table, "to_pydict") else table
    return {str(name): _copied(values) for name, values in table.items()} if hasattr(table, "items") else table


def _copied(values: Any) -> Any:
    if type(values) in (list, tuple):
        return list(values)
    if type(values) is np.ndarray:
        return values.copy()
    if hasattr(values, "to_pylist"):  # pyarrow
        return values.to_pylist()
    return _plain(values).copy() if hasattr(values, "to_numpy") else values  # pandas


def from_columns(columns: Any, where: str) -> Table:
    if not hasattr(columns, "items"):
        raise ScenarioError(f"{where}: must be columns such as  id = [1, 2]  not {columns!r:.60}")
    return {str(name): _array(values, str(name), where) for name, values in columns.items()}


def _array(values: Any, name: str, where: str) -> np.ndarray:
    if isinstance(values, np.ndarray):
        return values.astype(object) if values.dtype.kind in "US" else values
    if not isinstance(values, list | tuple):
        raise ScenarioError(f"{where}: column '{name}' must be a list, one entry per row, not {values!r:.60}")
    if values and (
        all(isinstance(v, bool) for v in values) or all(isinstance(v, Real) and not isinstance(v, bool) for v in values)
    ):
        return np.array(values)
    mixed = np.empty(len(values), dtype=object)
    mixed[:] = values
    return mixed


def from_file(path: Path, where: str, ids: Sequence[str], planned: str = "") -> Table:
    """Columns of a CSV or Parquet file; ``planned`` as of `sim.planned.content`."""
    import pandas as pd

    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise ScenarioError(f"{where}: the file must end in .csv or .parquet, not '{path.suffix}'")
    data = content(path, where, planned)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # raised when cells would be dropped
            frame = _csv(pd, data, where, ids) if kind == ".csv" else pd.read_parquet(io.BytesIO(data))
    except ImportError:
        raise ScenarioError(f"{where}: reading Parquet needs the package pyarrow; or save it as CSV") from None
    except pd.errors.ParserWarning:
        raise ScenarioError(f"{where}: the first row has more cells than there are columns") from None
    except ScenarioError:
        raise
    except (OSError, ValueError) as bad:  # pandas' and pyarrow's own errors are ValueErrors
        reason = getattr(bad, "strerror", None) or (str(bad).splitlines() or [type(bad).__name__])[0]
        raise ScenarioError(f"{where}: cannot read {path}: {reason}") from None
    return {str(name): _plain(frame[name]) for name in frame.columns}


def _csv(pd: Any, data: bytes, where: str, ids: Sequence[str]) -> Any:
    options = {"encoding": "utf-8-sig", "skipinitialspace": True, "dtype": str, "header": None}
    header = [str(n).strip() for n in pd.read_csv(io.BytesIO(data), nrows=1, keep_default_na=False, **options).iloc[0]]
    for name, count in Counter(header).items():
        if count > 1:
            raise ScenarioError(f"{where}: column '{name}' stands {count} times in the header")
    # "NA" may be somebody's label, but never a number
    missing = {name: [""] if name in ids else EMPTY_CELLS for name in header}
    options |= {"dtype": {name: str for name in ids if name in header}, "names": header, "skiprows": 1}
    options |= {"na_values": missing, "keep_default_na": False, "low_memory": False, "index_col": False}
    return pd.read_csv(io.BytesIO(data), **options)


def _plain(series: Any) -> np.ndarray:
    if isinstance(series.dtype, np.dtype):
        return series.to_numpy()
    values = series.to_numpy(dtype=object, na_value=np.nan)
    return _array(list(values), str(series.name), "file")
