"""A file that changes while a study runs stops it in one line: no number of other data, nothing finished is lost."""

import json
import subprocess
import sys

import pandas as pd
import pytest

from experiments.runs.ledger import Ledger
from experiments.runs.plan import plan_of
from experiments.runs.runner import execute
from experiments.runs.work import prepare
from experiments.runs.workers import Here, InProcess, Processes
from sim import Seeds, load, run
from sim.core.planned import FileChanged, content
from sim.mesa_face.model import CoproductionModel
from sim.world import network_files
from tests.studies.small import IDENTITY, TOWN, environment

HOMES = "household_id,x_km,y_km\n" + "".join(f"{n},{n / 50},{n / 60}\n" for n in range(60))
OTHER = HOMES.replace("7,0.14,", "7,0.15,")
STUDY = """
kind = "sweep"
scenario = "town.toml"
replicates = 100
outcomes = ["all:all:mean_h"]
[vary]
"crews.line.own" = [2, 4]
"""
TOWN_FILE = """
name = "town"
[place]
households = "homes.csv"
area_km2 = 10.0
[grid]
customers_per_substation = 60
customers_per_feeder = 30
"""


@pytest.fixture
def homes(tmp_path):
    path = tmp_path / "homes.csv"
    path.write_text(HOMES, encoding="utf-8")
    return path


def study(homes, replicates=8):
    town = TOWN.but({"place.households": str(homes)})
    return plan_of(((town, {}, Seeds.all(n)) for n in range(1, replicates + 1)), ("minority",), IDENTITY)


def means(plan, path):
    with Ledger.open(path, IDENTITY) as ledger:
        execute(plan, ledger, InProcess())
        return ledger.values(plan.rows, plan.by, ["all:all:mean_h"]).tolist()


@pytest.mark.parametrize("crew", [Here, lambda: Processes(2)])
@pytest.mark.parametrize("spoil", [lambda homes: homes.write_text(OTHER), lambda homes: homes.unlink()])
def test_a_file_that_changes_while_a_study_runs_stops_it_and_what_is_finished_stays(tmp_path, homes, crew, spoil):
    plan, hands = study(homes, 40), crew()

    def progress(state):
        if state.tally.done >= 3 and homes.exists() and homes.read_text() == HOMES:
            spoil(homes)

    try:
        with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
            with pytest.raises(
                FileChanged, match=r"^place.households \(.*homes.csv\): .* put it back as it was"
            ) as caught:
                execute(plan, ledger, hands, progress)
            counts = ledger.counts()
    finally:
        hands.close(hurry=True)
    assert "\n" not in str(caught.value)
    assert 3 <= counts["finished"] < 40
    assert counts["failed"] == 0
    homes.write_text(HOMES)
    assert means(plan, tmp_path / "runs.sqlite") == means(plan, tmp_path / "expected.sqlite")


def test_a_file_that_changes_between_the_digest_and_the_first_run_stops_the_study(tmp_path, homes):
    plan = study(homes)
    homes.write_text(OTHER)
    with (
        Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger,
        pytest.raises(FileChanged, match="has changed while the study was planned"),
    ):
        prepare(plan, ledger)


def test_a_change_of_another_parameter_keeps_the_scenario_bound_to_its_files(tmp_path, homes):
    town = TOWN.but({"place.households": str(homes)}).as_planned()
    homes.write_text(OTHER)
    with pytest.raises(FileChanged):
        run(town.but({"crews.line.own": 5}))
    other = tmp_path / "other.csv"
    other.write_text(OTHER)
    assert run(town.but({"place.households": str(other)})).certificate["content"]["files"] != dict(town.planned)


def test_every_reader_of_a_file_compares(tmp_path):
    graph = tmp_path / "grid.graphml"
    graph.write_text("<graphml/>")
    for read in (
        lambda: network_files.from_graphml(graph, "of another time"),
        lambda: content(graph, "grid.graphml", 1_000, "of another time"),
    ):
        with pytest.raises(FileChanged, match=r"grid.graphml has changed since the study was planned"):
            read()
    homes = tmp_path / "homes.parquet"
    pd.DataFrame({"household_id": range(60)}).to_parquet(homes)
    town = TOWN.but({"place.households": str(homes)}).as_planned()
    before = run(town).households
    pd.DataFrame({"household_id": range(1, 61)}).to_parquet(homes)
    with pytest.raises(FileChanged):
        run(town)
    assert len(before) == 60


def test_the_certificate_tells_of_the_file_that_was_read(homes):
    town = TOWN.but({"place.households": str(homes)})
    outcomes, model = run(town), CoproductionModel(town, seed=1)
    digest = town.digest
    homes.write_text(OTHER)
    model.run_model()
    assert outcomes.certificate["digest"] == model.outcomes.certificate["digest"] == digest
    assert town.digest != digest


def start(*words, folder):
    command = [sys.executable, "-m", "app.cli", *words]
    return subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_command_whose_table_is_edited_meanwhile_ends_in_one_line_and_goes_on_when_it_is_back(tmp_path, homes):
    (tmp_path / "town.toml").write_text(TOWN_FILE)
    (tmp_path / "study.toml").write_text(STUDY)
    words = ("sweep", "study.toml", "--out", "out", "--workers", "1", "--no-figures")
    with start(*words, folder=tmp_path) as process:
        for line in process.stderr:
            if line.startswith("Pilot of"):
                break
        homes.write_text(OTHER)
        *_, last = process.stderr.read().strip().splitlines()
    assert process.returncode == 2
    assert last.startswith("coproduce: place.households (homes.csv): ")
    assert "homes.csv has changed since the study was planned; put it back as it was" in last
    assert "runs are finished and kept in out" in last
    with Ledger.reopen(tmp_path / "out/runs.sqlite") as ledger:
        counts = ledger.counts()
    assert counts["finished"] > 0
    assert counts["failed"] == 0
    with start(*words, folder=tmp_path) as process:
        _, told = process.communicate()
    assert process.returncode == 2
    assert "holds runs of another study: scenario" in told
    homes.write_text(HOMES)
    with start(*words, folder=tmp_path) as process:
        _, told = process.communicate()
    assert process.returncode == 0, told
    assert f"300 runs, {counts['finished']} of them are there already" in told


def test_a_run_whose_table_is_edited_meanwhile_keeps_its_replicates(tmp_path, homes):
    (tmp_path / "town.toml").write_text(TOWN_FILE)
    words = ("run", "town.toml", "--replicates", "200", "--out", "out", "--no-figures")
    with start(*words, folder=tmp_path) as process:
        while not (tmp_path / "out/seed-2").exists() and process.poll() is None:
            pass
        homes.write_text(OTHER)
        _, told = process.communicate()
    assert process.returncode == 2
    assert "has changed since the study was planned" in told.strip().splitlines()[-1]
    digest = load(tmp_path / "town.toml").but({}).digest
    kept = [json.loads(path.read_text())["digest"] for path in (tmp_path / "out").glob("seed-*/certificate.json")]
    assert len(kept) >= 2
    assert len(set(kept)) == 1
    assert digest not in kept
