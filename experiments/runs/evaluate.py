"""One run from its row, inside a worker; what rows share is built once and used again.

Three things are remembered per process, the few last used of each: scenarios with their patch, worlds and storms.
A world depends on its seed and on the parameters, tables and files that building it reads, and on nothing else; so
does a storm. Their keys are digests of exactly these, so a row that only moves a lever finds the world of its
neighbour. `tests/studies/test_evaluate.py` moves every other parameter and holds that no byte changes.
"""

import pickle
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from experiments.runs.own_rules import USUAL, OtherModel, Own, Rules
from experiments.runs.recent import Recent
from experiments.runs.rows import Finished, Row, failed, patch_of
from sim import Outcomes, Scenario, Seeds, load, run
from sim.core import canonical
from sim.core.columns import Damage, Place
from sim.core.planned import FileChanged
from sim.core.pool import Pool
from sim.core.sources import model_digest
from sim.world import place, storm

# What building a world and striking it read, by section or by parameter.
READ_BY_WORLD = ("place", "people", "knowledge", "need", "grid", "ties")
READ_BY_STORM = ("storm", "sensing", "telecom", "crews.safe_h")
TABLES_OF_WORLD = ("households", "devices", "tracts", "neighbourhoods", "facilities")
TABLES_OF_STORM = ("damage", "gusts")
OURS = "experiments."
WARM_UP = ("classroom", {"place.customers": 100})

Measure = Callable[..., dict[str, float]]  # (scenario, row, by), and choose= and score= where there are such rules


class Worlds:
    """Worlds and storms last used, by what building them reads: rows that only move a lever share them."""

    def __init__(self, worlds: int = 3, storms: int = 6) -> None:
        self.worlds, self.storms = Recent(worlds), Recent(storms)

    def built(self, scenario: Scenario, patched: Scenario, row: Row) -> tuple[Place, Damage]:
        """World and storm of a row, from memory where they are the same.

        Parameters
        ----------
        scenario : the one that the row patches
        patched : with the patch in it
        """
        world_key, storm_key = keys_of(scenario, row)
        world = self.worlds.get(world_key, lambda: place.build(patched, row.seeds.world))
        return world, self.storms.get(storm_key, lambda: storm.strike(patched, world, row.seeds.storm))


POOL = Pool()  # of runs that leave nothing but their measures
SCENARIOS, PATCHED, BASES, WORLDS = Recent(64), Recent(64), Recent(256), Worlds()


def forget() -> None:
    """Drop what this process remembers."""
    for recent in (SCENARIOS, PATCHED, BASES, WORLDS.worlds, WORLDS.storms):
        recent.values.clear()
    POOL.clear()


class Batch(NamedTuple):
    """Rows for one worker to run in one go, with what it needs for them."""

    scenarios: dict[str, bytes]  # pickled, by digest
    rows: list[tuple[str, Row]]  # with their keys
    by: tuple[str, ...]
    model: str  # digest of the model's source
    measure: Own
    rules: dict[str, Rules]  # by `Row.rules`
    folder: str = ""  # where the measure leaves what a run produced; "": nowhere


def run_batch(batch: Batch) -> list[Finished]:
    """Run the rows of a batch, one result each.

    Raises
    ------
    FileChanged   a file of a scenario has changed since the study was planned
    OtherModel    this process runs another version of the model, or of a rule of one's own, than the study
    """
    if model_digest() != batch.model:
        raise OtherModel(
            "the workers run another version of coproduce than this command; install the same one there, or, if its "
            "source has just been edited, start again"
        )
    folder = {"folder": batch.folder} if batch.folder else {}
    measure, rules = batch.measure.function, {"": USUAL, **batch.rules}
    if measure.__module__.startswith(OURS):  # a user's measure may make no run at all
        for told in dict.fromkeys(row.rules for _, row in batch.rows):
            warm_up(**rules[told].given)
    return [_one(batch, key, row, measure, {**rules[row.rules].given, **folder}) for key, row in batch.rows]


@cache
def warm_up(choose: Callable | None = None, score: Callable | None = None) -> None:
    """Load or compile the rules, once per process, so that the time of the first run is that of a run."""
    name, patch = WARM_UP
    measure_run(load(name).but(patch), Row("", (), Seeds.all(1)), (), choose, score)
    forget()


def _one(batch: Batch, key: str, row: Row, measure: Measure, given: Mapping[str, Any]) -> Finished:
    def scenario() -> Scenario:
        return SCENARIOS.get(row.scenario, lambda: pickle.loads(batch.scenarios[row.scenario]))

    return evaluate(key, row, scenario, batch.by, measure, given)


def measure_run(
    scenario: Scenario,
    row: Row,
    by: Sequence[str],
    choose: Callable | None = None,
    score: Callable | None = None,
) -> dict[str, float]:
    """Measures of the run of a row; ``scenario`` is the one that the row patches."""
    from experiments.runs.measures_of_run import measures

    outcomes = outcomes_of(scenario, row, choose, score, POOL)
    found = measures(outcomes, by)
    POOL.take_back(outcomes.state)
    return found


def outcomes_of(
    scenario: Scenario,
    row: Row,
    choose: Callable | None = None,
    score: Callable | None = None,
    pool: Pool | None = None,
) -> Outcomes:
    """The run of a row; ``scenario`` is the one that the row patches."""
    patched = patched_of(scenario, row)
    world, damage = WORLDS.built(scenario, patched, row)
    return run(patched, row.seeds, place=world, damage=damage, choose=choose, score=score, pool=pool)


def patched_of(scenario: Scenario, row: Row) -> Scenario:
    """The scenario of a row with its patch in it."""
    return PATCHED.get((row.scenario, row.patch), lambda: scenario.but(patch_of(row)) if row.patch else scenario)


def evaluate(
    key: str,
    row: Row,
    scenario: Callable[[], Scenario],
    by: Sequence[str],
    measure: Measure = measure_run,
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Finished:
    """Run one row. What goes wrong becomes the error of the result, but for a file that is not as it was planned.

    Parameters
    ----------
    key : str                of the result
    row : Row
    scenario : callable      gives the scenario that the row patches
    by : sequence of str     groupings
    measure : callable       (scenario, row, by) -> measures; the run itself
    given : mapping          what the measure takes besides: rules of one's own (``choose``, ``score``), a ``folder``

    Raises
    ------
    FileChanged    a file of the scenario has changed since the study was planned
    """
    started = time.perf_counter()
    try:
        measures = measure(scenario(), row, by, **given)
    except FileChanged:
        raise
    except Exception as bad:  # of whatever kind: one run that fails must not sink a study
        return failed(key, row, bad, time.perf_counter() - started)
    return Finished(key, row, measures, None, time.perf_counter() - started)


def keys_of(scenario: Scenario, row: Row) -> tuple[tuple, tuple]:
    """Keys of the world and of the storm of a row: equal keys, equal worlds.

    Parameters
    ----------
    scenario : the one that the row patches; a patch that says what it says anyway makes no other world
    """
    base_world, base_storm = BASES.get(row.scenario, lambda: _base_digests(scenario))
    changed = [(path, value) for path, value in row.patch if not _is_in_force(scenario, path, value)]
    world = (base_world, row.seeds.world, tuple(c for c in changed if _is_in(c[0], READ_BY_WORLD)))
    return world, (world, base_storm, row.seeds.storm, tuple(c for c in changed if _is_in(c[0], READ_BY_STORM)))


def _is_in(path: str, read: Sequence[str]) -> bool:
    return path.partition(".")[0] in read or path in read


def _is_in_force(scenario: Scenario, path: str, value: Any) -> bool:
    try:
        return scenario[path] == value
    except AttributeError:  # no such parameter: the run will say so
        return False


def _base_digests(scenario: Scenario) -> tuple[str, str]:
    content = scenario.as_dict()
    return (
        _digest(content, READ_BY_WORLD, TABLES_OF_WORLD),
        _digest(content, READ_BY_STORM, TABLES_OF_STORM),
    )


def _digest(content: Mapping[str, Any], read: Sequence[str], tables: Sequence[str]) -> str:
    def value(path: str) -> Any:
        found: Any = content["parameters"]
        for step in path.split("."):
            found = found[step]
        return found

    parts = {
        "parameters": {path: value(path) for path in read},
        "tables": {name: content["tables"].get(name) for name in tables},
        "files": {name: digest for name, digest in content["files"].items() if _is_in(name, read)},
    }
    return canonical.digest(parts, "scenario")


def pickled(scenario: Scenario) -> bytes:
    """A scenario as bytes for a worker, whose folder may be another: its files by their full path."""
    return pickle.dumps(replace(scenario, folder=str(Path(scenario.folder).resolve())))
