"""Tables on disk: written so that they come back equal, and checked as they are read.

Tables of a run are Parquet files, whose columns have their unit and meaning, and of a category its values. Tables of
findings are CSV files, for any program; ``study.json`` beside them says of what kind their columns are:

==========  ===========================================
real        number, empty where it has no value
whole       whole number
yes/no      True or False
text        any text
==========  ===========================================

A kind that ends in ``?`` may be empty as well.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.results.schema import METADATA, ResultsError, again, digest_of_text, refuse_other
from sim.engine.outcome_columns import Column, Words, frame_of

if TYPE_CHECKING:
    import pandas as pd

CATEGORIES = b"categories"
PIECE = 2**17  # rows of a table that are written at a time
IS_OF_UNIT = {"yes/no": pa.types.is_boolean, "h": pa.types.is_floating}
KINDS: dict[str, tuple[Callable[[str], Any], str | None]] = {  # how a cell is read, and the type of the column
    "real": (lambda cell: float(cell or "nan"), "float64"),
    "whole": (int, "int64"),
    "yes/no": ({"True": True, "False": False}.__getitem__, "bool"),
    "text": (str, None),
}


def write_table(columns: Mapping[str, Any], documented: Sequence[Column], path: Path) -> None:
    """Write one table as Parquet, in pieces, so that there is never more than one of them beside the columns.

    Parameters
    ----------
    columns : by name, as `sim.engine.outcomes.COLUMNS` makes them
    documented : the same in their order, each with its unit and meaning
    """
    schema = _schema(columns, documented)
    number = len(_piece(columns[documented[0].name], slice(None)))
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1, use_dictionary=words) as file:
        for start in range(0, max(number, 1), PIECE):
            rows = slice(start, start + PIECE)
            arrays = [_array(_piece(columns[field.name], rows), field.type) for field in schema]
            file.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _schema(columns: Mapping[str, Any], documented: Sequence[Column]) -> pa.Schema:
    """What a data frame of these columns would be written as: seen from its first row."""
    head = frame_of({column.name: _piece(columns[column.name], slice(1)) for column in documented})
    found = pa.Schema.from_pandas(head, preserve_index=False)
    fields = [found.field(c.name).with_metadata(_documented(columns[c.name], c)) for c in documented]
    return pa.schema(fields, metadata={**found.metadata, **METADATA})


def _documented(values: Any, column: Column) -> dict[str | bytes, str]:
    found: dict[str | bytes, str] = {"unit": column.unit, "meaning": column.meaning}
    if _is_category(values):  # an empty table would lose them
        found[CATEGORIES] = json.dumps(values.names)
    return found


def _is_category(values: Any) -> bool:
    return isinstance(values, Words) and values.few


def _piece(values: Any, rows: slice) -> Any:
    """Some rows of a column."""
    if not isinstance(values, Words):
        return values[rows]
    return values._replace(codes=values.codes[rows]) if values.few else values.spelled(rows)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    """A column as Arrow has it, NaN as no value."""
    if not isinstance(values, Words):
        return pa.array(values, kind, from_pandas=True)
    codes = pa.array(values.codes.astype(kind.index_type.to_pandas_dtype()))
    return pa.DictionaryArray.from_arrays(codes, pa.array(values.names, kind.value_type))


def read_table(path: Path, columns: Sequence[Column], only: Sequence[str] | None = None) -> "pd.DataFrame":
    """A table as `write_table` was given it.

    Parameters
    ----------
    columns : that it has, as documented
    only : names of those to read; None: all

    Raises
    ------
    ResultsError    missing, damaged, of another schema, or with other columns than documented
    """
    import pandas as pd

    table = read_parquet(path, only)
    schema = pq.read_schema(path) if only else table.schema
    names, wanted = schema.names, [column.name for column in columns]
    if names != wanted:
        differ = [f"lacks {n}" for n in wanted if n not in names] + [f"has {n}" for n in names if n not in wanted]
        raise ResultsError(
            f"{path} has other columns than it should: {', '.join(differ) or 'in another order'}; {again(path)}"
        )
    for column, field in zip(columns, schema, strict=True):
        if not IS_OF_UNIT.get(column.unit, lambda _: True)(field.type):
            raise ResultsError(f"{path}: column {column.name} is no column of {column.unit}; {again(path)}")
    frame = table.to_pandas()
    for field in table.schema:
        if CATEGORIES in (field.metadata or {}):
            kind = pd.CategoricalDtype(json.loads(field.metadata[CATEGORIES]))
            frame[field.name] = frame[field.name].astype(kind)
    return frame


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A Parquet file of a schema that can be read, or some of its columns.

    Raises
    ------
    ResultsError    missing, damaged or of another schema
    """
    try:
        table = pq.read_table(path, columns=columns and list(columns))
    except (OSError, pa.ArrowException) as bad:
        reason = getattr(bad, "strerror", None) or str(bad).splitlines()[0]
        raise ResultsError(f"{path} cannot be read ({reason}); {again(path)}") from None
    (name,) = METADATA
    found = (table.schema.metadata or {}).get(name, b"").decode()
    refuse_other(int(found) if found.isdigit() else found or None, path)
    return table


def as_csv(frame: "pd.DataFrame") -> tuple[str, dict[str, Any]]:
    """A table as CSV, and what is said of it in ``study.json``."""
    text = frame.to_csv(index=False)
    kinds = {str(name): kind_of(frame[name]) for name in frame.columns}
    return text, {"digest": digest_of_text(text), "columns": kinds}


def kind_of(values: "pd.Series") -> str:
    """Of what kind a column is: real, whole, yes/no or text; with ``?`` if some of it is empty."""
    there = values.dropna()
    if values.dtype.kind == "f":
        return "real"
    if values.dtype.kind in "iu":
        return "whole"
    kind = "yes/no" if len(there) and all(isinstance(value, bool) for value in there) else "text"
    if values.dtype.kind == "b":
        kind = "yes/no"
    return kind if len(there) == len(values) else f"{kind}?"


def read_csv(path: Path, described: dict[str, Any]) -> "pd.DataFrame":
    """A table as `as_csv` was given it.

    Raises
    ------
    ResultsError    missing, or not as it was written
    """
    import pandas as pd

    try:
        content = path.read_bytes()
    except OSError as bad:
        raise ResultsError(f"{path} cannot be read ({bad.strerror}); {again(path)}") from None
    if digest_of_text(content) != described["digest"]:
        raise ResultsError(f"{path} is not as it was written: it is damaged or has been edited; {again(path)}")
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    kinds = described["columns"]
    if header != list(kinds):
        raise ResultsError(f"{path} has other columns than the study.json beside it says; {again(path)}")
    cells = zip(*rows) if rows else [()] * len(header)
    return pd.DataFrame({name: _values(column, kinds[name]) for name, column in zip(header, cells, strict=True)})


def _values(cells: Sequence[str], kind: str) -> "pd.Series":
    """The cells of a column as what they were."""
    import pandas as pd

    plain = kind.rstrip("?")
    read, dtype = KINDS[plain]
    values = [None if cell == "" and plain != kind else read(cell) for cell in cells]
    return pd.Series(values, dtype=dtype if cells and plain == kind else None)
