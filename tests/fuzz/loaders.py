"""What is read of each kind of input: the way from its bytes to where the run would begin."""

import sys
from dataclasses import replace

from analysis.measures.grouping import GroupingError
from app.demo.controls import patch_of
from app.demo.questions import _asked, read
from app.options import shard_of
from app.process.exits import Stop
from experiments.designs.arm_differences import notes
from experiments.designs.arms import arms_of
from experiments.designs.changes import changes_of
from experiments.designs.points import design_of
from experiments.designs.sensitivity import sensitivity_of
from experiments.designs.study_files import read_study
from experiments.designs.sweep import sweep_of
from experiments.findings.observed import observed_of
from sim import ScenarioError, Seeds, load, load_change
from sim.engine.start import begin
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import networks, place, storm
from tests.fuzz import seeds

KIN = (ScenarioError, GroupingError, Stop)  # what may come out, beside a result
SMALL = {"place.customers": 12, "place.neighbourhoods": 2, "crews.line.mutual_aid": 0, "crews.trouble.mutual_aid": 0}
LARGEST = 200  # customers and the like that are worth building a city of, here
SIZES = ("place.customers", "place.neighbourhoods", "crews.line.own", "crews.line.mutual_aid", "crews.line.staged",
         "crews.trouble.own", "crews.trouble.mutual_aid", "crews.trouble.staged")  # fmt: skip
TOWN = Scenario("town", Parameters()).but(SMALL)
PARAMETER = {"tracts": "place.tracts", "households": "place.households", "gusts": "storm.gust_table",
             "neighbourhoods": "place.neighbourhood_table", "facilities": "place.facilities",
             "damage": "storm.damage_table", "nodes": "grid.nodes", "edges": "grid.edges"}  # fmt: skip
# Tables without which another could not be read to its end.
BESIDE = {
    "gusts": {"households": seeds.HOUSEHOLDS}, "neighbourhoods": {"households": seeds.HOUSEHOLDS},
    "facilities": {"households": seeds.HOUSEHOLDS},
    "damage": {"households": seeds.HOUSEHOLDS, "devices": seeds.DEVICES},
    "devices": {"households": seeds.HOUSEHOLDS}, "reports": {"households": seeds.HOUSEHOLDS},
}  # fmt: skip


def built(scenario):
    """Everything up to the first event."""
    if any(scenario[size] > LARGEST for size in SIZES):
        return
    world = place.build(scenario, 1)
    begin(scenario, world, storm.strike(scenario, world, 1), Seeds.all(1))


def scenario_of(path):
    """A scenario file: what it says, what it looks like under a small change, and its city."""
    scenario = load(path)
    scenario.but({"run.horizon_h": 100.0})
    observed_of(scenario)
    assert len(scenario.digest) == 32
    built(scenario)


def change_of(path):
    """A change that fits any city, laid over one."""
    TOWN.but(load_change(path).patch)


def study_of(path):
    """A study with its design: the first points of it and the last."""
    study = read_study(path)
    if study.kind == "sensitivity":
        rows = sensitivity_of(study).plan.rows
    else:
        design_of(study)
        rows = sweep_of(study).plan.rows
    assert rows[0].scenario == rows[len(rows) - 1].scenario


def table_of(name):
    """A reader of the table of this name from a file; inline where no parameter names a file."""

    def reader(path):
        folder, rest = str(path.parent), BESIDE.get(name, {})
        town = replace(TOWN, folder=folder).with_tables(**rest).but({PARAMETER[name]: path.name})
        other = {"nodes": "grid.edges", "edges": "grid.nodes"}.get(name)
        if other is None:
            return built(town)
        beside = path.with_name("beside.csv")
        beside.write_bytes(seeds.csv(seeds.EDGES if name == "nodes" else seeds.NODES))
        return built(town.but({other: beside.name}))

    return reader


def inline_table(name, table):
    """A table inside a scenario."""
    beside = {key: value for key, value in BESIDE.get(name, {}).items() if key != name}
    built(TOWN.with_tables(**beside, **{name: table}))


def graphml_of(path):
    """A GraphML file."""
    town = replace(TOWN, folder=str(path.parent)).but({"grid.graphml": path.name})
    networks.read(town)
    built(town)


def question_of(body):
    """What a browser asks, as far as the two cities that it names."""
    question = read(body)
    for name in ("a", "b"):
        asked = _asked(question, name)
        TOWN.but(patch_of(list(asked.city.changes), asked.city.moved))


def words_of(text):
    """What stands on a command line: a change, an arm, a shard."""
    try:
        notes(arms_of("classroom", [text]))
    except KIN as bad:
        in_one_line(bad)
    try:
        shard_of(text)
    except KIN as bad:
        in_one_line(bad)
    TOWN.but(changes_of([text]))


def in_one_line(bad):
    """The complaint that a user would see."""
    line = (
        " ".join(str(bad).split()) if isinstance(bad, Stop) else str(bad)
    )  # a Stop is put into one line as it is said
    assert line
    assert "\n" not in line, line
    assert len(line) < 3_000, line
    line.encode(sys.stderr.encoding or "utf-8", errors="replace")
    return line
