"""What --out writes bears its schema and comes back equal; what is damaged, edited or newer is refused in one line."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from app.cli import app
from experiments.reading import load_study
from experiments.results.files import put_study
from experiments.results.folders import load_outcomes
from experiments.results.schema import SCHEMA, ResultsError
from experiments.results.tables import as_csv, read_csv, read_table, write_table
from experiments.study import kinds
from sim import Seeds, load, run
from sim.engine.outcome_columns import TABLES, Column
from tests.report.studies import make

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A study of each kind, and the tables of findings that it was about to write."""
    made, given = {}, {}
    with pytest.MonkeyPatch.context() as patch:

        def noted(folder, kind, tables, summary):
            given[kind] = dict(tables)
            put_study(folder, kind, tables, summary)

        patch.setattr("app.carrying.put_study", noted)
        for kind in kinds():
            made[kind] = make(kind, tmp_path_factory.mktemp(kind))
    return made, given


def town(folders):
    return load(folders[0]["run"].parent / "town.toml")


@pytest.mark.parametrize("seed", [1, 3])
def test_outcomes_come_back_equal_to_those_of_the_run(folders, seed):
    outcomes = run(town(folders), seed)
    found = load_outcomes(folders[0]["run"], seed)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(outcomes, name))
    assert found.seeds == Seeds.all(seed)
    same = {name: value for name, value in outcomes.certificate.items() if name not in ("started", "seconds")}
    assert {name: found.certificate[name] for name in same} == json.loads(json.dumps(same))
    assert found.folder == folders[0]["run"] / f"seed-{seed}"
    again = load_outcomes(found.folder)
    pd.testing.assert_frame_equal(again.households, found.households)


def test_a_folder_with_one_replicate_needs_no_seed(tmp_path, folders):
    out = tmp_path / "one"
    words = ["run", str(folders[0]["run"].parent / "town.toml"), "--out", str(out), "--no-figures", "--seed", "5"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert load_outcomes(str(out)).seeds == Seeds.all(5)


@pytest.mark.parametrize("kind", list(kinds()))
def test_findings_come_back_equal_to_what_was_found(folders, kind):
    made, given = folders
    study = load_study(made[kind])
    assert study.kind == kind
    assert study.summary["made"]["kind"] == kind
    assert study.tables.keys() == given[kind].keys()
    for name, table in given[kind].items():
        pd.testing.assert_frame_equal(study.tables[name], table)
    assert set(study.runs["status"]) == {"finished"}
    assert len(study.runs) == study.runs["run"].max()
    if kind == "run":
        assert study.seeds == tuple(Seeds.all(seed) for seed in range(1, 11))
        assert study.outcomes(2).seeds == Seeds.all(2)


def test_every_file_that_is_written_bears_the_schema(folders):
    for folder in folders[0].values():
        assert {path.suffix for path in folder.rglob("*.*") if path.is_file()} <= {
            ".json", ".parquet", ".csv", ".sqlite", ".png", ".html"}  # fmt: skip
        for path in folder.rglob("*.json"):
            assert json.loads(path.read_text())["schema"] == SCHEMA, path
        for path in folder.rglob("*.parquet"):
            assert pq.read_schema(path).metadata[b"coproduce_schema"] == str(SCHEMA).encode(), path
        speaks_for = set(json.loads((folder / "study.json").read_text())["tables"])
        assert {path.name for path in folder.glob("*.csv")} == speaks_for | {"runs.csv"}


@pytest.mark.parametrize(
    "values",
    [
        [0.1 + 0.2, float("nan"), float("inf"), 5e-324, -0.0],
        [1, 2**62, -3],
        [True, False],
        [True, None, False],
        ["", "NA", "nan", '"quoted", with\nlines', " spaces "],
        ["a", None, "True"],
        [],
    ],
)
def test_columns_of_every_kind_come_back_as_they_were(tmp_path, values):
    frame = pd.DataFrame({"before": ["x"] * len(values), "values": values})
    text, described = as_csv(frame)
    (tmp_path / "table.csv").write_text(text, newline="")
    found = read_csv(tmp_path / "table.csv", described)
    pd.testing.assert_frame_equal(found, frame, check_exact=True, check_dtype=bool(values))


# What cannot be read back.


@pytest.fixture
def copied(folders, tmp_path):
    """A finished run, to be damaged."""
    return shutil.copytree(folders[0]["run"], tmp_path / "run")


def refused(read, *parts):
    with pytest.raises(ResultsError) as error:
        read()
    line = str(error.value)
    assert "\n" not in line
    for part in parts:
        assert str(part) in line
    return line


def rewritten(path, **changes):
    document = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({name: value for name, value in document.items() if value is not None}))


@pytest.mark.parametrize("name", ["summary.json", "study.json"])
def test_a_study_of_a_newer_schema_is_refused(copied, name):
    rewritten(copied / name, schema=SCHEMA + 1)
    refused(lambda: load_study(copied), copied / name, f"newer coproduce (schema {SCHEMA + 1}", "update coproduce")


@pytest.mark.parametrize("name", ["certificate.json", "summary.json"])
def test_a_run_of_a_newer_schema_is_refused(copied, name):
    rewritten(copied / "seed-2" / name, schema=SCHEMA + 1)
    refused(lambda: load_outcomes(copied, 2), copied / "seed-2" / name, "newer coproduce")


def test_a_table_of_a_newer_schema_is_refused(copied):
    path = copied / "seed-1" / "jobs.parquet"
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({b"coproduce_schema": b"2"}), path)
    refused(lambda: load_outcomes(copied, 1), path, "newer coproduce (schema 2")


@pytest.mark.parametrize("words", [("report",), ("run", "--out")])
def test_commands_refuse_a_folder_of_a_newer_schema(copied, folders, words):
    rewritten(copied / "summary.json", schema=SCHEMA + 1)
    rewritten(copied / "seed-1" / "certificate.json", schema=SCHEMA + 1)
    town = [str(folders[0]["run"].parent / "town.toml")] if words[0] == "run" else []
    answer = CliRunner().invoke(app, [words[0], *town, *words[1:], str(copied)])
    assert answer.exit_code == 2
    assert re.fullmatch(r"coproduce: .* was written by a newer coproduce .*\n", answer.stderr)


@pytest.mark.parametrize("found", [None, 0, True, "1", 1.5])
def test_a_schema_that_is_none_is_refused(copied, found):
    rewritten(copied / "study.json", schema=found)
    refused(lambda: load_study(copied), copied / "study.json", "schema", "give the study's command again")


@pytest.mark.parametrize("name", [f"{name}.parquet" for name in TABLES])
def test_a_damaged_table_is_refused_with_the_folder_to_remove(copied, name):
    path = copied / "seed-3" / name
    path.write_bytes(path.read_bytes()[:-20])
    refused(lambda: load_outcomes(copied, 3), path, f"remove {copied / 'seed-3'} and give the study's command")
    path.unlink()
    refused(lambda: load_outcomes(copied, 3), path, f"remove {copied / 'seed-3'} and give the study's command")


def test_a_table_with_other_columns_is_refused(tmp_path):
    path = tmp_path / "jobs.parquet"
    write_table({"a": np.array([1]), "b": np.array([2])}, [Column("a", "", ""), Column("b", "", "")], path)
    refused(lambda: read_table(path, [Column("a", "", ""), Column("c", "", "")]), "lacks c, has b")
    refused(lambda: read_table(path, [Column("a", "", ""), Column("c", "", "")], ["a"]), "lacks c, has b")
    refused(lambda: read_table(path, [Column("b", "", ""), Column("a", "", "")]), "in another order")
    write_table({"a": np.array(["1"], dtype=object)}, [Column("a", "h", "")], path)
    refused(lambda: read_table(path, [Column("a", "h", "")]), "column a is no column of h")
    pq.write_table(pa.table({"a": [1]}), path)
    refused(lambda: read_table(path, [Column("a", "", "")]), "names no schema")


def test_findings_that_were_edited_are_refused(copied):
    path = copied / "gaps.csv"
    path.write_text(path.read_text().replace("0", "1", 1))
    refused(lambda: load_study(copied), path, "damaged or has been edited")
    path.unlink()
    refused(lambda: load_study(copied), path, "cannot be read")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "another"}, "no known kind"),
        ({"kind": None}, "no kind"),
        ({"tables": []}, "no known kind"),
        ({"tables": {"gaps.csv": {"columns": {}}}}, "at gaps.csv"),
        ({"tables": {"gaps.csv": {"digest": "", "columns": {"a": "number"}}}}, "at gaps.csv"),
        ({"tables": {"../gaps.csv": {"digest": "", "columns": {}}}}, "at ../gaps.csv"),
    ],
)
def test_a_damaged_manifest_is_refused(copied, changes, says):
    rewritten(copied / "study.json", **changes)
    refused(lambda: load_study(copied), copied / "study.json", says)


def test_damaged_documents_are_refused(copied):
    (copied / "summary.json").write_bytes(b"\xff{")
    refused(lambda: load_study(copied), "not a JSON document")
    rewritten(copied / "seed-1" / "certificate.json", seeds={"world": 1})
    refused(lambda: load_outcomes(copied, 1), "its seeds are no seeds")
    rewritten(copied / "seed-2" / "summary.json", costs_usd=None)
    refused(lambda: load_outcomes(copied, 2), "it has no costs_usd")


def test_the_wrong_folder_is_refused_with_the_right_one(copied, tmp_path):
    refused(lambda: load_outcomes(copied), "10 replicates", "give the seed of one that it holds: 1, 2, 3")
    refused(lambda: load_outcomes(copied, 70), "no replicate with seed 70", "1, 2, 3")
    refused(lambda: load_outcomes(tmp_path), "holds no run of coproduce")
    refused(lambda: load_study(tmp_path), "holds no study of coproduce")
    refused(lambda: load_study(copied / "seed-1"), "load_outcomes reads it", copied)
    for read in (load_outcomes, load_study):
        refused(lambda: read(tmp_path / "none"), "no such folder")  # noqa: B023
        refused(lambda: read(copied / "gaps.csv"), "is a file")  # noqa: B023


@pytest.mark.parametrize("package", ["coproduce", "sim", "experiments", "analysis", "app"])
def test_packages_say_that_they_are_typed(package):
    assert (ROOT / package / "py.typed").is_file()
