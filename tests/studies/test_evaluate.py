"""A run from its row: the same as a run by itself, whatever the worker remembers of other rows."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from experiments.runs import evaluate as module
from experiments.runs.evaluate import READ_BY_STORM, READ_BY_WORLD, Recent, evaluate, forget, keys_of, measure_run
from experiments.runs.measures_of_run import measures
from experiments.runs.rows import as_json, digest_of, from_json, key, patch_of, row
from sim import Scenario, ScenarioError, Seeds, run
from sim.core.columns import Kept
from sim.inputs.scenario import FILE_PARAMETERS
from sim.world import place, storm
from tests.laws.moved_towns import PARAMETERS, RICH, TRACK
from tests.laws.moves import another
from tests.laws.towns import PLAIN, bytes_of, state_of
from tests.studies.small import ARMS, TOWN

SEEDS = Seeds.all(3)
RICH_TOWN = PLAIN.but({**RICH, "storm.track": TRACK[:2], "place.customers": 60,
                        "grid.customers_per_substation": 30})  # fmt: skip


def is_read(path, read):
    return path.partition(".")[0] in read or path in read


def content(thing):
    """Every byte of a place or of damage; what a place works out later for runs in it is tested by these."""
    if isinstance(thing, Kept):
        return None
    if is_dataclass(thing):
        return {field.name: content(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, dict):
        return {name: content(value) for name, value in thing.items()}
    if isinstance(thing, np.ndarray) and thing.dtype != object:
        return thing.dtype.str, thing.shape, thing.tobytes()
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        return {name: content(value) for name, value in thing._asdict().items()}
    return repr(list(thing))


@pytest.fixture(scope="module")
def before():
    world = place.build(RICH_TOWN, 3)
    damage = storm.strike(RICH_TOWN, world, 3)
    state_of(RICH_TOWN, 3, (world, damage))
    return world, content(world), damage


@pytest.mark.parametrize("path", [p for p in PARAMETERS if p not in FILE_PARAMETERS])
def test_a_parameter_that_keys_leave_out_changes_no_byte_of_world_storm_or_run(before, path):
    world, its_content, its_damage = before
    change = {path: another(PARAMETERS[path], RICH_TOWN[path])}
    moved = RICH_TOWN.but(change)
    assert moved[path] != RICH_TOWN[path]
    old, new = (keys_of(RICH_TOWN, row(RICH_TOWN, patch, SEEDS)) for patch in ({}, change))
    assert (old[0] == new[0]) == (not is_read(path, READ_BY_WORLD))
    assert (old[1] == new[1]) == (not is_read(path, READ_BY_WORLD + READ_BY_STORM))
    if is_read(path, READ_BY_WORLD):
        return
    fresh = place.build(moved, 3)
    assert content(fresh) == its_content
    own = storm.strike(moved, fresh, 3)
    if not is_read(path, READ_BY_STORM):
        assert content(own) == content(its_damage)
    shared = its_damage if old[1] == new[1] else storm.strike(moved, world, 3)
    assert bytes_of(state_of(moved, 3, (world, shared))) == bytes_of(state_of(moved, 3, (fresh, own)))


def test_files_and_tables_of_a_world_are_in_its_key(tmp_path):
    table = {"household_id": [1, 2], "neighbourhood": ["a", "a"]}
    plain, with_table = TOWN, TOWN.with_tables(households=table)
    assert key_of(plain)[0] != key_of(with_table)[0]
    file = tmp_path / "gusts.csv"
    keys = []
    for gust in (30, 40):
        file.write_text(f"neighbourhood,gust_m_per_s\n1,{gust}\n")
        keys.append(key_of(TOWN.but({"storm.gust_table": str(file)})))
    assert keys[0][0] == keys[1][0]
    assert keys[0][1] != keys[1][1]


def test_long_tables_that_differ_in_their_middle_make_different_worlds():
    ids = np.arange(2000)
    other = np.where((ids > 500) & (ids < 1500), ids + 5000, ids)
    one, another = (key_of(TOWN.with_tables(households={"household_id": column})) for column in (ids, other))
    assert one[0] != another[0]


def key_of(scenario: Scenario):
    return keys_of(scenario, row(scenario, {}, SEEDS))


def test_the_same_world_in_another_scenario_is_known():
    other = TOWN.but({"crews.line.own": 7})
    assert digest_of(other) != digest_of(TOWN)
    assert key_of(other) == key_of(TOWN)


@pytest.mark.parametrize("seeds", [SEEDS, Seeds(1, 2, 3)])
def test_measures_are_those_of_a_run_by_itself(seeds):
    forget()
    by = ("minority", "income")
    for arm in (*ARMS, {"people.minority_share": 0.7}, {"storm.gust_m_per_s": 45.0}, *ARMS):
        found = measure_run(TOWN, row(TOWN, arm, seeds), by)
        alone = measures(run(TOWN.but(arm), seeds), by)
        assert list(found) == list(alone)
        np.testing.assert_array_equal(list(found.values()), list(alone.values()))


def test_a_shared_world_is_built_once(monkeypatch):
    forget()
    built = []
    build = module.place.build
    monkeypatch.setattr(module.place, "build", lambda *words: built.append(1) or build(*words))
    for arm in ARMS:
        for behaviour in (1, 2):
            measure_run(TOWN, row(TOWN, arm, Seeds(1, 1, behaviour)), ())
    assert len(built) == 1


def test_what_is_remembered_stays_few():
    recent = Recent(2)
    for number in (1, 2, 1, 3):
        recent.get(number, lambda number=number: -number)
    assert list(recent.values) == [1, 3]


def test_what_goes_wrong_becomes_the_error_of_the_row():
    for patch, says in (
        ({"crews.line.own": -1}, "ScenarioError: change of a small town [crews.line]: own must be"),
        ({"crews.lime.own": 1}, "unknown key 'lime'; did you mean 'line'?"),
        ({"no.such": 1}, "unknown key 'no'"),
    ):
        one = row(TOWN, patch, SEEDS)
        ended = evaluate(key(one, ()), one, lambda: TOWN, ())
        assert ended.measures is None
        assert says in ended.error
        assert "\n" not in ended.error


def test_rows_survive_their_text_and_tell_kinds_apart():
    values = {"storm.track": [["a", 1.5], ["b", 2]], "b": True, "c": 1, "d": 1.0, "e": "x", "f": {"g": np.float64(0.1)}}
    one = row(TOWN, values, Seeds(1, 2**63, 3))
    assert from_json(as_json(one)) == one
    assert hash(one) == hash(from_json(as_json(one)))
    assert patch_of(one) == {"storm.track": [["a", 1.5], ["b", 2]], "b": True, "c": 1, "d": 1.0, "e": "x", "f.g": 0.1}
    keys = {key(row(TOWN, {"b": value}, SEEDS), ()) for value in (True, 1, 1.0, "1", "true")}
    assert len(keys) == 5


def test_a_key_holds_all_that_a_result_depends_on():
    one = row(TOWN, {}, SEEDS)
    others = [
        key(one, ("income",)),
        key(row(TOWN, {"crews.line.own": 4}, SEEDS), ()),
        key(row(TOWN, {}, Seeds(3, 3, 4)), ()),
        key(row(TOWN.but({"crews.line.own": 4}), {}, SEEDS), ()),
    ]
    assert len({key(one, ()), *others}) == 5
    assert len(key(one, ())) == 32


@pytest.mark.parametrize("patch", [{"place.tracts": "other.csv"}, {"crews.line.own": None}])
def test_rows_refuse_what_a_key_could_not_hold(patch):
    with pytest.raises(ScenarioError, match=r"^change: [a-z.]+ "):
        row(TOWN, patch, SEEDS)
