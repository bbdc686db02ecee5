"""Bits that flip in a ledger change no number without a word: lost runs are named, the others kept, and made again."""

import shutil
import sqlite3

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import app
from app.faces.terminal import console
from app.process.progress import Progressing
from experiments.runs.carry_out import RunOptions, carry_out
from experiments.runs.ledger import Ledger
from experiments.runs.ledger_file import LedgerError
from experiments.runs.runner import execute
from experiments.runs.workers import InProcess
from tests.studies.small import IDENTITY, fails_for_seed_2, study

FLIPS = 160
PLAN = study(12)._replace(measure=fails_for_seed_2)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished ledger, and its export."""
    folder = tmp_path_factory.mktemp("whole")
    with Ledger.open(folder / "runs.sqlite", IDENTITY) as ledger:
        execute(PLAN, ledger, InProcess())
        ledger.export(folder / "runs.csv")
    return folder


@pytest.fixture
def ledger(whole, tmp_path):
    """A copy to be damaged."""
    return shutil.copy(whole / "runs.sqlite", tmp_path / "runs.sqlite")


def exported(path, repair=False):
    """The export after the study's command; and how many runs it made."""
    with Ledger.open(path, IDENTITY, repair) as ledger:
        tally = execute(PLAN, ledger, InProcess())
        ledger.export(path.with_suffix(".csv"))
    return path.with_suffix(".csv").read_bytes(), tally


def damage(path, statement, *values):
    with sqlite3.connect(path) as link:
        assert link.execute(statement, values).rowcount == 1
    link.close()


def complaint(path):
    with pytest.raises(LedgerError) as caught:
        Ledger.open(path, IDENTITY)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def flip_in_run(path, position, column="measures", byte=3):
    """Flip a bit of one run."""
    with sqlite3.connect(path) as link:
        key, blob = link.execute(
            f"SELECT runs.key, runs.{column} FROM runs JOIN plan ON plan.key = runs.key WHERE position = ?", (position,)
        ).fetchone()
        blob = bytearray(blob)
        blob[byte] ^= 1
        link.execute(f"UPDATE runs SET {column} = ? WHERE key = ?", (bytes(blob), key))
    link.close()


def test_a_bit_flipped_in_a_number_is_told_and_that_run_alone_is_made_again(whole, ledger):
    for position in (4, 7):
        flip_in_run(ledger, position)
    before = ledger.read_bytes()
    says = complaint(ledger)
    assert (
        "runs.sqlite is damaged: 2 runs are lost (runs 5, 8 of the plan), 34 are whole; give the study's command"
        in says
    )
    assert "again with --repair" in says
    assert ledger.read_bytes() == before
    table, tally = exported(ledger, repair=True)
    assert table == (whole / "runs.csv").read_bytes()
    assert (tally.done, tally.recalled, tally.failed) == (2, 31, 3)  # three had failed before
    assert ledger.with_name("runs.sqlite.damaged").exists()
    assert exported(ledger)[1].recalled == 33


def after(path, expected):
    """What a study makes of a file in which bits have flipped; never another table."""
    try:
        table, tally = exported(path)
    except LedgerError as bad:
        says = str(bad)
    else:
        assert (table, tally.recalled) == (expected, 33)
        return "nothing"
    assert "\n" not in says
    if "--repair" not in says:
        assert any(cure in says for cure in ("remove it", "choose another --out", "cannot be used"))
        return "beyond repair"
    assert exported(path, repair=True)[0] == expected
    return "repaired"


@pytest.mark.parametrize("bits", ["one", "sixteen"])
def test_no_flipped_bit_changes_the_table_without_a_word(whole, tmp_path, bits):
    expected, content = (whole / "runs.csv").read_bytes(), (whole / "runs.sqlite").read_bytes()
    rng, used = np.random.default_rng(8), np.flatnonzero(np.frombuffer(content, np.uint8))  # most else is empty
    told = {"nothing": 0, "repaired": 0, "beyond repair": 0}
    for number in range(FLIPS if bits == "one" else FLIPS // 4):
        path = tmp_path / f"{number}.sqlite"
        flipped = bytearray(content)
        for place in rng.choice(used, size=1 if bits == "one" else 16):
            flipped[place] ^= 1 << rng.integers(8)
        path.write_bytes(flipped)
        told[after(path, expected)] += 1
    assert told["repaired"] > sum(told.values()) * (0.75 if bits == "one" else 0.25), told


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("UPDATE plan SET row = replace(row, '4', '5') WHERE position = 30", ()),
        ("UPDATE scenarios SET name = 'another town'", ()),
        ("UPDATE meta SET value = '{' WHERE name = 'identity'", ()),
        ("UPDATE meta SET value = '9' WHERE name = 'format'", ()),
        ("UPDATE names SET text = replace(text, 'mean', 'main')", ()),
        ("DELETE FROM meta WHERE name = 'format'", ()),
    ],
)
def test_damage_beside_the_runs_loses_none(whole, ledger, statement, values):
    damage(ledger, statement, *values)
    if "DELETE" not in statement:
        assert "no run is lost, all 36 are whole" in complaint(ledger)
    table, tally = exported(ledger, repair=True)
    assert table == (whole / "runs.csv").read_bytes()
    assert tally.recalled == 33


def test_a_run_whose_key_is_hit_is_lost_and_named_where_it_can_be(whole, ledger):
    with sqlite3.connect(ledger) as link:
        key = link.execute("SELECT key FROM plan WHERE position = 9").fetchone()[0]
    link.close()
    damage(ledger, "UPDATE runs SET key = ? WHERE key = ?", bytes([key[0] ^ 1]) + key[1:], key)
    assert "1 run is lost (run 10 of the plan), 35 are whole" in complaint(ledger)
    assert exported(ledger, repair=True)[0] == (whole / "runs.csv").read_bytes()


def test_a_page_that_is_gone_costs_the_runs_on_it(whole, ledger):
    content = bytearray(ledger.read_bytes())
    with sqlite3.connect(ledger) as link:
        root = link.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'").fetchone()[0]
        size = link.execute("PRAGMA page_size").fetchone()[0]
    link.close()
    leaf = int.from_bytes(content[(root - 1) * size + 8 :][:4], "big")  # the last page below the root
    content[(leaf - 1) * size : leaf * size] = b"\xff" * size
    ledger.write_bytes(content)
    says = complaint(ledger)
    assert "is damaged: at most " in says
    table, tally = exported(ledger, repair=True)
    assert table == (whole / "runs.csv").read_bytes()
    assert 0 < tally.recalled < 33


def test_the_command_says_what_was_mended_and_makes_the_rest_again(tmp_path, capsys):
    options = RunOptions(tmp_path, workers=1, watch=Progressing(console(to_stderr=True)))
    carry_out(study(4)._replace(measure=fails_for_seed_2), options).close()
    before = (tmp_path / "runs.csv").read_bytes()
    flip_in_run(tmp_path / "runs.sqlite", 6)
    (tmp_path / "runs.csv").unlink()
    capsys.readouterr()
    carry_out(study(4)._replace(measure=fails_for_seed_2), options._replace(repair=True)).close()
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith(str(tmp_path / "runs.sqlite was damaged: 1 run is lost (run 7 of the plan)"))
    assert told[0].endswith("Mended; the damaged file is kept as runs.sqlite.damaged")
    assert (tmp_path / "runs.csv").read_bytes() == before


def test_every_command_that_opens_a_damaged_ledger_says_so_in_one_line(tmp_path):
    words = ["classroom", "crews.line.own=9", "--replicates", "2", "--workers", "1", "--no-figures", "--quiet"]
    command = ["compare", *words, "--out", str(tmp_path / "out")]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    flip_in_run(tmp_path / "out/runs.sqlite", 1)
    for again in (command, ["merge", str(tmp_path / "out"), "--out", str(tmp_path / "all")]):
        answer = CliRunner().invoke(app, again)
        assert answer.exit_code == 2
        assert answer.stderr.count("\n") == 1
        assert (
            "1 run is lost (run 2 of the plan), 3 are whole; give the study's command again with --repair"
            in answer.stderr
        )
    mended = CliRunner().invoke(app, [*command, "--repair"])
    assert mended.exit_code == 0
    assert mended.stdout == first.stdout


def test_a_ledger_of_an_older_format_is_refused_as_such(ledger):
    with sqlite3.connect(ledger) as link:
        link.executescript("ALTER TABLE meta DROP COLUMN checksum; UPDATE meta SET value = '1' WHERE name = 'format';")
    link.close()
    assert "was written by another version of coproduce" in complaint(ledger)
