"""Values laid over parameters, and what is said when they do not fit: where, what was given, what is allowed."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.core.errors import ScenarioError, nearest, shown, unknown
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.parameters.root import Parameters


def plant(tree: dict, path: str, value: Any) -> None:
    """Put a value into nested tables at its dotted path."""
    *sections, key = path.split(".")
    for step in sections:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise ScenarioError(f"change: '{step}' in '{path}' is given a value and parts of it as well")
    tree[key] = value


def validated(tree: dict, base: Parameters, where: str, other_keys: Sequence[str] = ()) -> Parameters:
    """``base`` with the values of ``tree`` laid over it, checked as a whole.

    ``where`` stands first in messages; ``other_keys`` are legal beside the sections, to guess what was meant.
    """
    try:
        return Parameters.model_validate(_over(base, tree, where, (), other_keys))
    except ValidationError as bad:
        raise ScenarioError(_message(bad.errors()[0], where, len(bad.errors()))) from None


def _over(base: BaseModel, tree: Any, where: str, at: tuple[str, ...], other_keys: Sequence[str] = ()) -> dict:
    """What to make the section of: values, and sections within it that stay as they are, which are checked already."""
    if not isinstance(tree, Mapping):
        raise ScenarioError(f"{where}: [{'.'.join(at)}] is a section of parameters, not a value ({shown(tree)})")
    merged = dict(base)
    for key, value in tree.items():
        if key not in merged:
            section = f" [{'.'.join(at)}]" if at else ""
            legal = list(merged) if at else [*merged, *other_keys]
            raise unknown(f"{where}{section}", "key", key, legal)
        inner = merged[key]
        merged[key] = _over(inner, value, where, (*at, key)) if isinstance(inner, BaseModel) else value
    return merged


def _message(error: Any, where: str, count: int) -> str:
    parameters = {p.path: p for p in catalogue(Parameters())}
    steps = [str(step) for step in error["loc"]]
    while ".".join(steps) not in parameters:  # inside a list, pydantic goes on below the parameter
        steps.pop()
    *sections, key = steps
    known = parameters[".".join(steps)]
    hint = nearest(str(error["input"]), known.choices) if known.choices else ""
    more = f" (and {count - 1} more)" if count > 1 else ""
    return f"{where} [{'.'.join(sections)}]: {key} must be {allowed(known)}, not {shown(error['input'])}{hint}{more}"


def allowed(known: Parameter) -> str:
    """What a parameter may be, in words."""
    if known.choices:
        return "one of " + ", ".join(known.choices)
    unit = "" if known.unit in ("1", "file", "rows", "yes/no") else f" ({known.unit})"
    words = {"real": "a number", "whole": "a whole number", "yes/no": "true or false", "text": "text"}
    text = words.get(known.kind, known.kind) + unit
    if known.low is not None and known.high is not None:
        return f"{text} from {known.low:.12g} to {known.high:.12g}"
    return text
