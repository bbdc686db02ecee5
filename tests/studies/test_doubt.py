"""Doubt about parameters: which part of an interval it is, and that each seed takes its draw and nothing else."""

import numpy as np
import pytest

import coproduce as cp
from analysis.contrasts.doubt import components, explained, parts
from analysis.contrasts.intervals import half_widths, paired
from app.pages.doubt import CHANCE_ONLY, covers
from experiments.designs.doubt import doubt_of
from experiments.designs.draws import as_table, draws_of, read_draws
from experiments.runs.evaluate import measure_run
from experiments.runs.rows import row
from sim import ScenarioError, Seeds, load

SMALL = {"place.customers": 300, "place.neighbourhoods": 6}
LATERAL, OWN = "storm.repair_h.lateral", "crews.line.own"


def written(folder, text, name="draws.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def three(tmp_path):
    """Three draws of two parameters."""
    return written(tmp_path, f"draw,weight,{LATERAL},{OWN}\n1,1,3.5,6\n2,1,4.5,8\n3,1,5.5,12\n")


def made(parameters, chance, n, seed):
    """Values of n seeds: a straight line through two parameters, and luck."""
    luck = np.random.default_rng(seed)
    draws = luck.uniform(-1.0, 1.0, (n, 2))
    effect = parameters * (draws @ [1.0, 1.0]) / np.sqrt(2.0 / 3.0)  # of unit variance, times ``parameters``
    return draws, effect + chance * luck.normal(size=n)


def test_what_draws_explain_is_doubt_and_what_they_do_not_is_chance():
    draws, values = made(parameters=3.0, chance=1.0, n=400, seed=1)
    assert explained(values, components(draws)) == pytest.approx(0.9, abs=0.02)
    found = half_widths(values, components(draws))
    assert found.whole == pytest.approx(np.hypot(found.chance, found.doubt))
    assert found.doubt == pytest.approx(1.966 * 3.0, rel=0.1)
    assert found.chance == pytest.approx(1.966 / np.sqrt(400), rel=0.1)


def test_more_seeds_narrow_chance_but_not_doubt():
    few, many = (half_widths(v, components(d)) for d, v in (made(2.0, 1.0, n, seed=2) for n in (100, 1_600)))
    assert many.chance < 0.3 * few.chance
    assert many.doubt == pytest.approx(few.doubt, rel=0.15)


@pytest.mark.parametrize(("parameters", "chance"), [(1.0, 1.0), (3.0, 1.0), (0.3, 1.0)])
def test_the_interval_holds_the_effect_at_the_true_parameters(parameters, chance):
    held = []
    for seed in range(400):
        draws, values = made(parameters, chance, 40, seed)
        interval = paired(values, components(draws))
        truth = parameters * np.random.default_rng(seed + 10_000).uniform(-1.0, 1.0, 2).sum() / np.sqrt(2.0 / 3.0)
        held.append(interval.low <= truth <= interval.high)
    assert 0.90 <= np.mean(held) <= 0.98  # 95 would be right; 400 repeats err by 2


def test_where_parameters_do_nothing_luck_counts_as_doubt_and_less_so_with_more_seeds():
    def doubt(n):
        return np.median([half_widths(v, components(d)).doubt for d, v in (made(0.0, 1.0, n, s) for s in range(100))])

    assert doubt(400) == pytest.approx(doubt(25) / 4.0, rel=0.25)


def test_draws_that_are_all_the_same_leave_the_interval_as_it_is():
    values = np.random.default_rng(0).normal(size=20)
    same = components(np.ones((20, 3)))
    assert same.shape == (20, 0)
    assert paired(values, same)[:3] == pytest.approx(paired(values)[:3])


def test_one_run_has_no_parts():
    assert np.isnan(parts(np.array([1.0]), np.empty((1, 0)), 12.7)).all()


def test_a_seed_takes_its_draw_and_begins_again_after_the_last(three):
    doubt = doubt_of(three, load("classroom"))
    taken = [doubt.of(Seeds.all(seed))[OWN] for seed in (1, 2, 3, 4)]
    assert taken == [6, 8, 12, 6]
    assert all(type(value) is int for value in taken)


def test_draws_come_up_as_often_as_their_weights_say():
    draws = draws_of({"weight": np.array([3.0, 1.0]), LATERAL: np.array([3.0, 5.0])}, "draws x.csv")
    taken = np.array([draws.of(i)[LATERAL] for i in range(400)])
    assert np.mean(taken == 3.0) == pytest.approx(0.75, abs=0.01)
    assert [draws.of(i) for i in range(20)] == [draws.of(i) for i in range(40)][:20]


def test_draws_are_written_as_they_are_read(three, tmp_path):
    import pandas as pd

    first = read_draws(three, load("classroom"))
    again = tmp_path / "again" / "draws.csv"
    again.parent.mkdir()
    pd.DataFrame(as_table(first)).to_csv(again, index=False)
    assert read_draws(again, load("classroom")).digest == first.digest


def test_what_a_row_changes_itself_wins_over_its_draw(three):
    doubt, city = doubt_of(three, load("classroom")), load("classroom")
    assert dict(doubt.over(row(city, {OWN: 20}, Seeds.all(1))).patch) == {LATERAL: 3.5, OWN: 20}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("draw,weight,storm.repair_h.laterals\n1,1,3\n", "did you mean 'storm.repair_h.lateral'"),
        (f"draw,weight,{OWN}\n1,1,6\n2,1,-6\n", "draw 2: [crews.line]: own must be a whole number"),
        (f"draw,weight,{OWN}\n1,1,6.5\n", "draw 1: [crews.line]: own must be a whole number"),
        (f"draw,weight,{LATERAL}\n1,1,\n", "must hold numbers only, without gaps"),
        (f"draw,weight,{LATERAL}\n1,1,few\n", "must hold numbers only"),
        (f"draw,weight,{LATERAL}\n1,0,3\n", "weights of 0 or more, not all 0"),
        (f"draw,weight,{LATERAL}\n1,-1,3\n2,2,3\n", "weights of 0 or more"),
        (f"draw,{LATERAL}\n1,3\n", "must have a column weight"),
        ("draw,weight\n1,1\n", "one for each parameter"),
    ],
)
def test_bad_draws_are_refused_in_one_line(tmp_path, text, words):
    with pytest.raises(ScenarioError) as bad:
        read_draws(written(tmp_path, text), load("classroom"))
    assert words in str(bad.value)
    assert "\n" not in str(bad.value)


def test_draws_that_do_not_exist_are_named(tmp_path):
    with pytest.raises(ScenarioError, match="unknown draws 'nowhere'"):
        read_draws("nowhere", load("classroom"))
    with pytest.raises(ScenarioError, match="cannot read"):
        read_draws(tmp_path / "none.csv", load("classroom"))


def test_a_comparison_under_doubt_runs_each_pair_with_one_draw(three):
    city = load("classroom").but(SMALL)
    found = cp.compare(city, {"more": {OWN: 20}}, pairs=3, by=["minority"], doubt=three)
    line = found.tables["compare"].set_index(["grouping", "measure"]).loc[("all", "mean_h")]
    draws = {1: {LATERAL: 3.5, OWN: 6}, 2: {LATERAL: 4.5, OWN: 8}, 3: {LATERAL: 5.5, OWN: 12}}

    def mean_h(**changes):
        rows = [row(city, {**draw, **changes}, Seeds.all(seed)) for seed, draw in draws.items()]
        return np.mean([measure_run(city, one, ("minority",))["all:all:mean_h"] for one in rows])

    assert line["baseline_mean"] == pytest.approx(mean_h())
    assert line["arm_mean"] == pytest.approx(mean_h(**{OWN: 20}))


def test_a_page_says_what_its_intervals_cover(three):
    city = load("classroom").but(SMALL)
    doubted = cp.run(city, 10, doubt=three)
    assert "doubt about 2 parameters" in covers(doubted.summary)
    assert covers(cp.run(city, 1).summary) == CHANCE_ONLY
    page = doubted.page()
    section = next(section for section in page.sections if section.name == "doubt")
    assert {row[-1] for row in section.blocks[1].rows} == {LATERAL, OWN}
    gaps = next(block for block in page.sections[0].blocks if "of which doubt" in getattr(block, "heads", ()))
    assert all("±" in cell for row in gaps.rows for cell in row[3:5])


def test_a_sweep_under_doubt_parts_its_intervals(three):
    study = {
        "scenario": "classroom", "set": SMALL, "replicates": 10, "outcomes": ["mean"], "doubt": str(three),
        "vary": {OWN: [4, 16]},
    }  # fmt: skip
    table = cp.sweep(study).tables["responses"]
    moved = table[table["is_end"]]
    assert np.isfinite(moved["change_by_chance"]).all()
    whole = (moved["change_high"] - moved["change_low"]) / 2.0
    assert whole.to_numpy() == pytest.approx(np.hypot(moved["change_by_chance"], moved["change_by_doubt"]).to_numpy())


def test_a_folder_of_another_draw_is_not_taken_for_this_one(three, tmp_path):
    city, out = load("classroom").but(SMALL), tmp_path / "out"
    cp.run(city, 2, doubt=three, out=out)
    cp.run(city, 2, doubt=three, out=out)  # goes on from what is there
    with pytest.raises(ScenarioError, match="other parameters"):
        cp.run(city, 2, out=out)


def test_growing_until_narrow_is_refused_with_doubt(three):
    with pytest.raises(ScenarioError, match="more pairs do not narrow doubt"):
        cp.compare("classroom", ["outreach/app-launch"], until_halfwidth_h=0.5, doubt=three)
