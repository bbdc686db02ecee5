"""What a study puts in place of the model's own: rules of behaviour and dispatch, and what is measured of a run.

Each is known by its name and the fingerprint of what it does (:mod:`sim.core.fingerprints`), and both stand in the key
of every run that it made. A worker gets the name, imports the function, and checks that it is the same.
"""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, NamedTuple

from sim import ScenarioError
from sim.core.fingerprints import fingerprint, is_ours, name_of, source_of
from sim.core.own_rules import address, loaded, mark
from sim.core.sources import digest
from sim.engine.simulate import own_rules

BUILT_IN = "experiments.runs.evaluate:measure_run"


class OtherModel(RuntimeError):
    """A worker runs another version of the model, or of a rule of one's own, than the study."""


class Own:
    """A function by its name and fingerprint; in another process, the one that is found there under that name."""

    def __init__(self, told: str, function: Callable | None = None) -> None:
        self.told, self._function = told, function

    def __reduce__(self) -> tuple[type["Own"], tuple[str]]:
        return Own, (self.told,)

    @property
    def name(self) -> str:
        """``module:name``."""
        return self.told.rpartition(" ")[0]

    @property
    def function(self) -> Callable:
        """The function.

        Raises
        ------
        OtherModel    it is not found here, or does something else than the one of the study
        """
        if self._function is None:
            try:
                found = loaded(self.name, "a worker")
            except ScenarioError as bad:
                raise OtherModel(f"{bad}; the workers must be able to import it") from None
            if told(found) != self.told:
                raise OtherModel(f"the workers have another {self.name} than this command; install the same one there")
            self._function = found
        return self._function


class Rules(NamedTuple):
    """Rules of one's own for a run; None: the model's."""

    choose: Own | None = None
    score: Own | None = None

    @property
    def told(self) -> str:
        """What stands for them in keys and exports; "" for the model's own."""
        return ", ".join(f"{kind}={rule.told}" for kind, rule in self._asdict().items() if rule)

    @property
    def given(self) -> dict[str, Callable]:
        """As keyword arguments of `sim.run`."""
        return {kind: rule.function for kind, rule in self._asdict().items() if rule}


USUAL = Rules()


def rules_of(choose: Any = None, score: Any = None) -> Rules:
    """Rules from functions under ``@rule``, or from where they stand, ``module:name``.

    Raises
    ------
    ScenarioError    no such rule, of another signature, or using what cannot be told apart
    """
    return Rules(*(Own(f"{name_of(rule)} {mark(rule)}", rule) if rule else None for rule in own_rules(choose, score)))


def measured_by(measure: Callable) -> Own:
    """What is measured of a run, from the function that does it."""
    return Own(told(measure), measure)


def told(function: Callable) -> str:
    """Name and fingerprint of a function; of ours, name and digest of the files that it depends on."""
    plain = source_of(function)
    return f"{name_of(plain)} {digest(plain.__module__) if is_ours(plain) else fingerprint(plain)}"


def measures_digest() -> str:
    """Name and digest of what is measured where a study says nothing else."""
    return f"{BUILT_IN} {digest(BUILT_IN.partition(':')[0])}"


def check_takes_rules(measure: Callable, rules: Mapping[str, Rules]) -> None:
    """Refuse a measure that makes runs by rules of its own where other rules are given."""
    taken = signature(measure).parameters
    for name in dict.fromkeys(kind for each in rules.values() for kind, rule in each._asdict().items() if rule):
        if name not in taken and not any(p.kind == p.VAR_KEYWORD for p in taken.values()):
            raise ScenarioError(f"measure: {name_of(measure)} takes no {name}=, so it cannot run rules of one's own")


def check_can_be_sent(measure: Own, rules: Mapping[str, Rules]) -> None:
    """Refuse what other processes would not find: see `sim.core.own_rules.address`."""
    address(measure.function, "measure")
    for each in rules.values():
        for kind, function in each.given.items():
            address(function, kind)
