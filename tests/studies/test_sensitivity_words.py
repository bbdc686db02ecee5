"""What the page of a sensitivity analysis says follows from its indices: drivers, luck, and what to mistrust."""

import pytest

from app.pages.sensitivity_cautions import cautions
from app.pages.sensitivity_tables import reading
from app.pages.sensitivity_words import answer, drivers, ranked, settled
from tests.studies.indices import study_with

SURE = [("S1", "a", 0.6, 0.5, 0.7), ("ST", "a", 0.65, 0.6, 0.7), ("S1", "b", 0.1, 0.05, 0.15),
        ("ST", "b", 0.3, 0.2, 0.4)]  # fmt: skip


def test_drivers_are_named_only_where_they_are_sure_and_worth_it():
    study, outcome = study_with("sobol", *SURE, ("S1", "c", 0.01, 0.0, 0.02), ("ST", "c", 0.02, 0.01, 0.03))
    assert drivers(study, outcome) == (
        "The mean hours out depends most on “a”, which explains 65 % of the differences (60 % to 70 %); next comes “b”."
    )
    said = {row["parameter"]: reading(study.summary, outcome, row) for row in ranked(study.summary, outcome)}
    assert said == {"a": "matters, mostly by itself", "b": "matters, by itself and with others", "c": "next to nothing"}


def test_where_nothing_is_sure_nothing_is_named():
    study, outcome = study_with("sobol", ("S1", "a", 0.3, -0.2, 0.8), ("ST", "a", 0.4, -0.1, 0.9))
    assert drivers(study, outcome) == (
        "Nothing that was varied can be told to drive the mean hours out: even “a”, the first, may have no influence."
    )


def test_a_distance_counts_above_that_of_a_parameter_that_does_nothing():
    idle = ("pawn", "(a parameter that does nothing)", 0.2, 0.1, 0.3)
    study, outcome = study_with("pawn", ("pawn", "a", 0.5, 0.4, 0.6), ("pawn", "b", 0.35, 0.25, 0.45), idle)
    assert drivers(study, outcome).endswith(
        "most on “a”, which moves it by 0.50 (0.40 to 0.60) on a scale from 0 to 1; doing nothing scores 0.20."
    )
    said = [reading(study.summary, outcome, row) for row in ranked(study.summary, outcome)]
    assert said == ["matters", "cannot be told from no influence"]


def test_effects_carry_the_unit_of_the_outcome():
    study, outcome = study_with("morris", ("mu_star", "a", 1_234.0, 1_000.0, 1_468.0), unit="US$")
    assert "which moves it by $1,230 over its whole range ($1,000 to $1,470)" in drivers(study, outcome)
    study, outcome = study_with("morris", ("mu_star", "a", 3.0, 2.0, 4.0))
    assert "which moves it by 3.00 hours over its whole range (2.00 to 4.00)" in drivers(study, outcome)


def test_luck_comes_first_where_it_hides_the_rest():
    study, outcome = study_with("sobol", *SURE, noise={"share": 0.6, "seeds": 4})
    (finding,) = answer(study)
    hard = "What drives the mean hours out is hard to tell from chance: 60 % of the differences are luck."
    assert finding.headline == hard
    assert finding.lines[0].startswith("In the storms that were played, the mean hours out depends most on “a”")
    assert "For less than 10 % give --replicates 54." in " ".join(cautions(study, outcome))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ([("S1", "c", -0.04, -0.1, 0.02)], "“c” -4 % (-10 % to 2 %); the estimate cannot be told from zero, and is"),
        ([("S1", "c", -0.4, -0.6, -0.2)], "“c” -40 % (-60 % to -20 %); a few extreme outcomes, or too few runs"),
        ([("S1", "c", 0.3, 0.2, 0.4), ("ST", "c", 0.25, 0.1, 0.35)], "“c” (30 % over 25 %); the difference is noise"),
        ([("S1", "c", 0.3, 0.28, 0.32), ("ST", "c", 0.1, 0.05, 0.15)], "“c” (30 % over 10 %); some intervals do not"),
        ([("S1 sum", "all", 1.1, 0.9, 1.3)], "True shares by themselves add up to 100 % at most, these to more; the"),
        ([("S1 sum", "all", 1.1, 1.05, 1.15)], "these to more; it is more than noise explains: too few runs"),
        ([("S1 sum", "all", 0.8, 0.7, 0.9)], "Each by itself, all that was varied explains 80 % (70 % to 90 %) of the"),
        ([("S2", "a", 0.1, 0.05, 0.15)], "Pairs that do more than their two alone: “a” with “b” 10 % (5 % to 15 %)"),
        ([("S2", "a", -0.1, -0.2, 0.1)], "No pair can be told to do anything beyond what its two do alone"),
    ],
)
def test_what_no_true_index_could_be_is_explained(more, told):
    study, outcome = study_with("sobol", *SURE, *more)
    assert told in " ".join(cautions(study, outcome))


def test_whether_more_runs_would_change_the_answer_is_told_with_its_numbers():
    study, outcome = study_with("sobol", *SURE)
    assert settled(outcome) == "This is settled: more runs would hardly change it."
    judged = " ".join(cautions(study, outcome))
    assert "With n = 64 base samples the widest interval reaches 4 % from its index; at most 5 % is allowed" in judged
    assert "would do" not in judged
    unsettled = {**outcome["convergence"], "converged": False, "half_width": 0.1, "n_needed": 256}
    study, outcome = study_with("sobol", *SURE, convergence=unsettled, left_out=3, n=61)
    assert settled(outcome) == "This is not settled yet. About 4 times as many runs would settle it."
    judged = " ".join(cautions(study, outcome))
    assert "About n = 256 would do, 7,680 more runs." in judged
    assert "3 of 64 base samples are left out" in judged
