"""What ``coproduce run`` writes: tables, certificate and figures, and nothing where nothing was asked for."""

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image

from experiments.results import replicates
from sim import load, run
from sim.engine.outcome_columns import TABLES
from tests.unit.run_command.running import cli


def test_every_file_promised_is_written(study):
    out, _ = study
    for seed in (1, 2, 3):
        found = {path.name for path in (out / f"seed-{seed}").iterdir()}
        assert found == {*(f"{name}.parquet" for name in TABLES), "summary.json", "certificate.json", "fidelity.csv"}
    assert {path.name for path in out.iterdir()} == {
        "seed-1", "seed-2", "seed-3", "summary.json", "gaps.csv", "study.json", "figures", "runs.sqlite", "runs.csv",
        "runs.parquet",
    }  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_columns_on_disk_are_the_documented_ones_in_their_order(study, name):
    schema = pq.read_schema(study[0] / "seed-1" / f"{name}.parquet")
    assert schema.names == [column.name for column in TABLES[name]]
    for column in TABLES[name]:
        written = schema.field(column.name).metadata
        assert written[b"meaning"].decode() == column.meaning
        assert written[b"unit"].decode() == column.unit


def test_tables_on_disk_hold_the_run(study, town):
    outcomes = run(load(town), seed=2)
    for name, columns in TABLES.items():
        read = pd.read_parquet(study[0] / "seed-2" / f"{name}.parquet")
        pd.testing.assert_frame_equal(read, getattr(outcomes, name)[[c.name for c in columns]])


def test_certificate_is_enough_to_run_again(study, town):
    certificate = json.loads((study[0] / "seed-2" / "certificate.json").read_text())
    assert certificate["digest"] == load(town).digest
    assert certificate["seeds"] == {"world": 2, "storm": 2, "behaviour": 2}
    assert certificate["content"]["parameters"]["place"]["customers"] == 300
    assert "numba" in certificate["versions"]
    assert certificate["sources"] == {"crews.line.own": "invented"}


def test_fidelity_sets_realised_beside_target_shares(study):
    fidelity = pd.read_csv(study[0] / "seed-1" / "fidelity.csv")
    assert {"neighbourhood", "attribute", "target_share", "realised_share"} <= set(fidelity.columns)
    assert "minority" in set(fidelity["attribute"])


def test_gaps_file_holds_every_grouping_over_both_populations(study):
    gaps = pd.read_csv(study[0] / "gaps.csv")
    assert set(gaps["by"]) == {"minority", "income"}
    assert set(gaps["population"]) == {"all affected", "reporters only"}
    assert set(gaps.loc[gaps["by"] == "minority", "reference"]) == {"other"}
    assert set(gaps["measure"]) >= {"mean_h", "undetected_h", "report_rate"}


def test_figures_carry_their_description(study):
    figures = sorted((study[0] / "figures").glob("*.png"))
    kinds = {"grid", "map-minority", "map-income", "outage-minority", "outage-income"}
    assert {path.stem for path in figures} == kinds | {"survival-minority", "survival-income"}
    for path in figures:
        with Image.open(path) as image:
            assert len(image.text["Description"]) > 40


def test_a_finished_study_is_read_back_with_the_same_results(study, town):
    out, printed = study
    before = {path: path.stat().st_mtime_ns for path in out.glob("seed-*/*")}
    words = ["--replicates", "3", "--out", str(out), "--by", "minority", "--by", "income"]
    again = cli("run", town, *words)
    assert "3 runs, 3 of them are there already" in again.stderr
    assert again.stdout == printed
    assert {path: path.stat().st_mtime_ns for path in out.glob("seed-*/*")} == before


def test_without_a_folder_nothing_is_written(town, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(replicates, "write_table", lambda *_: pytest.fail("wrote"))
    assert cli("run", town, "--replicates", 2).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_a_killed_run_are_cleared_away(town, tmp_path):
    leftover = tmp_path / ".seed-1.unfinished"
    leftover.mkdir()
    (leftover / "households.parquet").write_bytes(b"half")
    assert cli("run", town, "--out", tmp_path, "--no-figures").exit_code == 0
    assert not leftover.exists()


def test_figures_leave_other_files_of_their_folder_alone(town, tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "mine.txt").write_text("precious")
    assert cli("run", town, "--out", tmp_path).exit_code == 0
    assert (tmp_path / "figures" / "mine.txt").read_text() == "precious"
    assert (tmp_path / "figures" / "grid.png").exists()
    assert cli("run", town, "--out", tmp_path, "--by", "poor").exit_code == 0
    found = {path.name for path in (tmp_path / "figures").iterdir()}
    assert found == {"mine.txt", "grid.png", "map-poor.png", "outage-poor.png", "survival-poor.png"}
