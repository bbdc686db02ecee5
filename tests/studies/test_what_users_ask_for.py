"""What users of simulators have asked for, and waited for, in the trackers of neighbouring tools: one test each.

The number of the request stands in the name of the test, who asked in its docstring.
"""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.sensitivity.indices import analyse
from analysis.sensitivity.sample import Sample
from app.pages.sensitivity_cautions import cautions
from experiments.designs.arms import arms_of
from experiments.designs.points import design_of
from experiments.designs.sensitivity import _drawn
from experiments.designs.study_files import read_study
from experiments.designs.vary import factors_of
from experiments.findings.compare_table import tidy
from experiments.findings.pairs import Design, plan_of, values_of
from experiments.runs.ledger import Ledger
from experiments.runs.measures_of_run import measures
from experiments.runs.runner import execute
from experiments.runs.work import prepare
from experiments.runs.workers import InProcess, Processes
from experiments.study import kinds
from sim import Seeds, load, run, shipped_changes
from tests.studies.indices import study_with
from tests.studies.small import ARMS, IDENTITY, ROOT, TOWN, fails_for_seed_2, instant, study
from tests.studies.test_compare_growth import grow

BEFORE = ["out_h", "x_km", "knowledge", "trust", "smartphone", "tolerance_h"]


def executed(tmp_path, plan, name="runs", crew=None, **more):
    """Bytes of the export of a plan, and what has become of its rows."""
    with Ledger.open(tmp_path / f"{name}.sqlite", plan.identity) as ledger:
        tally = execute(plan, ledger, crew or InProcess(), **more)
        ledger.export(tmp_path / f"{name}.csv")
    return (tmp_path / f"{name}.csv").read_bytes(), tally


def test_01_the_same_world_and_the_same_luck_in_every_scenario():
    """CS_Proxymix 148, GAMA 1453: two arms of one seed must begin with the same people in the same rooms."""
    one, other = run(TOWN, 5), run(TOWN.but({"crews.line.own": 6, "dispatch.policy": "random"}), 5)
    assert one.households[BEFORE].equals(other.households[BEFORE])
    assert not one.households["restored_h"].equals(other.households["restored_h"])


def test_02_an_intervention_of_no_coverage_is_no_intervention():
    """malariasimulation 284: switched on at zero coverage, results differed from switched off."""
    plain = run(TOWN, 5)
    switched_on = run(TOWN.but({"outreach.mailer.reach": 0.0, "outreach.mailer.at_h": 10.0}), 5)
    assert plain.households.equals(switched_on.households)
    assert plain.reports.equals(switched_on.reports)


def test_03_until_an_intervention_begins_nothing_differs():
    """epicR 133: years before an intervention should be identical in all arms."""
    begins_h = 24.0
    late = {"outreach.door.reach": 1.0, "outreach.door.effect": 1.0, "outreach.door.at_h": begins_h}
    wider = {"place.customers": 300, "channels.app.awareness": 0.0, "channels.sms.awareness": 0.0}
    plain, told = run(TOWN.but(wider), 2), run(TOWN.but({**wider, **late}), 2)
    for table, hour in (("reports", "attempted_h"), ("jobs", "dispatched_h"), ("households", "known_h")):
        hours = [np.sort(getattr(outcomes, table)[hour].to_numpy()) for outcomes in (plain, told)]
        early = [of_arm[of_arm < begins_h] for of_arm in hours]
        assert len(early[0])
        np.testing.assert_array_equal(*early)
    assert not plain.reports["attempted_h"].equals(told.reports["attempted_h"])


def test_04_every_row_names_its_replicate(tmp_path):
    """NetLogo 1801: a number for the repetition, to compare settings seed by seed."""
    plan = study(3)
    executed(tmp_path, plan, measure=instant)
    table = pd.read_csv(tmp_path / "runs.csv")
    seeds = table[[c for c in table.columns if "seed" in c]]
    assert seeds.shape[1] == 3
    assert sorted(seeds.iloc[:, 0].unique()) == [1, 2, 3]
    assert len(table) == len(ARMS) * 3


def test_05_a_killed_study_goes_on_where_it_stopped(tmp_path):
    """Mesa 3768, NetLogo 2139: hours of runs lost to a crash. Here: an end after any number of runs."""
    plan, whole = study(4), executed(tmp_path, study(4), "whole", measure=instant)[0]
    for finished in (1, 5, 11):
        with Ledger.open(tmp_path / f"cut{finished}.sqlite", IDENTITY) as ledger:
            work = prepare(plan, ledger)
            part = plan._replace(rows=[work.task(i).row for i in range(finished)])
            execute(part, ledger, InProcess(), measure=instant)
        again, tally = executed(tmp_path, plan, f"cut{finished}", measure=instant)
        assert again == whole
        assert (tally.recalled, tally.done) == (finished, 12 - finished)


def test_06_one_failed_run_neither_sinks_nor_garbles_the_others(tmp_path):
    """Mesa 3756, NetLogo 114: an error in one run spoiled the output of the rest."""
    _, clean = executed(tmp_path, study(4), "clean", measure=instant)
    _, tally = executed(tmp_path, study(4), "failing", measure=fails_for_seed_2)
    assert (clean.failed, tally.failed, tally.done) == (0, len(ARMS), 3 * len(ARMS))
    good, bad = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("clean", "failing"))
    broken = bad["status"] != good["status"]
    assert broken.sum() == len(ARMS)
    assert bad.loc[broken, "error"].str.contains("nobody is out").all()
    pd.testing.assert_frame_equal(good[~broken].drop(columns="error"), bad[~broken].drop(columns="error"))


def test_07_results_are_written_as_they_come_and_memory_does_not_grow(tmp_path):
    """Mesa 1915: everything was held in memory until the end."""
    code = f"""
import resource
from experiments.runs.workers import InProcess
from experiments.runs.ledger import Ledger
from experiments.runs.runner import execute
from tests.studies.indices import study_with
from tests.studies.small import IDENTITY, instant, study
def peak_mb(first, runs):
    with Ledger.open({str(tmp_path / "runs.sqlite")!r}, IDENTITY) as ledger:
        execute(study(runs, arms=({{}},), first=first), ledger, InProcess(), measure=instant)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(peak_mb(1, 100), peak_mb(1_000, 3_000))
"""
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    few, many = map(float, answer.stdout.split())
    assert many - few < 12.0  # MB; the rows of the plan themselves are a list here


def test_08_in_parallel_as_alone(tmp_path):
    """NetLogo 105: foreground and background runs of one experiment differed."""
    alone, _ = executed(tmp_path, study(2), "alone")
    crew = Processes(2)
    try:
        together, _ = executed(tmp_path, study(2), "together", crew)
    finally:
        crew.close(hurry=True)
    assert alone == together


def test_09_an_interrupted_study_is_an_even_sample_of_its_arms(tmp_path):
    """NetLogo 278: A, B, C, A, B, C rather than A, A, A, so that what is there when power fails can be used."""
    plan = study(10)
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        work = prepare(plan, ledger)
        for cut in range(1, len(plan.rows)):
            done = [work.task(i).row.patch for i in range(cut)]
            counts = [sum(patch == plan.rows[arm * 10].patch for patch in done) for arm in range(len(ARMS))]
            assert max(counts) - min(counts) <= 1


def test_10_designs_beyond_every_combination(tmp_path):
    """NetLogo 576, Mesa 3768: full factorials explode; a design of one's own should be possible."""
    vary = '[vary]\n"crews.line.own" = { from = 1, to = 4, steps = 4 }\n"channels.app.awareness" = [0.1, 0.5]\n'
    wanted = {"factorial": 1 + 4 * 2, "one-at-a-time": None, "latin-hypercube": 1 + 16, "sobol": 1 + 16}
    for kind, points in wanted.items():
        size = "n = 16\n" if kind in ("latin-hypercube", "sobol") else ""
        path = tmp_path / f"{kind}.toml"
        path.write_text(f'kind = "sweep"\nscenario = "classroom"\ndesign = "{kind}"\n{size}{vary}')
        design = design_of(read_study(path))
        assert len(design.points) == points or (points is None and len(design.points) < 9)
        assert design.points[0].patch == {}


def test_11_how_many_replicates_are_enough():
    """helmet-model-system 515: how many runs until results can be used officially? Until the interval is narrow."""
    rng = np.random.Generator(np.random.Philox(4))
    drawn = rng.normal(0.5, 2.0, size=(4_000, 1))
    growth = grow(lambda n: drawn[:n], half_width=0.25, most=4_000)
    assert growth.reached
    assert growth.half_widths_h[0] <= 0.25
    assert growth.steps[-1] == pytest.approx((1.96 * 2.0 / 0.25) ** 2, rel=0.25)
    assert not grow(lambda n: drawn[:n], half_width=0.01, most=50).reached


def sobol_sample(n, names, seed):
    """A Sobol' design in two parameters."""
    empty = Sample("sobol", names, (), True, 4, seed, np.zeros((0, len(names))))
    return empty._replace(u=_drawn(empty, n))


def test_12_a_missing_value_never_turns_into_an_index_of_zero():
    """SALib 273, 237, 134: one NaN among the outputs gave S1 = ST = 0 for every parameter, and no error."""
    sample = sobol_sample(256, ("strong", "weak"), 1)
    y = 4.0 * sample.u[:, 0] + 0.5 * sample.u[:, 1]
    y[7] = np.nan
    found = analyse(sample, y)
    totals = found.of("ST")["value"]
    assert found.left_out == 1
    assert totals["strong"] > 0.9
    assert 0.0 < totals["weak"] < 0.1


def test_13_a_negative_index_comes_with_its_interval_and_is_explained():
    """SALib 102, 135, 306, 601: what does a negative index mean? Asked again and again."""
    for seed in range(1, 30):
        sample = sobol_sample(32, ("strong", "idle"), seed)
        found = analyse(sample, np.sin(6.0 * sample.u[:, 0]) + 0.3 * sample.u[:, 0] * sample.u[:, 1])
        alone = found.of("S1").loc["idle"]
        if round(alone["value"], 2) < 0.0:
            break
    assert alone["value"] < 0.0 <= alone["high"]
    rows = found.table[["index", "parameter", "value", "low", "high"]].itertuples(index=False, name=None)
    said = " ".join(cautions(*study_with("sobol", *rows)))
    assert re.search(r"By itself below zero, as no true share can be: .*“idle” -\d+ % \(-\d+ % to \d+ %\)", said)
    assert "cannot be told from zero, and is noise" in said


def test_14_categories_yes_or_no_and_whole_numbers_are_factors_like_any_other():
    """SALib 650 and others: parameters that are not real numbers, and groups of them."""
    vary = {
        "dispatch.policy": ["standard", "most-reports", "pressure"],
        "channels.app.two_way": [True, False],
        "crews.line.own": {"from": 1, "to": 4},
        "channels": {"subsets_of": ["hotline", "web"]},
    }
    scenario = load("classroom")
    for factor in factors_of(vary, scenario):
        values = [factor.at((i + 0.5) / 240) for i in range(240)]
        distinct = {repr(value): values.count(value) for value in values}
        assert len(set(distinct.values())) == 1  # equally often
        for value in {repr(v): v for v in values}.values():
            scenario.but(factor.patch(value))


def test_15_differences_from_a_named_baseline_by_group_with_their_price(tmp_path):
    """PolicyEngine's default view, and what no simulator of restoration gives: baseline, reform, and its cost."""
    assert "outreach/no-311" in shipped_changes()
    compared = arms_of("classroom", ["outreach/no-311"])
    design = Design(compared.baseline, tuple(compared.arms), ("minority",), 1)
    plan = plan_of(design, 2)
    with Ledger.open(tmp_path / "runs.sqlite", plan.identity) as ledger:
        execute(plan, ledger, InProcess())
        table = tidy(values_of(ledger, design, 2), [arm.name for arm in compared.arms])
    groups = set(zip(table["grouping"], table["group"], table["measure"], strict=True))
    assert {("minority", "minority", "gap_h"), ("all", "all", "mean_h"), ("cost", "total", "usd")} <= groups
    by_hand = [measures(run(arm.whole, Seeds.all(1)), ["minority"]) for arm in (compared.baseline, *compared.arms)]
    assert by_hand[1]["cost:total:usd"] != by_hand[0]["cost:total:usd"]
    assert "baseline" in kinds()["compare"].help
