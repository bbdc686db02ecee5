"""What is still to run of a plan: each row once, those that are in the ledger left out, neighbours side by side.

Rows that share a world stand together, within these those that share a storm, within these those that share all seeds;
so that a batch builds little, and the arms of a comparison finish together. The order changes no result.
"""

import hashlib
from typing import NamedTuple

import numpy as np

from experiments.results.replicates import is_kept
from experiments.runs.evaluate import keys_of
from experiments.runs.ledger import Ledger
from experiments.runs.own_rules import Own, check_takes_rules, measured_by
from experiments.runs.plan import Plan
from experiments.runs.rows import Row, key, patch_of
from sim import Scenario
from sim.core.planned import FileChanged

FEW = 8  # worlds per shard, below which shards are cut by row


class Task(NamedTuple):
    """One row still to run."""

    key: str
    row: Row


class Work(NamedTuple):
    """What is still to run of a plan."""

    plan: Plan
    measure: Own
    positions: np.ndarray  # int64 [task], in the order of running
    keys: np.ndarray  # S32 [task]
    worlds: np.ndarray  # int64 [task]: equal for rows that share a world
    seeds: np.ndarray  # int64 [task]: equal for rows under the same seeds
    total: int  # rows of the study, or of its shard
    recalled: int

    def task(self, index: int) -> Task:
        """One row to run, made when it is asked for."""
        return Task(self.keys[index].decode(), self.plan.rows[int(self.positions[index])])

    def part(self, start: int, stop: int | None = None) -> "Work":
        """Some of the tasks."""
        names = ("positions", "keys", "worlds", "seeds")
        return self._replace(**{name: getattr(self, name)[start:stop] for name in names})

    def __bool__(self) -> bool:
        return len(self.positions) > 0


def prepare(plan: Plan, ledger: Ledger, shard: tuple[int, int] = (1, 1)) -> Work:
    """What is still to run of a plan or of one shard of it; the ledger learns the plan.

    Raises
    ------
    FileChanged      a file is not what it was when its scenario's digest was taken
    LedgerError      the ledger holds runs of which something else was measured
    ScenarioError    rules of one's own, and a measure that cannot run them
    """
    plan = plan._replace(scenarios={name: _as_planned(name, scenario) for name, scenario in plan.scenarios.items()})
    measure = measured_by(plan.measure)
    check_takes_rules(plan.measure, plan.rules)
    number = len(plan.rows)
    keys = np.zeros(number, dtype="S32")
    codes = np.zeros((3, number), dtype=np.int64)
    digest = hashlib.blake2b(digest_size=16)
    for position, row in enumerate(plan.rows):
        keys[position] = key(row, plan.by, measure.told)
        codes[:, position] = [hash(part) for part in (*keys_of(plan.scenarios[row.scenario], row), row.seeds)]
        digest.update(keys[position])
    worlds, storms, seeds = (_by_appearance(row) for row in codes)
    mine = positions_of_shard(worlds, shard)
    planned = ((int(n), keys[n].decode(), plan.rows[int(n)]) for n in mine)
    ledger.register(plan, planned, measure.told, digest.hexdigest(), f"{shard[0]}/{shard[1]}")
    once = mine[np.sort(np.unique(keys[mine], return_index=True)[1])]
    known = ledger.known(text.decode() for text in keys[once])
    if plan.folder:
        known -= {text for n in once if (text := keys[n].decode()) in known and not _is_kept(plan, plan.rows[int(n)])}
    fresh = once[[text.decode() not in known for text in keys[once]]] if len(once) else once
    order = fresh[np.lexsort((fresh, seeds[fresh], storms[fresh], worlds[fresh]))]
    return Work(plan, measure, order, keys[order], worlds[order], seeds[order], len(once), len(once) - len(order))


def _is_kept(plan: Plan, row: Row) -> bool:
    """Whether what the run of a row produced is still in the folder that it was left in."""
    digest = plan.scenarios[row.scenario].but(patch_of(row)).digest if row.patch else row.scenario
    return is_kept(plan.folder, digest, row.seeds, row.rules, plan.measure)


def _as_planned(digest: str, scenario: Scenario) -> Scenario:
    """A scenario bound to its files as they were when its digest was taken."""
    bound = scenario.as_planned()
    if bound is not scenario and bound.digest != digest:
        raise FileChanged(f"{scenario.name}: a file has changed while the study was planned; give the command again")
    return bound


def positions_of_shard(worlds: np.ndarray, shard: tuple[int, int]) -> np.ndarray:
    """Positions in the plan that belong to one shard.

    Parameters
    ----------
    worlds : int64 [position], counted by first appearance; shards take whole worlds in turn, where there are enough
    shard : (i, n)
    """
    i, n = shard
    turn = worlds if len(worlds) and worlds.max() + 1 >= FEW * n else np.arange(len(worlds))
    return np.flatnonzero(turn % n == i - 1)


def _by_appearance(codes: np.ndarray) -> np.ndarray:
    """The same codes counted 0, 1, 2, ... in the order in which they first appear."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
