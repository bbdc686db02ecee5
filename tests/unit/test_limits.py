"""Studies, tables and commands beyond the stated limits are refused at once and in one line."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.options import shard_of
from experiments.designs.arms import arms_of
from experiments.designs.changes import changes_of
from experiments.designs.points import design_of
from experiments.designs.sensitivity import sensitivity_of
from experiments.designs.study_files import read_study
from experiments.runs.replicates import seeds_of
from sim import ScenarioError, load
from sim.core import limits
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.inputs.tables import read_table
from sim.world import household_table
from sim.world.neighbourhoods import from_tracts
from sim.world.track import fixes
from tests.fuzz.seeds import TRACTS
from tests.unit.at_once import TRACT, refused_at_once
from tests.unit.test_cli_bad_input import cli

SWEEP = 'kind = "sweep"\nscenario = "classroom"\n'
RANGE = "{ from = 0.0, to = 1.0, steps = 999 }"


def test_a_track_of_ages_is_refused():
    row = [30.0, -84.0, 100.0, 40.0]
    ages = [["0001-01-01T00:00", *row], ["9999-12-31T00:00", *row]]
    with refused_at_once("covers 3,652,058 days; at most 60"):
        fixes(load("classroom").but({"storm.track": ages}))
    hours = [[f"2018-10-{1 + i // 1440:02}T{i // 60 % 24:02}:{i % 60:02}", *row] for i in range(2_001)]
    with refused_at_once("2,001 rows"):
        fixes(load("classroom").but({"storm.track": hours}))


def test_designs_without_end_are_refused(tmp_path):
    path = tmp_path / "study.toml"
    across = "".join(f'"channels.{c}.awareness" = {RANGE}\n' for c in ("app", "web", "sms", "hotline"))
    for text, words in (
        (f'[vary]\n"crews.line.own" = [1, 2]\n[across]\n{across}', "runs, more than 1,000,000"),
        (f"[vary]\n{across}", "runs, more than 1,000,000"),
        ('design = "sobol"\nn = 524288\nreplicates = 1\n[vary]\n' + many_ranges(), "numbers"),
        (f'[vary]\n"crews.line.own" = {list(range(10_001))}\n', "10,001 values"),
    ):
        path.write_text(SWEEP + text)
        with refused_at_once(words):
            design_of(read_study(path, "sweep"))
    path.write_text(f'kind = "sensitivity"\nmethod = "pawn"\nn = 1000000\nreplicates = 1\n[vary]\n{many_ranges()}')
    with refused_at_once("numbers"):
        sensitivity_of(read_study(path, "sensitivity"))


def many_ranges():
    real = [p.path for p in load("classroom").listing() if p.kind == "real" and p.low is not None and p.low < 0.5]
    return "".join(f'"{path}" = {{ from = 0.5, to = 0.9 }}\n' for path in real if fits(path))


def fits(path):
    try:
        return load("classroom").but({path: 0.5}).but({path: 0.9}) is not None
    except ScenarioError:
        return False


def test_replicates_without_end_are_refused():
    with refused_at_once("100,000,000"):
        seeds_of(1, 100_000_000)
    for command in (["run", "classroom"], ["sweep", "channel-subsets"], ["compare", "classroom", "crews.line.own=2"],
                    ["sensitivity", "sensitivity-classroom"]):  # fmt: skip
        answer = cli(*command, "--replicates", "100000000")
        assert answer.exit_code == 2
        assert "more than 100,000" in answer.stderr


def test_shards_without_end_are_refused():
    for text in ("1/" + "9" * 10_000, "9" * 5_000 + "/2", "1/1000001"):
        with refused_at_once("must be I/N"):
            shard_of(text)


@pytest.mark.parametrize("rows", [limits.ROWS + 1, 200_000_000])
def test_a_small_parquet_of_many_rows_is_refused_by_what_it_says_of_itself(tmp_path, rows):
    group = pa.table({"geoid": pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int8()), ["a"])})
    with pq.ParquetWriter(tmp_path / "t.parquet", group.schema) as writer:
        for _ in range(-(-rows // 1_000_000)):
            writer.write_table(group)
    assert (tmp_path / "t.parquet").stat().st_size < 2**20
    scenario = Scenario("town", Parameters(), folder=str(tmp_path)).but({TRACT: "t.parquet"})
    with refused_at_once("rows; at most 10,000,000"):
        read_table(scenario, "tracts", TRACT)


def test_tables_that_unpack_to_more_than_memory_or_have_too_many_columns_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.inputs.table_files.UNPACKED_BYTES", 10_000)
    pq.write_table(pa.table({"geoid": [str(i) * 50 for i in range(1_000)]}), tmp_path / "t.parquet")
    town = Scenario("town", Parameters(), folder=str(tmp_path))
    with refused_at_once("unpacks to"):
        read_table(town.but({TRACT: "t.parquet"}), "tracts", TRACT)
    (tmp_path / "t.csv").write_text(",".join(f"c{i}" for i in range(5_000)) + "\n")
    with refused_at_once("5,000 columns"):
        read_table(town.but({TRACT: "t.csv"}), "tracts", TRACT)
    (tmp_path / "t.csv").write_text("geoid\n" + "\n" * (limits.ROWS + 1))
    with refused_at_once("rows; at most"):
        read_table(town.but({TRACT: "t.csv"}), "tracts", TRACT)


def test_tables_of_more_tracts_or_households_than_any_city_has_are_refused(monkeypatch):
    homes = {"household_id": ["a", "b", "c"]}
    monkeypatch.setattr("sim.world.household_table.HOUSEHOLDS", 2)
    with refused_at_once("the table has 3 rows; at most 2"):
        household_table.read(Scenario("town", Parameters()).with_tables(households=homes))
    monkeypatch.setattr("sim.world.neighbourhoods.TRACTS", 2)
    with refused_at_once("the table has 3 rows; at most 2"):
        from_tracts(Scenario("town", Parameters()).with_tables(tracts=TRACTS), 1)


def test_changes_without_end_are_refused():
    with refused_at_once("given 50,000 times"):
        changes_of([f"crews.x{i}=1" for i in range(50_000)])
    with refused_at_once("50,000 changes"):
        arms_of("classroom", [",".join(["crews.line.own=1"] * 50_000)])
    with refused_at_once("unknown key 'a'"):
        load("classroom").but({".".join("a" * 50_000): 1})
