"""Rules and measures of one's own in a study: in its keys and its identity, in parallel, kept on disk, or refused."""

import subprocess
import sys
import textwrap
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd
import pytest

from coproduce import compare
from experiments.findings.compare_table import line_of
from experiments.runs.evaluate import measure_run
from experiments.runs.ledger import Ledger
from experiments.runs.ledger_file import LedgerError
from experiments.runs.measures_of_run import measures
from experiments.runs.own_rules import OtherModel, Own, measured_by, measures_digest, rules_of
from experiments.runs.plan import plan_of
from experiments.runs.rows import as_json, from_json, key, row
from experiments.runs.runner import execute
from experiments.runs.work import prepare
from experiments.runs.workers import Here, InProcess, Processes
from sim import ScenarioError, Seeds, run
from sim.core.compiled import COMPILED, rule
from sim.engine.simulate import event_loop
from tests.laws.test_rules_of_ones_own import nobody_reports, smallest_first
from tests.studies.small import IDENTITY, ROOT, TOWN, environment, instant, study

OWN = {"choose": nobody_reports, "score": smallest_first}
HERE = "tests.laws.test_rules_of_ones_own"
MEAN = "all:all:mean_h"


@rule
def half_as_eager(usable_bits, hours_out, person, hour, u, channels, rules):
    return -1


def shifted(by_h):
    def measure(scenario, row, by):
        return {MEAN: instant(scenario, row, by)[MEAN] + by_h}

    return measure


def test_a_used_ledger_does_not_recall_what_was_measured_otherwise(ledger):
    plan = study(1)
    execute(plan, ledger, InProcess(), measure=shifted(0.0))
    before = ledger.values(plan.rows, plan.by, [MEAN]).copy()
    for other, says in (
        (shifted(5.0), "another version of the measures"),
        (instant, 'small:instant" here; choose another'),
    ):
        with pytest.raises(LedgerError, match=says) as caught:
            execute(plan, ledger, InProcess(), measure=other)
        assert "\n" not in str(caught.value)
    assert (ledger.values(plan.rows, plan.by, [MEAN]) == before).all()
    assert execute(plan, ledger, InProcess(), measure=shifted(0.0)).recalled == 3


def test_a_ledger_of_the_model_refuses_a_measure_of_ones_own_and_the_other_way_round(tmp_path):
    for first, second in ((measure_run, instant), (instant, measure_run)):
        with Ledger.open(tmp_path / f"{first.__name__}.sqlite", IDENTITY) as ledger:
            execute(study(1), ledger, InProcess(), measure=first)
            with pytest.raises(LedgerError, match=r"measures is .* there and .* here"):
                execute(study(1), ledger, InProcess(), measure=second)


def test_what_is_measured_and_the_rules_are_in_the_key():
    one = row(TOWN, {}, Seeds.all(1))
    keys = [
        key(one, ()),
        key(one, (), measured_by(shifted(0.0)).told),
        key(one, (), measured_by(shifted(1.0)).told),
        key(row(TOWN, {}, Seeds.all(1), rules_of(score=smallest_first)), ()),
        key(row(TOWN, {}, Seeds.all(1), rules_of(choose=nobody_reports)), ()),
        key(row(TOWN, {}, Seeds.all(1), rules_of(choose=half_as_eager)), ()),
    ]
    assert len(set(keys)) == len(keys)
    assert key(one, (), measured_by(measure_run).told) == key(one, (), measures_digest()) == keys[0]
    own = row(TOWN, {}, Seeds.all(1), rules_of(**OWN))
    assert from_json(as_json(own)) == own


def test_a_rule_may_be_named_by_where_it_stands():
    assert rules_of(score=f"{HERE}:smallest_first").told == rules_of(score=smallest_first).told
    assert rules_of().told == ""


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"score": f"{HERE}:smallest"}, "has no smallest; did you mean 'smallest_first'?"),
        ({"score": nobody_reports}, "score must take order, device, parameters, not usable_bits"),
        ({"choose": 3}, "choose must be a function under @rule"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(given, says):
    for ask in (lambda: plan_of([], **given), lambda: run(TOWN, **given), lambda: compare(TOWN, {"own": given})):
        with pytest.raises(ScenarioError) as caught:
            ask()
        assert says in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_measure_that_cannot_run_rules_of_ones_own_is_refused(ledger):
    plan = plan_of([(TOWN, {}, Seeds.all(1))], (), IDENTITY, score=smallest_first)
    with pytest.raises(ScenarioError, match=r"tests.studies.small:instant takes no score="):
        execute(plan, ledger, InProcess(), measure=instant)


@pytest.mark.parametrize("hands", [ProcessPoolExecutor, lambda: Processes(1)])
def test_what_other_processes_would_not_find_is_refused_before_anything_runs(ledger, hands):
    crew = hands()
    with pytest.raises(ScenarioError, match=r"^measure: .*shifted.* cannot be sent to other processes, for it is"):
        execute(study(1), ledger, crew, measure=shifted(1.0))
    assert ledger.counts()["finished"] == 0
    (crew.close if isinstance(crew, Processes) else crew.shutdown)()


def test_in_one_process_anything_goes(ledger):
    with ThreadPoolExecutor(1) as threads:
        assert execute(study(1), ledger, threads, measure=shifted(1.0)).done == 3
    assert execute(study(2), ledger, Here(), measure=shifted(1.0)).done == 3


def test_a_worker_takes_a_rule_by_its_name_and_refuses_another_one():
    sent = rules_of(score=smallest_first)
    arrived = Own(sent.score.told)
    assert arrived.function is smallest_first
    with pytest.raises(OtherModel, match=r"the workers have another .*smallest_first than this command"):
        _ = Own(sent.score.told[:-4] + "0000").function
    with pytest.raises(OtherModel, match="there is no module nowhere to import; the workers must be able to import it"):
        _ = Own("nowhere:f 1234").function


def test_rows_of_different_rules_are_told_apart_in_the_export(ledger, tmp_path):
    usual = plan_of([(TOWN, {}, Seeds.all(1))], ("minority",), IDENTITY)
    own = plan_of([(TOWN, {}, Seeds.all(1))], ("minority",), IDENTITY, score=smallest_first)
    prepare(usual, ledger)
    ledger.export(tmp_path / "runs.csv")
    assert "rules" not in pd.read_csv(tmp_path / "runs.csv").columns
    prepare(usual._replace(rows=[*usual.rows, *own.rows], rules=own.rules), ledger)
    ledger.export(tmp_path / "runs.csv")
    told = pd.read_csv(tmp_path / "runs.csv", keep_default_na=False)["rules"].tolist()
    assert told == ["", rules_of(score=smallest_first).told]
    assert told[1].startswith(f"score={HERE}:smallest_first ")


def test_rules_of_ones_own_are_compared_in_parallel_as_in_one_process_and_kept(tmp_path):
    arms = {"own": OWN, "more crews": {"crews.line.own": 4}, "same": "crews.line.own=2"}
    alone = compare(TOWN, arms, pairs=4, by=("minority",), out=tmp_path / "alone").table
    beside = compare(TOWN, arms, pairs=4, by=("minority",), out=tmp_path / "beside", workers=2).table
    pd.testing.assert_frame_equal(alone, beside)
    assert line_of(alone, "own", "all:all:report_rate").arm_mean == 0.0
    assert line_of(alone, "own", "all:all:report_rate").baseline_mean > 0.0
    same = line_of(alone, "same", MEAN)
    assert same.arm_mean == same.baseline_mean
    runs = [measures(run(TOWN, seed, **OWN), ())[MEAN] for seed in range(1, 5)]
    assert line_of(alone, "own", MEAN).arm_mean == pytest.approx(sum(runs) / 4)
    again = compare(TOWN, arms, pairs=4, by=("minority",), out=tmp_path / "beside").table
    pd.testing.assert_frame_equal(alone, again)
    with pytest.raises(LedgerError, match="holds runs of another study: arms"):
        compare(TOWN, arms | {"own": {"choose": half_as_eager}}, pairs=4, by=("minority",), out=tmp_path / "beside")


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
def test_a_compiled_rule_is_kept_on_disk_for_the_next_process():
    run(TOWN, **OWN)
    ask = f"""
        from sim import run
        from sim.engine.simulate import event_loop
        from {HERE} import nobody_reports, smallest_first
        from tests.studies.small import TOWN
        run(TOWN, choose=nobody_reports, score=smallest_first)
        stats = event_loop(nobody_reports, smallest_first).stats
        print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
        run(TOWN)
        print(sum(event_loop().stats.cache_hits.values()))
    """
    command = [sys.executable, "-c", textwrap.dedent(ask)]
    told = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "0", "1"]
    assert event_loop(**OWN) is event_loop(**OWN)
    assert event_loop(choose=nobody_reports) is not event_loop(**OWN)


COMPARES = f"""
    import sys
    from coproduce import compare
    from {HERE} import nobody_reports, smallest_first
    from tests.studies.small import TOWN
    own = {{"choose": nobody_reports, "score": smallest_first}}
    compare(TOWN, {{"own": own}}, pairs=300, by=("minority",), out=sys.argv[1], workers=2)
"""


@pytest.mark.slow
def test_a_comparison_by_rules_of_ones_own_that_is_killed_goes_on_and_ends_the_same(tmp_path):
    def finished():
        with Ledger.reopen(tmp_path / "out/runs.sqlite") as ledger:
            return ledger.counts()["finished"]

    command = [sys.executable, "-c", textwrap.dedent(COMPARES), str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, env=environment()) as process:
        wal = tmp_path / "out/runs.sqlite-wal"
        while process.poll() is None and not (wal.exists() and wal.stat().st_size > 800_000):
            time.sleep(0.02)
        process.kill()
    assert 0 < finished() < 600
    asked = {"pairs": 300, "by": ("minority",)}
    resumed = compare(TOWN, {"own": OWN}, out=tmp_path / "out", **asked)
    pd.testing.assert_frame_equal(resumed.table, compare(TOWN, {"own": OWN}, **asked).table)
    assert finished() == 600
