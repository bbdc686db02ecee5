"""Tables of runs are written from columns, a piece at a time: the files hold what pandas would make of data frames."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.results import tables
from experiments.results.tables import read_table, write_table
from sim import load, run
from sim.engine.outcome_columns import TABLES, Words, frame_of
from sim.engine.outcomes import COLUMNS


@pytest.fixture(scope="module")
def outcomes():
    return run(load("classroom").but({"place.customers": 100}), 1)


def nothing_of(values):
    return values._replace(codes=values.codes[:0]) if isinstance(values, Words) else values[:0]


@pytest.mark.parametrize("name", TABLES)
def test_tables_without_rows_keep_their_types(tmp_path, outcomes, name):
    empty = {one: nothing_of(values) for one, values in COLUMNS[name](outcomes).items()}
    write_table(empty, TABLES[name], tmp_path / "table.parquet")
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.parquet", TABLES[name]), frame_of(empty))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("piece", [1, 7, 100])
def test_a_table_in_pieces_is_the_table(tmp_path, outcomes, monkeypatch, name, piece):
    monkeypatch.setattr(tables, "PIECE", piece)
    path, whole = tmp_path / "table.parquet", getattr(outcomes, name)
    write_table(COLUMNS[name](outcomes), TABLES[name], path)
    assert pq.ParquetFile(path).num_row_groups == -(-len(whole) // piece)
    pd.testing.assert_frame_equal(read_table(path, TABLES[name]), whole)


@pytest.mark.parametrize("name", TABLES)
def test_a_file_has_the_types_and_metadata_that_pandas_gives(tmp_path, outcomes, name):
    write_table(COLUMNS[name](outcomes), TABLES[name], tmp_path / "table.parquet")
    getattr(outcomes, name).to_parquet(tmp_path / "pandas.parquet", index=False)
    found, of_pandas = (pq.read_schema(tmp_path / f"{stem}.parquet") for stem in ("table", "pandas"))
    assert (found.names, found.types) == (of_pandas.names, of_pandas.types)
    assert found.pandas_metadata["columns"] == of_pandas.pandas_metadata["columns"]
    for column in TABLES[name]:
        told = found.field(column.name).metadata
        assert (told[b"unit"].decode(), told[b"meaning"].decode()) == (column.unit, column.meaning)


def test_some_columns_are_read_in_the_order_asked_for(tmp_path, outcomes):
    path, columns = tmp_path / "households.parquet", TABLES["households"]
    write_table(COLUMNS["households"](outcomes), columns, path)
    some = ["released_h", "ethnicity", "household_id"]
    pd.testing.assert_frame_equal(read_table(path, columns, some), outcomes.households[some])
