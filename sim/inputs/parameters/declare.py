"""How a parameter is declared, and how all declarations are listed.

A section is a frozen, strict pydantic model; a parameter is one of its fields, made by :func:`param`, which keeps
unit, role, source and the outcome that it must move beside the default and the range. No parameter without: a higher
value takes an outcome of `sim.inputs.parameters.observables` up or down, or one says why no direction is known.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from sim.inputs.parameters.observables import OBSERVABLES

Role = Literal["lever", "uncertainty", "constant"]

LEVER: Role = "lever"  # what a city or a utility can decide
UNCERTAIN: Role = "uncertainty"  # what nobody knows well
CONSTANT: Role = "constant"  # what defines the place, the storm or the run
A_FILE = "the name of a file"


class Section(BaseModel):
    """A group of parameters: immutable, no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Moves(NamedTuple):
    """Which way a higher value must move an outcome. Higher is also yes against no, a later choice, some against none.

    ``sign`` is 1, -1 or 0 (no direction is known); ``note`` is where the direction holds, or why none is known.
    """

    outcome: str
    sign: int
    note: str = ""

    @property
    def words(self) -> str:
        """In words, as in the documentation."""
        if self.sign == 0:
            return f"none known: {self.note}"
        return f"{'raises' if self.sign > 0 else 'lowers'} {self.outcome}" + (f", {self.note}" if self.note else "")


def up(outcome: str, where: str = "") -> Moves:
    """A higher value raises this outcome."""
    return Moves(_observable(outcome), 1, where)


def down(outcome: str, where: str = "") -> Moves:
    """A higher value lowers this outcome."""
    return Moves(_observable(outcome), -1, where)


def unclear(why: str) -> Moves:
    """No direction is known, for this reason."""
    return Moves("", 0, why)


def _observable(outcome: str) -> str:
    if outcome not in OBSERVABLES:
        raise ValueError(f"no outcome '{outcome}' in sim.inputs.parameters.observables")
    return outcome


class Parameter(NamedTuple):
    """One declared parameter with the value in force, as listed in the table of the documentation."""

    path: str
    value: Any
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    role: str
    meaning: str
    source: str
    kind: str
    moves: Moves


def param(
    default: Any,
    unit: str,
    role: Role,
    meaning: str,
    source: str,
    moves: Moves,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Any:
    """Declare a parameter. ``low`` and ``high`` are included in the range; None means unbounded."""
    extra: dict[str, Any] = {"unit": unit, "role": role, "source": source, "moves": moves._asdict()}
    return Field(default=default, ge=low, le=high, description=meaning, json_schema_extra=extra)


def share(
    default: float, role: Role, meaning: str, source: str, moves: Moves, *, low: float = 0.0, high: float = 1.0
) -> Any:
    """Declare a share or a probability, between 0 and 1 unless narrowed."""
    return param(default, "share", role, meaning, source, moves, low=low, high=high)


def odds(default: float, meaning: str, source: str, moves: Moves) -> Any:
    """Declare an odds ratio: 1 means no association, below 1 less likely, above 1 more likely."""
    return param(default, "odds ratio", UNCERTAIN, meaning, source, moves, low=0.05, high=20.0)


def catalogue(section: BaseModel, prefix: str = "") -> Iterator[Parameter]:
    """List every parameter in ``section`` with its present value, depth first, in the order of declaration."""
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        path = f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from catalogue(value, f"{path}.")
            continue
        extra: Any = field.json_schema_extra
        low, high = _bounds(field.metadata)
        choices = tuple(a for a in getattr(field.annotation, "__args__", ()) if isinstance(a, str))
        kind = _kind_name(field.annotation, choices)
        meaning, moves = field.description or "", Moves(**extra["moves"])
        about = (extra["role"], meaning, extra["source"], kind, moves)
        yield Parameter(path, value, extra["unit"], low, high, choices, *about)


def _bounds(metadata: list[Any]) -> tuple[float | None, float | None]:
    low = next((m.ge for m in metadata if getattr(m, "ge", None) is not None), None)
    high = next((m.le for m in metadata if getattr(m, "le", None) is not None), None)
    return low, high


def _kind_name(kind: Any, choices: tuple[str, ...]) -> str:
    if choices:
        return "choice"
    names = {float: "real", int: "whole", bool: "yes/no", str: "text"}
    return names.get(kind, "table")
