"""What the page plays back is what the run says, and a story is read off the same run."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.demo.controls import CONTROLS, described, patch_of
from app.demo.engine import Asked, Engine
from app.demo.film import GROUPINGS, SHARED, TYPES, film, packed
from app.demo.lessons import City
from app.demo.story import story
from experiments.runs.measures_of_run import members
from sim import ScenarioError, load, run
from sim.engine.outcomes import household_columns, job_columns, report_columns
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters

PLAIN = City((), {})


def unpacked(block):
    length = int.from_bytes(block[:4], "little")
    header = json.loads(block[4 : 4 + length])
    columns = {}
    for name, (kind, size, place, n) in header["columns"].items():
        start = 4 + length + place
        assert start % 4 == 0, name
        if kind == SHARED:
            first = np.frombuffer(block, TYPES["u"], n, start)
            value = np.frombuffer(block, TYPES["f"], n, start + first.nbytes)
            columns[name] = np.repeat(value, np.diff([*first, size]))
        else:
            columns[name] = np.frombuffer(block, TYPES[kind], size, start)
    return header, columns


@pytest.fixture(scope="module")
def outcomes(engine):
    return engine.outcomes(Asked("", 1, PLAIN))


def test_columns_come_back_as_they_went_in():
    given = {"a": ("b", [1, 2, 3]), "b": ("f", [0.5, np.inf]), "c": ("u", []), "d": (SHARED, [np.inf, np.inf, 2, 2, 3])}
    header, columns = unpacked(packed({"x": 1}, given | {"e": (SHARED, [])}))
    assert header["x"] == 1
    assert columns["d"].tolist() == [np.inf, np.inf, 2.0, 2.0, 3.0]
    assert columns["e"].size == 0
    assert columns["a"].tolist() == [1, 2, 3]
    assert columns["b"].tolist() == [0.5, np.inf]
    assert columns["c"].size == 0


def test_homes_are_those_of_the_run(outcomes):
    _, columns = unpacked(film(outcomes))
    table = household_columns(outcomes)
    for name, other in (("out", "out_h"), ("restored", "restored_h"), ("known", "known_h"), ("x", "x_km")):
        assert columns[name] == pytest.approx(np.asarray(table[other], dtype=np.float32)), name
    out = np.isfinite(columns["out"])
    assert np.all(columns["repaired"][out] <= columns["restored"][out])
    assert np.all(columns["crew"][out] <= columns["repaired"][out])


def test_what_is_known_after_the_first_repair_is_read_off_the_orders(outcomes):
    _, columns = unpacked(film(outcomes))
    nested = np.flatnonzero(columns["restored"] > columns["repaired"] + 1e-3)
    assert len(nested) > 50
    orders, devices = outcomes.state.orders[: outcomes.state.clock.n_orders[0]], outcomes.place.devices
    for home in nested[:: len(nested) // 25]:
        since, back = float(columns["repaired"][home]), float(columns["restored"][home])
        covers = (
            (devices.first[orders.at] <= home) & (home < devices.last[orders.at]) & (orders.closed_h > since + 1e-3)
        )
        first = max(since, orders.opened_h[covers].min(initial=np.inf))
        assert columns["known-again"][home] == pytest.approx(min(first, back), abs=1e-3)
        assert columns["known-again"][home] <= columns["crew-again"][home] or columns["crew-again"][home] < since


def test_reports_and_jobs_are_those_of_the_run_in_the_order_of_time(outcomes):
    _, columns = unpacked(film(outcomes))
    assert np.all(np.diff(columns["report-at"]) >= 0.0)
    assert len(columns["report-at"]) == len(report_columns(outcomes)["report_id"])
    assert len(columns["job-done"]) == len(job_columns(outcomes)["job_id"])
    for crew in range(len(columns["crew-kind"])):
        assert np.all(np.diff(columns["job-dispatched"][columns["job-crew"] == crew]) >= 0.0)


def test_groups_are_those_of_the_analysis(outcomes):
    header, columns = unpacked(film(outcomes))
    for by in GROUPINGS:
        assert columns[f"group-{by}"].tolist() == members(outcomes.place, by).code.tolist()
        assert header["groups"][by]["reference"] == len(header["groups"][by]["names"]) - 1


def test_a_page_that_holds_the_world_is_sent_the_rest(engine, outcomes):
    whole, columns = unpacked(film(outcomes))
    rest, run_alone = unpacked(film(outcomes, whole["world"]))
    of_world = {"x", "y", "lines", *(f"group-{by}" for by in GROUPINGS)}
    assert set(columns) - set(run_alone) == of_world
    assert all(np.array_equal(run_alone[name], columns[name]) for name in run_alone)
    assert {**rest, "groups": whole["groups"], "columns": None} == {**whole, "columns": None}
    assert film(outcomes, "of another world") == film(outcomes, 7) == film(outcomes)


@pytest.mark.parametrize(
    ("seed", "moved", "same"),
    [(1, {"crews.line.own": 4}, True), (2, {}, False), (1, {"people.broadband_minority_odds": 0.2}, False)],
)
def test_a_world_has_its_mark(engine, outcomes, seed, moved, same):
    marks = [unpacked(film(run))[0]["world"] for run in (outcomes, engine.outcomes(Asked("", seed, City((), moved))))]
    assert (marks[0] == marks[1]) is same


def test_a_storm_of_two_thousand_homes_is_small(outcomes):
    assert len(film(outcomes)) < 200_000


@pytest.mark.parametrize("home", [0, 946, 1999])
def test_a_story_runs_from_the_loss_to_the_return(outcomes, home):
    told, table = story(outcomes, home), household_columns(outcomes)
    assert told["lost"] == bool(np.isfinite(table["out_h"][home]))
    hours = [event["at"] for event in told["events"]]
    assert hours == sorted(hours)
    if told["lost"]:
        assert told["hours_out"] == pytest.approx(table["hours_out"][home])
        assert (told["events"][0]["kind"], told["events"][-1]["kind"]) == ("lost", "back")


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("worked/roll-up-too-high", "finds faults further down the line"),
        ("worked/nested-outage", "is mended, but another one remains"),
        ("worked/two-callers-one-agent", "calls the hotline"),
    ],
)
def test_worked_towns_tell_what_they_were_made_for(scenario, words):
    outcomes = run(load(scenario), seed=1)
    told = [story(outcomes, home) for home in range(len(outcomes.place.households))]
    assert any(words in event["words"] for each in told for event in each["events"])


def test_every_report_of_a_home_is_in_its_story(outcomes):
    table = report_columns(outcomes)
    names, counts = np.unique(table["household_id"], return_counts=True)
    home = int(np.flatnonzero(outcomes.place.households.label == names[np.argmax(counts)])[0])
    back = household_columns(outcomes)["restored_h"][home]
    begun = table["attempted_h"][table["household_id"] == names[np.argmax(counts)]]
    assert sum(event["kind"] == "tried" for event in story(outcomes, home)["events"]) == int(np.sum(begun <= back))


def test_equal_questions_are_answered_from_memory_and_others_leave_no_trace(engine):
    asked = Asked("", 1, City((), {"crews.line.own": 4}))
    first = film(engine.outcomes(asked))
    other = film(engine.outcomes(Asked("", 1, City(("outreach/no-311",), {}))))
    again = film(Engine(load("classroom")).outcomes(asked))
    assert first == film(engine.outcomes(asked)) == again != other


def test_equal_questions_at_the_same_time_are_one_run(monkeypatch):
    made = []
    monkeypatch.setattr("app.demo.engine.run", lambda *given, **more: made.append(1) or run(*given, **more))
    engine = Engine(load("classroom"))
    with ThreadPoolExecutor(4) as many:
        answers = list(many.map(engine.outcomes, [Asked("", 1, PLAIN)] * 4))
    assert len(made) == 1
    assert all(answer is answers[0] for answer in answers)


def test_a_run_that_failed_is_made_when_it_is_asked_for_again(monkeypatch):
    engine = Engine(load("classroom"))
    with monkeypatch.context() as now:
        now.setattr("app.demo.engine.run", None)
        with pytest.raises(TypeError):
            engine.outcomes(Asked("", 1, PLAIN))
    assert len(engine.outcomes(Asked("", 1, PLAIN)).place.households) == 2000


def test_a_control_says_what_the_catalogue_says():
    known = {parameter.path: parameter for parameter in catalogue(Parameters())}
    for control in CONTROLS:
        shown, parameter = described(control, load("classroom")), known[control.paths[0]]
        assert (shown["unit"], shown["least"], shown["most"]) == (parameter.unit, parameter.low, parameter.high)
        assert parameter.meaning in shown["meaning"]
        if parameter.low is not None:
            assert parameter.low <= shown["low"] < shown["high"] <= parameter.high


def test_the_slider_reaches_what_a_scenario_has():
    city = load("classroom").but({"crews.line.mutual_aid": 150})
    shown = next(described(control, city) for control in CONTROLS if control.name == "mutual-aid")
    assert shown["high"] == 300


def test_both_ends_of_every_control_can_be_run():
    small = Engine(load("classroom").but({"place.customers": 200}))
    for control in CONTROLS:
        shown = described(control, small.base(""))
        for end in (shown["choices"][0], shown["choices"][-1]) if shown["choices"] else (shown["low"], shown["high"]):
            moved = City((), dict.fromkeys(control.paths, end))
            assert len(small.outcomes(Asked("", 1, moved)).place.households) == 200, control.name


def test_what_is_moved_by_hand_wins_over_a_programme():
    patch = patch_of(["outreach/no-311"], {"channels.web.availability": 1})
    assert (patch["channels.web.availability"], patch["channels.app.availability"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("changes", "moved"),
    [
        (["../classroom"], {}),
        (["classroom"], {}),
        ([], {"place.tracts": "secret.csv"}),
        ([], {"crews.line.own": [1]}),
        ([], {"crews.line.own": True}),
        ([], {"channels.web.availability": 2}),
        ([], {"channels.web.availability": float("nan")}),
        ([], {"crews.line.own": 2.5}),
        ([], {"dispatch.policy": "bribes"}),
    ],
)
def test_only_what_the_page_offers_can_be_asked_for(engine, changes, moved):
    with pytest.raises(ScenarioError):
        engine.outcomes(Asked("", 1, City(tuple(changes), moved)))
