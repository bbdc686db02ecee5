"""What a class can turn: which parameters the page offers, and in which words and spans.

Unit, meaning and legal range of a control come from the catalogue of parameters and are never written here. Given
here are the label, the heading, and the span of the slider where the legal range is too wide to slide over; the page's
number box takes the whole legal range. One control may set several parameters at once, as the access gap does.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sim import Scenario, ScenarioError, load_change, shipped_changes
from sim.core.errors import unknown
from sim.inputs.parameters.channels import WAYS
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.parameters.root import Parameters

ODDS = "odds ratio"


class Control(NamedTuple):
    """One slider or list of the page."""

    name: str
    heading: str
    label: str
    paths: tuple[str, ...]  # all are set to the same value
    span: tuple[float, float] | None = None  # of the slider; none: the legal range


def _channels() -> list[Control]:
    return [
        Control(f"{channel}-{what}", "Channels", f"{way.label}: {word}", (f"channels.{channel}.{what}",))
        for channel, way in WAYS.items()
        for what, word in (("availability", "offered to"), ("awareness", "known to"))
    ]


CONTROLS = (
    *_channels(),
    Control("liaisons", "Channels", "Liaisons on their rounds", ("liaison.per_10000_customers",), (0, 20)),
    Control("policy", "Utility", "Who goes first", ("dispatch.policy",)),
    Control("knowledge", "Utility", "What the utility knows", ("sensing.knowledge",)),
    Control("line-crews", "Utility", "Line crews of its own", ("crews.line.own",), (0, 12)),
    Control("mutual-aid", "Utility", "Line crews from elsewhere", ("crews.line.mutual_aid",), (0, 12)),
    Control("trouble-trucks", "Utility", "Trouble trucks", ("crews.trouble.own",), (0, 8)),
    Control("call-takers", "Utility", "Call-takers", ("hotline.call_takers",), (0, 10)),
    Control("lines", "Utility", "Telephone lines", ("hotline.lines",), (0, 30)),
    Control("need-gap", "Gaps and choices", "Need gap", ("people.substitute_minority_odds",)),
    Control("access-gap", "Gaps and choices", "Access gap", (
        "people.broadband_minority_odds", "people.smartphone_minority_odds", "knowledge.awareness_minority_odds",
    )),
    Control("political-gap", "Gaps and choices", "Gap in political capital",
            ("people.political_capital_minority_odds",)),
    Control("voice", "Gaps and choices", "How loud the city is", ("reporting.voice",)),
    Control("leave-to-others", "Gaps and choices", "Leaving it to others", ("reporting.b_free",)),
)  # fmt: skip
BY_PATH = {path: control for control in CONTROLS for path in control.paths}


@cache
def declared() -> dict[str, Parameter]:
    """Every parameter by its path."""
    return {parameter.path: parameter for parameter in catalogue(Parameters())}


def described(control: Control, scenario: Scenario) -> dict[str, Any]:
    """A control as the page reads it, with its value in a scenario."""
    parameters = [declared()[path] for path in control.paths]
    first = parameters[0]
    low, high = _span(control, first, [scenario[path] for path in control.paths])
    return {
        "name": control.name,
        "heading": control.heading,
        "label": control.label,
        "paths": control.paths,
        "kind": first.kind,
        "unit": first.unit,
        "choices": [choice for choice in first.choices if choice != "custom"],
        "low": low,
        "high": high,
        "least": first.low,
        "most": first.high,
        "odds": first.unit == ODDS,
        "meaning": "; ".join(parameter.meaning for parameter in parameters),
    }


def _span(control: Control, parameter: Parameter, values: list[Any]) -> tuple[float | None, float | None]:
    """Ends of the slider: twice what the scenario has must fit, and all must be legal."""
    if control.span is None or parameter.low is None or parameter.high is None:
        return parameter.low, parameter.high
    low, high = control.span
    return max(low, parameter.low), min(max(high, *(2 * value for value in values)), parameter.high)


def patch_of(changes: list[str], moved: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that a city of the page changes: shipped changes in their order, then the controls moved.

    Raises
    ------
    ScenarioError    a change that is not shipped, or a parameter that the page does not offer
    """
    patch: dict[str, Any] = {}
    for name in changes:
        if name not in shipped_changes():  # never a path of somebody's choice
            raise unknown("changes", "change", name, shipped_changes())
        patch |= load_change(name).patch
    for path, value in moved.items():
        if path not in BY_PATH:
            raise unknown("set", "control", path, BY_PATH)
        patch[path] = _as_declared(path, value)
    return patch


def _as_declared(path: str, value: Any) -> Any:
    """JSON has one kind of number: 5 for 5.0 and 5.0 for 5 are taken as what the parameter is."""
    kind = declared()[path].kind
    if isinstance(value, bool) or not isinstance(value, int | float):
        if not isinstance(value, str):
            raise ScenarioError(f"set: {path} must be a number or a word, not {value!r}")
        return value
    if kind == "whole" and float(value).is_integer():
        return int(value)
    return float(value) if kind == "real" else value
