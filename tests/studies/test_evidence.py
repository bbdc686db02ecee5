"""The tables of docs/evidence.md: what they ask for, how they read, and that their page is made by the command."""

import re
from pathlib import Path

import numpy as np
import pytest

from evidence.__main__ import (
    HEAD,
    case,
    city_of,
    made,
    main,
    page,
)
from evidence.reading import (
    CITY,
    Table,
    change,
    level,
    voiced,
)
from evidence.storm_and_place import OWN_TRACTS
from evidence.tables import OF_OWN_TRACTS, TABLES
from sim import load

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "evidence.md"
INTERVAL = re.compile(r"[-+]?[\d.]+ \([-+]?[\d.]+ to [-+]?[\d.]+\)")
TELL_OF_IT = {  # file: from where to where
    "README.md": ("**How loud the city is", "## First steps"),
    "docs/your-city.md": ("is a made-up city", "With the tract"),
    "scenarios/arms/closing.toml": ("", ""),
    "scenarios/arms/widening.toml": ("", ""),
}
TOWN = {"place.customers": 300, "place.neighbourhoods": 4, "place.area_km2": 5.0}


def numbers(patch, name, city=CITY):
    """Made up, and different for each run and name."""
    start = len(repr(case(patch, city))) + len(name)
    return start + np.arange(4.0)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_cell_for_every_head_at_all_three_voices(name):
    lines = [line for line in TABLES[name].render(numbers) if line.startswith("|")]
    widths = {line.count("|") for line in lines}
    assert len(widths) == 1
    for voice in ("low", "middle", "high"):
        assert sum(f" {voice} |" in line for line in lines) >= 1
    assert len(lines) >= 5


def test_a_change_is_bold_only_where_its_interval_excludes_zero():
    assert change(np.array([1.0, 1.1, 0.9, 1.0])).startswith("**+1.00 (")
    assert change(np.array([-1.0, 1.1, 0.9, -1.0])) == "+0.00 (-1.84 to +1.84)"
    assert level(np.array([1.0, 2.0, 3.0])) == "2.0 (-0.5 to 4.5)"


def test_what_a_table_asks_for_is_run_once_and_found_again(tmp_path):
    asked = []

    def render(get):
        patch = {**voiced("high"), **TOWN}
        asked.append(get(patch, "all:all:mean_h", "classroom"))
        asked.append(get(patch, "faults:drop:report", "classroom"))
        return ["| done |"]

    table = {"one": Table("One", "About one.", render)}
    get = made(table, 2, 1, tmp_path)
    lines = page(table, get, 2)
    assert lines[-1] == "| done |"
    means, reports = asked[-2:]
    assert means.shape == reports.shape == (2,)
    assert (means > 0.0).all()
    assert (reports >= 0.0).all()
    assert (get({**voiced("high"), **TOWN}, "odds:minority:log", "classroom") != 0.0).all()


def test_an_unknown_table_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["value-of-reprots"])
    assert ended.value.code == 2
    assert "value-of-reports" in capsys.readouterr().err


def test_the_page_says_how_it_was_made_and_holds_every_table():
    text = PAGE.read_text(encoding="utf-8")
    seeds = int(text.partition("--seeds ")[2].split()[0])
    assert text.startswith(HEAD.format(city=CITY, seeds=seeds))
    for table in TABLES.values():
        assert f"## {table.title}" in text
    assert load(CITY).name in text


@pytest.mark.parametrize("words", [["--seeds", "9"], ["--seeds", "-1"], ["--workers", "0"], ["--seeds", "ten"]])
def test_fewer_storms_than_a_claim_needs_and_other_numbers_that_are_none_are_refused(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "must be a whole number of at least" in capsys.readouterr().err


def test_a_ledger_that_cannot_be_used_is_one_line(tmp_path, capsys):
    (tmp_path / "runs.sqlite").write_text("no ledger")
    assert main(["who-reports", "--out", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("evidence: ")
    assert err.count("\n") == 1


def test_a_tract_table_of_ones_own_is_read_for_a_table_of_its_own(tmp_path):
    tracts = tmp_path / "tracts.csv"
    tracts.write_text("geoid,households,svi\n1,60,0.2\n2,60,0.9\n")
    assert city_of(OWN_TRACTS, str(tracts))["place.tracts"] == str(tracts)
    assert city_of(CITY, str(tracts))["place.tracts"] == ""
    lines = [line for line in OF_OWN_TRACTS[OWN_TRACTS].render(numbers) if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1
    assert len(lines) == 2 + 2 * 3


def test_a_tract_table_that_is_not_there_is_one_line(tmp_path, capsys):
    assert main(["--tracts", str(tmp_path / "no.csv"), "--out", str(tmp_path / "out")]) == 2
    err = capsys.readouterr().err
    assert "no.csv" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", TELL_OF_IT)
def test_every_interval_that_is_told_elsewhere_stands_on_the_page(name):
    begins, ends = TELL_OF_IT[name]
    text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    text = text[text.index(begins) :]
    told = set(INTERVAL.findall(text[: text.index(ends)] if ends else text))
    assert len(told) >= 3
    assert told <= set(INTERVAL.findall(PAGE.read_text(encoding="utf-8")))


def test_the_means_that_the_readme_tells_stand_on_the_page():
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    told = text[text.index("Over 20 storms") : text.index("**How loud the city is")]
    means = re.findall(r"within ([\d.]+) h|are ([\d.]+) faults|bill is \$(\d+)", told)
    found = [next(filter(None, each)) for each in means] + re.findall(r"% within ([\d.]+) h", told)
    assert len(set(found)) == 6
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| {mean} (" in page for mean in found)
