"""The parameters as one nested row, for compiled rules: ``parameters.hotline.handle_min``.

A section is a row within a row. Its fields bear the names and the units of the declarations: numbers, yes and no, and
of a choice its place among those declared (:func:`code_of`). Texts and tables are left out: compiled rules read none.
No list stands between a declaration and the rule that reads it.
"""

from functools import cache
from typing import Any, Literal, get_args, get_origin

import numpy as np
from pydantic import BaseModel

KINDS = {float: "f8", int: "i8", bool: "?"}


@cache
def dtype_of(section: type[BaseModel]) -> np.dtype:
    """The kind of row that a section, and all sections in it, becomes."""
    kinds = {name: _kind(field.annotation) for name, field in section.model_fields.items()}
    return np.dtype([(name, kind) for name, kind in kinds.items() if kind is not None], align=True)


def values_of(section: BaseModel) -> tuple[Any, ...]:
    """The values in force, nested as :func:`dtype_of` nests them: assign them to a row."""
    kind, values = type(section), vars(section)
    return tuple(_value(kind, name, values[name]) for name in dtype_of(kind).names or ())


def code_of(section: type[BaseModel], name: str, choice: str) -> np.int64:
    """What stands in a row for a choice; for compiled code, as :func:`sim.core.compiled.codes`."""
    return np.int64(get_args(section.model_fields[name].annotation).index(choice))


def _kind(annotation: Any) -> np.dtype | str | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return dtype_of(annotation)
    return "i8" if get_origin(annotation) is Literal else KINDS.get(annotation)


def _value(section: type[BaseModel], name: str, value: Any) -> Any:
    if isinstance(value, float | int):  # most are, and to ask whether something is a section takes long
        return value
    return code_of(section, name, value) if isinstance(value, str) else values_of(value)
