"""What varies, as a study file writes it under ``[vary]``: read, and checked against what parameters allow.

::

    "channels.app.availability" = { from = 0.0, to = 1.0, steps = 5 }    # a range; steps for grids
    "reporting.b_need" = { from = 0.5, to = 4.0, log = true }            # geometric
    "dispatch.policy" = ["standard", "most-reports"]                     # a list fixes the values
    "channels" = { subsets_of = ["hotline", "web", "app"] }              # every subset on, the others off

Liaisons walk their rounds only where there are any (``liaison.liaisons``, ``liaison.per_10000_customers``) as well;
where there are none, making the channel available only lets households seek a liaison out.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from experiments.designs.factors import NO_CHANNEL, Factor
from sim.core.errors import ScenarioError, nearest, shown, unknown
from sim.core.limits import LEVELS
from sim.inputs.overlay import allowed
from sim.inputs.parameters.channels import CHANNELS
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.scenario import Scenario

KEYS = ("from", "to", "steps", "log", "subsets_of")


def factors_of(vary: Mapping[str, Any], scenario: Scenario, where: str = "[vary]") -> list[Factor]:
    """Read and check what varies.

    Parameters
    ----------
    vary : content of the table; paths may be quoted or written as nested tables
    scenario : its parameters say what may vary, and within which range
    where : named in errors

    Raises
    ------
    ScenarioError    unknown path, a section instead of a parameter, a value or a range outside what is declared,
                     from not below to, fewer than two steps, an empty list, one parameter set by two factors
    """
    declared = {p.path: p for p in catalogue(scenario.parameters)}
    found = [_factor(path, spec, declared, where) for path, spec in flattened(vary, declared)]
    setting: dict[str, str] = {}
    for factor in found:
        for path in factor.paths:
            if path in setting:
                raise ScenarioError(f"{where}: {path} is varied twice, by '{setting[path]}' and by '{factor.name}'")
            setting[path] = factor.name
    return found


def flattened(tree: Mapping[str, Any], stops: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths with their content, from quoted paths or nested tables; goes no deeper than a path in ``stops``."""
    for key, value in tree.items():
        path = f"{prefix}{key}"
        is_section = any(name.startswith(f"{path}.") for name in stops)
        if isinstance(value, Mapping) and is_section and not set(value) & set(KEYS):
            yield from flattened(value, stops, f"{path}.")
        else:
            yield path, value


def _factor(path: str, spec: Any, declared: Mapping[str, Parameter], where: str) -> Factor:
    if isinstance(spec, Mapping) and "subsets_of" in spec:
        return _subsets(path, spec, where)
    known = _declared(path, declared, where)
    if isinstance(spec, list):
        return _listed(known, spec, where)
    if isinstance(spec, Mapping):
        return _ranged(known, spec, where)
    raise ScenarioError(
        f"{where} {path}: must be a list of values or a range such as {{ from = 0.0, to = 1.0 }}, not {shown(spec)}"
    )


def _declared(path: str, declared: Mapping[str, Parameter], where: str) -> Parameter:
    if path not in declared:
        inside = [name for name in declared if name.startswith(f"{path}.")]
        if inside:
            raise ScenarioError(f"{where}: {path} is a section; name one of its parameters, such as {inside[0]}")
        raise ScenarioError(f"{where}: unknown parameter '{path}'{nearest(path, declared)}")
    known = declared[path]
    if known.kind in ("text", "table"):
        raise ScenarioError(f"{where}: {path} is a {known.unit} and cannot be varied")
    return known


def _subsets(name: str, spec: Mapping[str, Any], where: str) -> Factor:
    channels = spec["subsets_of"]
    if name != "channels":
        raise ScenarioError(f'{where} {name}: subsets_of goes with "channels"')
    if len(spec) > 1:
        raise ScenarioError(
            f"{where} channels: subsets_of stands alone, not with {', '.join(set(spec) - {'subsets_of'})}"
        )
    if not isinstance(channels, list) or not channels:
        raise ScenarioError(f"{where} channels: subsets_of must be a list of channels, not {shown(channels)}")
    for channel in channels:
        if channel not in CHANNELS:
            raise unknown(f"{where} channels: subsets_of", "channel", str(channel), CHANNELS)
    if len(set(channels)) < len(channels):
        raise ScenarioError(f"{where} channels: subsets_of names a channel twice: {', '.join(channels)}")
    named = ["+".join(some) for size in range(len(channels) + 1) for some in combinations(channels, size)]
    paths = tuple(f"channels.{channel}.availability" for channel in channels)
    return Factor(name, paths, "categorical", None, None, False, (NO_CHANNEL, *named[1:]))


def _listed(known: Parameter, values: list, where: str) -> Factor:
    if not 1 <= len(values) <= LEVELS:
        given = f"has {len(values):,} values; at most {LEVELS:,} are taken" if values else "is empty; give at least one"
        raise ScenarioError(f"{where} {known.path}: the list {given}")
    checked = tuple(_value(known, value, where) for value in values)
    if len(set(checked)) < len(checked):
        raise ScenarioError(f"{where} {known.path}: a value stands twice in {shown(values)}")
    kind = "categorical" if known.kind == "choice" else known.kind
    low, high = (min(checked), max(checked)) if kind in ("real", "whole") else (None, None)
    return Factor(known.path, (known.path,), kind, low, high, False, checked)


def _ranged(known: Parameter, spec: Mapping[str, Any], where: str) -> Factor:
    here = f"{where} {known.path}"
    for key in spec:
        if key not in KEYS[:4]:
            raise unknown(here, "key", key, KEYS[:4])
    if known.kind not in ("real", "whole"):
        values = "[true, false]" if known.kind == "yes/no" else f"[{', '.join(map(repr, known.choices[:2]))}]"
        raise ScenarioError(f"{here}: has no range, for it must be {allowed(known)}; list the values, such as {values}")
    for key in ("from", "to"):
        if key not in spec:
            raise ScenarioError(f"{here}: a range needs from and to; '{key}' is missing")
    low, high = (_value(known, spec[key], where) for key in ("from", "to"))
    if not low < high:
        raise ScenarioError(f"{here}: from must be below to, not {spec['from']!r} to {spec['to']!r}")
    log = spec.get("log", False)
    if not isinstance(log, bool):
        raise ScenarioError(f"{here}: log must be true or false, not {shown(log)}")
    if log and low <= 0:
        raise ScenarioError(f"{here}: log needs a range above 0, not one from {low:g}")
    steps = _steps(spec.get("steps"), known, low, high, here)
    return Factor(known.path, (known.path,), known.kind, low, high, log, (), steps)


def _steps(steps: Any, known: Parameter, low: float, high: float, here: str) -> int | None:
    if steps is None:
        return None
    if isinstance(steps, bool) or not isinstance(steps, int) or not 2 <= steps <= LEVELS:
        raise ScenarioError(f"{here}: steps must be a whole number from 2 to {LEVELS}, not {shown(steps)}")
    if known.kind == "whole" and steps > high - low + 1:
        raise ScenarioError(f"{here}: {steps} steps, but only {high - low + 1:g} whole numbers {low:g} to {high:g}")
    return steps


def _value(known: Parameter, value: Any, where: str) -> Any:
    """A value of the declared type and range; whole numbers serve as real ones."""
    if known.kind == "choice":
        if value not in known.choices:
            raise unknown(f"{where} {known.path}", "value", str(value), known.choices)
        return value
    if known.kind == "yes/no":
        fits = isinstance(value, bool)
    else:
        kinds = int if known.kind == "whole" else int | float
        fits = isinstance(value, kinds) and not isinstance(value, bool) and math.isfinite(value)
        fits = fits and (known.low is None or value >= known.low) and (known.high is None or value <= known.high)
    if not fits:
        raise ScenarioError(f"{where} {known.path}: must be {allowed(known)}, not {shown(value)}")
    return float(value) if known.kind == "real" else value
