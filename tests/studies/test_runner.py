"""The runner: every row once, in fitting batches, and the same table in the end."""

import numpy as np
import pandas as pd
import pytest

from app.faces.terminal import console
from app.options import shard_of
from app.process.exits import Stop
from app.process.progress import Progressing
from experiments.runs import carry_out as running
from experiments.runs.carry_out import RunOptions, carry_out, pilot_size
from experiments.runs.ledger import Ledger
from experiments.runs.plan import plan_of
from experiments.runs.runner import BATCH_S, BATCHES_LEFT, Tally, execute, run_tasks
from experiments.runs.watch import Watch, duration
from experiments.runs.work import prepare
from experiments.runs.workers import Here, InProcess
from sim import Seeds
from tests.studies import small
from tests.studies.small import ARMS, IDENTITY, TOWN, instant, study


def instants(replicates):
    """A study whose runs take no time."""
    return study(replicates)._replace(measure=instant)


def test_every_row_is_run_once_and_recalled_the_next_time(ledger):
    plan = study(4)
    assert execute(plan, ledger, InProcess(), measure=instant) == Tally(12, 0, 0)
    assert execute(plan, ledger, InProcess(), measure=instant) == Tally(0, 12, 0)


def test_a_row_planned_twice_is_run_once_and_exported_twice(ledger, tmp_path):
    plan = study(2, arms=(ARMS[0], ARMS[1], ARMS[0]))
    assert execute(plan, ledger, InProcess(), measure=instant).done == 4
    ledger.export(tmp_path / "runs.csv")
    means = pd.read_csv(tmp_path / "runs.csv")["all:all:mean_h"]
    assert len(means) == 6
    assert means[:2].tolist() == means[4:].tolist()


def test_a_failure_is_counted_and_sinks_nothing(ledger, monkeypatch):
    assert execute(study(4), ledger, InProcess(), measure=small.fails_for_seed_2) == Tally(9, 0, 3)
    monkeypatch.setenv(small.MENDED, "1")
    assert execute(study(4), ledger, InProcess(), measure=small.fails_for_seed_2) == Tally(3, 9, 0)


def test_a_patch_that_the_model_refuses_is_a_failure(ledger):
    plan = study(2, arms=({}, {"crews.line.own": -4}))
    assert execute(plan, ledger, InProcess()) == Tally(2, 0, 2)
    assert "own must be" in ledger.failures()[0].error


def test_rows_of_one_world_stand_together_and_arms_of_one_seed_too(ledger):
    work = prepare(study(4), ledger)
    assert work.worlds.tolist() == sorted(work.worlds.tolist())
    assert [work.task(n).row.seeds.world for n in range(6)] == [1, 1, 1, 2, 2, 2]
    same_world = plan_of([(TOWN, arm, Seeds(1, 1, n)) for arm in ARMS for n in (1, 2)], (), IDENTITY)
    assert [prepare(same_world, ledger).task(n).row.seeds.behaviour for n in range(6)] == [1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("number", [1, 3, 40])
@pytest.mark.parametrize("parts", [1, 2, 5])
def test_shards_cover_every_row_once(tmp_path, number, parts):
    plan = study(number)
    found = []
    for i in range(1, parts + 1):
        with Ledger.open(tmp_path / f"{i}.sqlite", IDENTITY) as ledger:
            found += prepare(plan, ledger, (i, parts)).positions.tolist()
    assert sorted(found) == list(range(len(plan.rows)))


def test_shards_take_whole_worlds_where_there_are_enough(ledger):
    work = prepare(study(40), ledger, (2, 4))
    assert np.bincount(work.worlds).max() == 3
    assert set(np.bincount(work.worlds)) == {0, 3}


class Counting(Here):
    """In this process, but as if there were some workers; remembers how many rows came at a time."""

    workers = 2
    in_flight = 1

    def started(self):
        self.sizes = []
        inner = super().started()
        submit = inner.submit
        inner.submit = lambda fn, batch: self.sizes.append(len(batch.rows)) or submit(fn, batch)
        return inner


def test_batches_are_half_a_second_and_leave_some_for_the_others(ledger):
    crew = Counting()
    run_tasks(prepare(instants(100), ledger), ledger, crew, seconds=BATCH_S / 20)
    assert crew.sizes[0] in range(20, 31)  # to the end of a world
    assert max(crew.sizes) <= 1.5 * 300 / (2 * BATCHES_LEFT)
    assert crew.sizes[-1] == 1
    assert sum(crew.sizes) == 300


def test_without_a_guess_the_first_batch_is_one_row(ledger):
    crew = Counting()
    run_tasks(prepare(instants(20), ledger), ledger, crew)
    assert crew.sizes[0] == 1
    assert max(crew.sizes) > 1


def test_a_lazy_plan_is_asked_for_rows_and_never_kept(ledger):
    plan = study(4)

    class Lazy:
        def __len__(self):
            return len(plan.rows)

        def __getitem__(self, position):
            if position >= len(self):
                raise IndexError
            return plan.rows[position]

    assert execute(plan._replace(rows=Lazy()), ledger, InProcess(), measure=instant).done == 12
    assert execute(plan, ledger, InProcess(), measure=instant).recalled == 12


def test_carrying_out_says_how_much_how_long_and_what_failed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(running, "WORTH_WORKERS_S", 1e9)
    options = RunOptions(tmp_path, workers=2, watch=Progressing(console(to_stderr=True)))
    plan = study(10)._replace(measure=small.fails_for_seed_2)
    carry_out(plan, options, lambda _: "an interval of so many hours").close()
    told = capsys.readouterr().err
    assert told.splitlines()[0] == "30 runs"
    assert "Pilot of 12 runs: " in told
    assert "18 more, in this process, take about 1 s" in told
    assert "an interval of so many hours" in told
    assert "3 runs failed; they are counted" in told
    assert "channels.app.availability=0.0, seeds 2/2/2: ZeroDivisionError: nobody is out" in told
    monkeypatch.setenv(small.MENDED, "1")
    carry_out(plan, options).close()
    assert capsys.readouterr().err.splitlines()[0] == "30 runs, 27 of them are there already"
    carry_out(plan, options._replace(watch=Watch())).close()
    assert capsys.readouterr().err == ""


def test_the_pilot_holds_every_arm_under_the_first_seeds(ledger):
    assert pilot_size(prepare(study(10), ledger)) == 12
    assert pilot_size(prepare(study(2), ledger)) == 6
    assert pilot_size(prepare(study(10, arms=[{"crews.line.own": n} for n in range(1, 40)]), ledger)) == 8


def test_without_a_folder_nothing_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    ledger = carry_out(study(2)._replace(measure=instant), RunOptions(workers=1))
    assert ledger.counts()["finished"] == 6
    assert len(list(tmp_path.iterdir())) == 1
    ledger.close()
    assert list(tmp_path.iterdir()) == []


def test_spans_of_time_are_rounded():
    assert [duration(s) for s in (0.2, 75, 300, 7000)] == ["1 s", "75 s", "5 min", "1.9 h"]


@pytest.mark.parametrize("text", ["2", "0/3", "4/3", "a/b", "1/", "-1/2"])
def test_a_shard_must_be_one_of_several(text):
    with pytest.raises(Stop, match="must be I/N"):
        shard_of(text)
    assert shard_of("2/3") == (2, 3)
