"""Raw columns of a table, from lists in a scenario file or from a CSV or Parquet file.

What the cells may be is checked in :mod:`sim.inputs.tables`; here only that there are columns to speak of, and not too
many: how much a file holds is known before it is unpacked.

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

from sim.core.errors import ScenarioError, shown
from sim.core.limits import COLUMNS, ROWS, TABLE_BYTES, UNPACKED_BYTES, WHOLE
from sim.core.planned import content

Table = dict[str, np.ndarray]

EMPTY_CELLS = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None"]
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
INDEX = "__index_level_"  # names that pandas gives to columns it has made itself


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
        raise ScenarioError(f"{where}: must be columns such as  id = [1, 2]  not {shown(columns)}")
    return {str(name): _array(values, str(name), where) for name, values in columns.items()}


def _array(values: Any, name: str, where: str) -> np.ndarray:
    if isinstance(values, np.ndarray):
        return values.astype(object) if values.dtype.kind in "US" else values
    if not isinstance(values, list | tuple):
        raise ScenarioError(f"{where}: column '{name}' must be a list, one entry per row, not {shown(values)}")
    for row, value in enumerate(values, 1):
        if type(value) is int and not -WHOLE <= value <= WHOLE:
            raise ScenarioError(f"{where}: column '{name}', row {row}: a whole number beyond {WHOLE}")
    if values and (
        all(isinstance(v, bool) for v in values) or all(isinstance(v, Real) and not isinstance(v, bool) for v in values)
    ):
        return np.array(values)
    mixed = np.empty(len(values), dtype=object)
    mixed[:] = values
    return mixed


def from_file(path: Path, where: str, ids: Sequence[str], planned: str = "") -> Table:
    """Columns of a CSV or Parquet file; ``planned`` as of `sim.core.planned.content`."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise ScenarioError(f"{where}: the file must end in .csv or .parquet, not '{path.suffix}'")
    data = content(path, where, TABLE_BYTES, planned)
    frame = _csv(data, path, where, ids) if kind == ".csv" else _parquet(data, path, where)
    return {str(name): _plain(frame[name]) for name in frame.columns if not str(name).startswith(INDEX)}


def _csv(data: bytes, path: Path, where: str, ids: Sequence[str]) -> Any:
    import pandas as pd

    data = data.removeprefix(BYTE_ORDER_MARK).lstrip(b"\r\n")
    _check_size(max(data.count(b"\n"), data.count(b"\r")), data[: data.find(b"\n")].count(b",") + 1, where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # raised when cells would be dropped
            return _parsed(pd, data, where, ids)
    except pd.errors.ParserWarning:
        raise ScenarioError(f"{where}: the first row has more cells than there are columns") from None
    except ScenarioError:
        raise
    except ValueError as bad:  # pandas' own errors, and those of text that is no UTF-8
        raise _unreadable(path, where, bad) from None


def _parsed(pd: Any, data: bytes, where: str, ids: Sequence[str]) -> Any:
    options = {"encoding": "utf-8", "skipinitialspace": True, "dtype": str, "header": None}
    top = pd.read_csv(io.BytesIO(data), nrows=1, keep_default_na=False, **options).iloc[0]
    header = [str(name).strip() for name in top]
    _check_header(header, where)
    # "NA" may be somebody's label, but never a number
    missing = {name: [""] if name in ids else EMPTY_CELLS for name in header}
    options |= {"dtype": {name: str for name in ids if name in header}, "names": header, "skiprows": 1}
    options |= {"na_values": missing, "keep_default_na": False, "low_memory": False, "index_col": False}
    return pd.read_csv(io.BytesIO(data), **options)


def _parquet(data: bytes, path: Path, where: str) -> Any:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ScenarioError(f"{where}: reading Parquet needs the package pyarrow; or save it as CSV") from None
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(data))
        _check_parquet(file, where)
        table = file.read()
        table.validate(full=True)  # text that is no UTF-8 would be found later, where nobody expects it
        return table.to_pandas(ignore_metadata=True)
    except ScenarioError:
        raise
    except (pyarrow.ArrowException, OSError, ValueError) as bad:
        raise _unreadable(path, where, bad) from None


def _check_parquet(file: Any, where: str) -> None:
    from pyarrow import types

    about, schema = file.metadata, file.schema_arrow
    _check_size(about.num_rows, about.num_columns, where)
    _check_header(schema.names, where)
    unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    if unpacked > UNPACKED_BYTES:
        raise ScenarioError(f"{where}: unpacks to {unpacked:,} bytes; at most {UNPACKED_BYTES:,} are read")
    for field in schema:
        if types.is_nested(field.type):
            raise ScenarioError(f"{where}: column '{field.name}' holds {shown(str(field.type))}, not a value per row")


def _check_size(rows: int, columns: int, where: str) -> None:
    if rows > ROWS:
        raise ScenarioError(f"{where}: the table has {rows:,} rows; at most {ROWS:,} are read")
    if columns > COLUMNS:
        raise ScenarioError(f"{where}: the table has {columns:,} columns; at most {COLUMNS:,} are read")


def _check_header(names: Sequence[str], where: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ScenarioError(f"{where}: column '{name}' stands {count} times in the header")


def _unreadable(path: Path, where: str, bad: Exception) -> ScenarioError:
    reason = (str(bad).splitlines() or [type(bad).__name__])[0]
    return ScenarioError(f"{where}: cannot read {path}: {reason}")


def _plain(series: Any) -> np.ndarray:
    if series.dtype.kind in "mM":  # dates and spans of time become words: NumPy would take them for numbers
        series = series.astype(str)
    if isinstance(series.dtype, np.dtype):
        return series.to_numpy()
    values = series.to_numpy(dtype=object, na_value=np.nan)
    return _array(list(values), str(series.name), "file")
