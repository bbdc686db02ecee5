"""Whatever is given to it, a loader answers with a result or with one clear line.

Good input of every kind is damaged in thousands of ways, always the same ones: bytes for files and requests, cells and
values for tables and nested data. What comes out is read to where a run would begin. ``-m long`` tries twenty times as
many; ``-rP`` shows how many were tried, refused and taken.
"""

import json
import tomllib
import warnings
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue.toml_text import key, toml
from sim.core.notices import Notice
from tests.fuzz import loaders, seeds
from tests.fuzz.damage import ODD_BYTES, damaged, damaged_table, damaged_tree, odd_columns, odd_in_json, odd_in_toml

QUICK, LONG = 1, 20
MANY, SOME = 400, 150  # inputs of one kind; of those that take a city to be built
EFFORTS = [pytest.param(QUICK, id="quick"), pytest.param(LONG, id="long", marks=[pytest.mark.long, pytest.mark.slow])]
FILES = {
    "scenario": ("town.toml", seeds.SCENARIO.encode(), loaders.scenario_of, SOME),
    "change": ("change.toml", seeds.CHANGE.encode(), loaders.change_of, MANY),
    "sweep": ("study.toml", seeds.SWEEP.encode(), loaders.study_of, MANY),
    "sensitivity": ("study.toml", seeds.SENSITIVITY.encode(), loaders.study_of, SOME),
    "graphml": ("grid.graphml", seeds.graphml(), loaders.graphml_of, MANY),
    **{f"{name}.csv": (f"{name}.csv", seeds.csv(seeds.TABLES[name]), loaders.table_of(name), SOME)
       for name in loaders.PARAMETER},
    **{f"{name}.parquet": (f"{name}.parquet", seeds.parquet(seeds.TABLES[name]), loaders.table_of(name), SOME)
       for name in loaders.PARAMETER},
}  # fmt: skip


TREES = ("scenario", "change", "sweep", "sensitivity")


def fuzz(strategy, number, read):
    """Give a loader many inputs; returns how many it refused and took."""
    tally = Counter()

    @settings(
        max_examples=number, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(strategy)
    def every_input_is_taken_or_refused(data):
        try:
            read(data)
            tally["taken"] += 1
        except loaders.KIN as bad:
            loaders.in_one_line(bad)
            tally["refused"] += 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        every_input_is_taken_or_refused()
    print(f"tried {tally.total()}, refused {tally['refused']}, taken {tally['taken']}, unexpected 0")
    return tally


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_read_or_refused(kind, effort, tmp_path):
    name, good, reader, number = FILES[kind]
    path = tmp_path / name

    def read(data):
        path.write_bytes(data)
        reader(path)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        read(good)
    assert fuzz(damaged(good), number * effort, read)["refused"] > number // 3


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("kind", TREES)
def test_a_file_with_odd_values_is_read_or_refused(kind, effort, tmp_path):
    name, good, reader, number = FILES[kind]
    path = tmp_path / name

    def read(tree):
        path.write_text("".join(f"{key(part)} = {toml(value)}\n" for part, value in tree.items()), encoding="utf-8")
        reader(path)

    odd = damaged_tree(tomllib.loads(good.decode()), odd_in_toml).filter(lambda tree: isinstance(tree, dict))
    tally = fuzz(odd, number * effort, read)
    assert min(tally["refused"], tally["taken"]) > number // 50


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("name", ["tracts", "households", "gusts", "devices", "damage", "reports", "neighbourhoods",
                                  "facilities"])  # fmt: skip
def test_a_damaged_table_in_a_scenario_is_read_or_refused(name, effort):
    loaders.inline_table(name, seeds.TABLES[name])
    tally = fuzz(damaged_table(seeds.TABLES[name]), SOME * effort, lambda table: loaders.inline_table(name, table))
    assert min(tally["refused"], tally["taken"]) > SOME // 50


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("name", loaders.PARAMETER)
def test_a_parquet_table_of_odd_kinds_is_read_or_refused(name, effort, tmp_path):
    path, reader = tmp_path / "odd.parquet", loaders.table_of(name)

    def read(table):
        path.write_bytes(seeds.parquet(table))
        reader(path)

    tally = fuzz(odd_columns(seeds.TABLES[name]), SOME * effort, read)
    assert min(tally["refused"], tally["taken"]) > SOME // 50


@pytest.mark.parametrize("effort", EFFORTS)
def test_a_damaged_question_of_a_browser_is_answered_or_refused(effort):
    loaders.question_of(seeds.question())
    asked = st.one_of(
        damaged(seeds.question()), damaged_tree(seeds.QUESTION, odd_in_json).map(lambda tree: json.dumps(tree).encode())
    )
    assert fuzz(asked, MANY * effort, loaders.question_of)["refused"] > MANY // 3


@pytest.mark.parametrize("effort", EFFORTS)
def test_damaged_words_of_a_command_line_are_read_or_refused(effort):
    words = st.sampled_from([arm.encode() for arm in seeds.ARMS]).flatmap(lambda arm: damaged(arm, most=3))
    texts = st.one_of(
        words.map(lambda data: data.decode("utf-8", errors="surrogateescape")),
        st.sampled_from(ODD_BYTES).map(lambda piece: f"crews.line.own={piece.decode('latin-1')}"),
    )
    assert fuzz(texts, MANY * effort, loaders.words_of)["refused"] > MANY // 10
