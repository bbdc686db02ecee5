"""The one rule on what runs may claim: its two limits, its words, and what it leaves of a table."""

import numpy as np
import pandas as pd
import pytest

from experiments.claims import FEWEST, Ground, brief, refusal, withheld
from sim import load

CLASSROOM = load("classroom")


def ground(count=20, dark=0.0, scenario=CLASSROOM, **more):
    return Ground(count, dark, scenario, 2_000.0, **more)


@pytest.mark.parametrize(("count", "dark"), [(10, 0.05), (10, 0.0), (400, float("nan"))])
def test_ten_runs_of_which_at_most_one_in_twenty_stays_dark_may_claim(count, dark):
    assert refusal(ground(count, dark)) == brief(count, dark, "pairs") == ""


def test_too_many_in_the_dark_are_told_with_crews_customers_and_horizon():
    text = refusal(ground(dark=0.62, scenario=CLASSROOM.but({"run.horizon_h": 24.0})))
    assert "the runs ended before power returned" in text
    assert "62 % of the affected were still dark at the horizon of 24 h; at most 5 % may be" in text
    assert "Crews for 2,000 customers: 5 (one for 400)" in text
    for path in ("crews.line.own", "crews.trouble.own", "place.customers", "run.horizon_h"):
        assert path in text
        assert CLASSROOM[path] is not None
    assert "replicates" not in text


def test_a_share_just_above_the_limit_is_not_printed_as_the_limit():
    assert "5.1 % of the affected" in refusal(ground(dark=0.0512))


@pytest.mark.parametrize(("count", "words"), [(1, "1 replicate is too few"), (9, "9 replicates are too few")])
def test_too_few_are_told_with_how_many_it_takes(count, words):
    text = refusal(ground(count))
    assert words in text
    assert f"at least {FEWEST} are needed (--replicates {FEWEST})" in text
    assert "dark" not in text


def test_both_reasons_are_told():
    text = refusal(ground(3, 0.3, unit="pairs"))
    assert "ended before power returned" in text
    assert "Besides, 3 pairs are too few" in text


def test_a_city_without_crews_is_told_that_it_has_none():
    alone = {f"crews.{kind}.{name}": 0 for kind in ("line", "trouble") for name in ("own", "staged", "mutual_aid")}
    assert "Crews for 2,000 customers: 0; give more" in refusal(ground(dark=1.0, scenario=CLASSROOM.but(alone)))


def test_a_table_keeps_its_levels_and_loses_what_may_not_be_claimed():
    table = pd.DataFrame(
        {"level": [1.0, 2.0], "change": [0.5, 0.6], "sure": [True, True], "note": ["left out", "as it was"]}
    )
    found = withheld(table, ["not claimed", ""], ["level"])
    assert list(found["level"]) == [1.0, 2.0]
    assert np.isnan(found["change"][0])
    assert found["sure"].isna().tolist() == [True, False]
    assert found["change"][1] == 0.6
    assert list(found["note"]) == ["left out; not claimed", "as it was"]
    assert table["change"][0] == 0.5
