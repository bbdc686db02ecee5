"""The runs of a study as one table, CSV or Parquet: a row per planned run, in the order of the plan.

    run, scenario, scenario_digest, one column per changed parameter, world_seed, storm_seed, behaviour_seed,
    status (finished, failed, missing), error, one column per measure

An empty cell of a parameter means: as in the scenario. Where rules of one's own are among the runs, a column ``rules``
after the parameters says which made which. The table depends on the plan and on the results only: no
times, no order of finishing, no number of workers. So the bytes are the same however the runs were made. It is
written in pieces; memory does not grow with the number of runs.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.results.schema import METADATA
from experiments.runs.rows import Row, from_json

PIECE = 2_000  # runs
RULES = "rules"
PLANNED = "FROM plan LEFT JOIN runs ON plan.key = runs.key"


class Layout(NamedTuple):
    """Columns of the table."""

    kinds: dict[str, str]  # of changed parameters: real, whole, yes/no, text
    measures: list[str]
    names: dict[int, tuple[str, ...]]  # measures by number of their list
    scenarios: dict[str, str]  # names by digest
    has_rules: bool  # of one's own, in any run


def write(link: sqlite3.Connection, path: Path) -> None:
    """Write the runs of a ledger's plan in one step: the file is complete or not there."""
    layout = layout_of(link)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        (_as_parquet if path.suffix == ".parquet" else _as_csv)(pieces(link, layout), schema(layout), unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def layout_of(link: sqlite3.Connection) -> Layout:
    """Columns, as the plan and its results ask for them: in the order of first appearance in the plan."""
    kinds: dict[str, str] = {}
    has_rules = False
    for (text,) in link.execute("SELECT row FROM plan ORDER BY position"):
        row = from_json(text)
        has_rules |= bool(row.rules)
        for path, value in row.patch:
            kinds[path] = _wider(kinds.get(path), _kind(value))
    names = {number: tuple(json.loads(text)) for number, text in link.execute("SELECT id, text FROM names")}
    question = f"SELECT names, MIN(position) AS first {PLANNED} WHERE names IS NOT NULL GROUP BY names ORDER BY first"
    measures = dict.fromkeys(name for number, _ in link.execute(question) for name in names[number])
    scenarios = dict(link.execute("SELECT digest, name FROM scenarios"))
    return Layout(dict(sorted(kinds.items())), list(measures), names, scenarios, has_rules)


def pieces(link: sqlite3.Connection, layout: Layout) -> Iterator[dict[str, Any]]:
    """The table as dicts of columns, a few thousand rows at a time."""
    question = f"""
        SELECT position, plan.row, runs.key IS NULL, error, names, measures {PLANNED}
        WHERE position >= ? ORDER BY position LIMIT {PIECE}"""
    places = {
        number: np.array([layout.measures.index(name) if name in layout.measures else -1 for name in names], dtype=int)
        for number, names in layout.names.items()
    }
    start = 0
    while found := link.execute(question, (start,)).fetchall():
        yield _columns(found, layout, places)
        start = found[-1][0] + 1


def _columns(found: list[tuple], layout: Layout, places: dict[int, np.ndarray]) -> dict[str, Any]:
    rows = [from_json(record[1]) for record in found]
    values = np.full((len(found), len(layout.measures)), np.nan)
    has = np.zeros(values.shape, dtype=bool)
    for index, (*_, number, blob) in enumerate(found):
        if blob is not None:
            values[index, places[number]] = np.frombuffer(blob, dtype="<f8")
            has[index, places[number]] = True
    return {
        "run": [record[0] + 1 for record in found],
        "scenario": [layout.scenarios[row.scenario] for row in rows],
        "scenario_digest": [row.scenario for row in rows],
        **_patches(rows, layout.kinds),
        **({RULES: [row.rules for row in rows]} if layout.has_rules else {}),
        **{f"{name}_seed": [getattr(row.seeds, name) for row in rows] for name in ("world", "storm", "behaviour")},
        "status": ["missing" if lost else "failed" if error else "finished" for _, _, lost, error, *_ in found],
        "error": [record[3] for record in found],
        **{name: (values[:, n], ~has[:, n]) for n, name in enumerate(layout.measures)},
    }


def _patches(rows: list[Row], kinds: dict[str, str]) -> dict[str, list]:
    patches = [dict(row.patch) for row in rows]
    return {path: [_cell(patch.get(path), kind) for patch in patches] for path, kind in kinds.items()}


def _cell(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "text":
        return value if isinstance(value, str) else json.dumps(value)
    return float(value) if kind == "real" else value


def _kind(value: Any) -> str:
    kinds = {bool: "yes/no", int: "whole", float: "real"}
    return kinds.get(type(value), "text")


def _wider(known: str | None, new: str) -> str:
    """The kind of a column that holds values of both kinds."""
    if known is None or known == new:
        return new
    return "real" if {known, new} == {"whole", "real"} else "text"


def schema(layout: Layout) -> Any:
    """The columns with their types, as pyarrow has them."""
    import pyarrow as pa

    types = {"yes/no": pa.bool_(), "whole": pa.int64(), "real": pa.float64(), "text": pa.string()}
    return pa.schema(
        [("run", pa.int64()), ("scenario", pa.string()), ("scenario_digest", pa.string())]
        + [(path, types[kind]) for path, kind in layout.kinds.items()]
        + ([(RULES, pa.string())] if layout.has_rules else [])
        + [(f"{name}_seed", pa.uint64()) for name in ("world", "storm", "behaviour")]
        + [("status", pa.string()), ("error", pa.string())]
        + [(name, pa.float64()) for name in layout.measures],
        metadata=METADATA,
    )


def _tables(parts: Iterator[dict[str, Any]], columns: Any) -> Iterator[Any]:
    import pyarrow as pa

    for part in parts:
        arrays = [
            pa.array(value[0], type=field.type, mask=value[1])
            if isinstance(value, tuple)
            else pa.array(value, field.type)
            for field, value in ((field, part[field.name]) for field in columns)
        ]
        yield pa.table(arrays, schema=columns)


def _as_parquet(parts: Iterator[dict[str, Any]], columns: Any, path: Path) -> None:
    import pyarrow.parquet as pq

    words = [field.name for field in columns if str(field.type) == "string"]
    with pq.ParquetWriter(path, columns, compression="zstd", use_dictionary=words) as file:
        for table in _tables(parts, columns):
            file.write_table(table, row_group_size=PIECE)


def _as_csv(parts: Iterator[dict[str, Any]], columns: Any, path: Path) -> None:
    from pyarrow import csv

    with csv.CSVWriter(path, columns) as file:
        for table in _tables(parts, columns):
            file.write_table(table)
