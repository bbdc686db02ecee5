"""The Mesa face: the same model for those who know Mesa, stepped hour by hour.

model = CoproductionModel("classroom", seed=1, dispatch__policy="pressure")
model.run_model()

A step lets ``hours_per_step`` pass in the event loop; the steps of a run, however long, add up to the bytes of
``sim.run``. All chance comes from :mod:`sim.core.luck`, none from ``model.random`` and ``model.rng``. Agents read the
columns of the run (:mod:`sim.mesa_face.agents`) and are made when somebody first asks. Works alike with Mesa 3.3 to
3.5.
"""

import inspect
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from sim.core.columns import FLAGS
from sim.core.errors import ScenarioError, nearest, unknown
from sim.core.rows import copied
from sim.core.seeds import Seeds
from sim.core.state import State
from sim.engine.outcomes import Outcomes
from sim.engine.simulate import advance_to, own_rules
from sim.engine.start import begin
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario, load
from sim.mesa_face import agents as views
from sim.mesa_face.agents import Count, Crew, Household, Utility
from sim.world import place as places
from sim.world import storm

__all__ = ["CoproductionModel", "Crew", "Household", "Utility"]

REPORTED = (
    "time_h", "customers_out", "customers_out_in_group", "gap_h", "reports", "orders_open", "crews_busy", "seed",
)  # fmt: skip


class CoproductionModel(mesa.Model):
    """One storm in one city, as a Mesa model.

    Parameters
    ----------
    scenario : str, Path or Scenario   name of a shipped scenario, path of a TOML file, or a scenario
    seed : int or Seeds                of world, storm and behaviour; 1 if not given
    rng : int                          the same under Mesa's newer name; one of the two
    changes : mapping                  parameters to change, by dotted path: ``{"dispatch.policy": "pressure"}``
    hours_per_step : float             h; changes how often one looks and nothing that happens
    group : str                        attribute whose holders are compared with everybody else, e.g. ``"poor"``
    collect_agents : bool              collect a row per agent and step as well (slow in large cities)
    choose, score : rules              in place of ``reporting.choose_channel`` and ``scores.order_score``
    **kwargs                           more changes, ``__`` for the dots: ``dispatch__policy="pressure"``

    Input that cannot be used raises ScenarioError.
    """

    scenario = None  # Mesa 3.5 keeps an object of its own here, and its page would hand it back as our scenario
    reports = Count("n_reports")  # reports and attempts so far whose fate is known
    orders_open = Count("n_open")  # devices that the utility believes to be open
    crews_busy = Count("n_busy")

    def __init__(
        self,
        scenario: str | Path | Scenario = "classroom",
        *,
        rng: int | None = None,
        changes: Mapping[str, Any] | None = None,
        hours_per_step: float = 1.0,
        group: str = "minority",
        collect_agents: bool = False,
        choose: Callable | None = None,
        score: Callable | None = None,
        **kwargs: Any,  # SolaraViz asks for this very name; Mesa 3.5 wipes a `seed` that it sees named in the signature
    ):
        self.seeds = _seeds(kwargs.pop("seed", None), rng)
        self.seed = self.seeds.world
        super().__init__(rng=self.seeds.world)
        self.scenario, self._by_type, self._n_own = None, dict[type, Any](), 0
        self.arm = _arm(scenario, changes, kwargs).as_planned()
        if group not in FLAGS:
            raise unknown("CoproductionModel", "group", group, FLAGS)
        self.group, self.hours_per_step = group, _hours(hours_per_step)
        self._rules = own_rules(choose, score, "CoproductionModel: ")
        self._begin()
        of_agents = {name: lambda agent, name=name: getattr(agent, name, None) for name in views.REPORTED}
        self.datacollector = mesa.DataCollector({n: n for n in REPORTED}, of_agents if collect_agents else None)
        self.datacollector.collect(self)

    def _begin(self) -> None:
        """City and storm are there; nothing has happened."""
        self._started, clock = datetime.now(UTC), time.perf_counter()
        self.place = places.build(self.arm, self.seeds.world)
        self.damage = storm.strike(self.arm, self.place, self.seeds.storm)
        self.state = begin(self.arm, self.place, self.damage, self.seeds)
        self._seconds = {"world": time.perf_counter() - clock, "run": 0.0}
        self.start_h = float(np.floor(self.damage.onset_h.min())) if len(self.damage.onset_h) else 0.0
        self.time_h, self._n_passed = self.start_h, 0
        self.columns = views.columns(self.place, self.state)

    def step(self) -> None:
        """Let some hours pass. The first step that finds nothing left to do ends the run and changes nothing."""
        if self.is_over:
            self.running = False
            return
        self._n_passed += 1
        clock = time.perf_counter()
        self.time_h = min(self.start_h + self._n_passed * self.hours_per_step, self.arm["run.horizon_h"])
        self.state = advance_to(self.state, self.time_h, *self._rules)
        self._seconds["run"] += time.perf_counter() - clock
        self.datacollector.collect(self)

    @property
    def is_over(self) -> bool:
        """Everything is repaired and every crew is back, or the horizon is reached."""
        clock = self.state.clock[0]
        return bool(clock.n_unrepaired == 0 and clock.n_busy == 0) or self.time_h >= self.arm["run.horizon_h"]

    @property
    def outcomes(self) -> Outcomes:
        """Tables and certificate, as of ``sim.run``; before the end, those of a run with its horizon at this hour."""
        arm, state = self.arm, self.state
        if not self.is_over:
            arm = arm.but({"run.horizon_h": self.time_h}, name=arm.name)
            copies: Any = [copied(rows) if rows.dtype.names else rows.copy() for rows in state]
            state = State(*copies)
        return Outcomes(arm, self.seeds, self.place, self.damage, state, self._started, dict(self._seconds))

    @property
    def customers_out(self) -> int:
        """Customers without power."""
        return int(np.count_nonzero(self.columns["households"]["n_faults_above"]))

    @property
    def customers_out_in_group(self) -> int:
        """Customers of the group without power."""
        return int(np.count_nonzero(self.columns["households"]["n_faults_above"][self.columns["people"][self.group]]))

    @property
    def gap_h(self) -> float:
        """Mean hours out so far of those who lost power, group minus others; NaN while one of the two has lost none."""
        out_h, restored_h = self.columns["households"]["out_h"], self.columns["households"]["restored_h"]
        hit = np.isfinite(out_h)
        group, hours = self.columns["people"][self.group][hit], np.minimum(restored_h[hit], self.time_h) - out_h[hit]
        return float(hours[group].mean() - hours[~group].mean()) if 0 < group.sum() < len(group) else float("nan")

    @property
    def agents(self) -> Any:
        """All agents: households in the order of the grid, crews, the utility; then any of one's own."""
        self._make_agents()
        return self._all

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """Sets of agents, by class."""
        self._make_agents()
        return {**self._by_type, **super().agents_by_type}

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents."""
        return list(self.agents_by_type)

    def _make_agents(self) -> None:
        """Make the views when somebody first asks: in sets of Mesa's kind, past its register of one agent at a time."""
        if self._by_type:
            return
        with views.many_made():
            made, kind_of_set = views.make_all(self), type(super().agents)
            self._by_type = {kind: kind_of_set(agents, random=self.random) for kind, agents in made.items()}
            self._all = kind_of_set(chain(*made.values()), random=self.random)
        self._n_views, self._made = len(self._all), made  # Mesa 3.3 holds the agents in a set by weak references only

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take in an agent of one's own, numbered after ours."""
        self._make_agents()
        super().register_agent(agent)
        self._all.add(agent)
        self._n_own += 1
        agent.unique_id = self._n_views + self._n_own
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # Mesa 3.3 would keep this model alive for good

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Let go of an agent of one's own; ours stay, as their rows do."""
        super().deregister_agent(agent)
        self._all.discard(agent)


def _seeds(seed: Any, rng: Any) -> Seeds:
    if seed is not None and rng is not None:
        raise ScenarioError("CoproductionModel: give seed or rng, not both")
    given = next((each for each in (seed, rng) if each is not None), 1)
    return Seeds.checked(given, "CoproductionModel")


def _hours(given: Any) -> float:
    if not isinstance(given, int | float | np.number) or not 1 / 3600 <= given < np.inf:
        raise ScenarioError(f"CoproductionModel: hours_per_step must be 1/3600 (a second) or more, not {given!r}")
    return float(given)


def _arm(scenario: Any, changes: Any, more: Mapping[str, Any]) -> Scenario:
    """The scenario with its changes."""
    if not isinstance(changes or {}, Mapping):
        raise ScenarioError(f"CoproductionModel: changes must map parameters to values, not {changes!r}")
    base = scenario if isinstance(scenario, Scenario) else load(scenario)
    for name in more:
        if "__" not in name:
            legal = ["seed", *inspect.signature(CoproductionModel).parameters]
            legal += [parameter.path.replace(".", "__") for parameter in catalogue(Parameters())]
            hint = nearest(name, legal) or "; a parameter is written section__name"
            raise ScenarioError(f"CoproductionModel: unknown argument '{name}'{hint}")
    patch = {**(changes or {}), **{name.replace("__", "."): value for name, value in more.items()}}
    plain = {path: value.item() if isinstance(value, np.generic) else value for path, value in patch.items()}
    return base.but(plain, name=base.name) if plain else base
