"""The parameters as one nested row, for compiled rules: ``parameters.hotline.handle_min``.

A section is a row within a row. Its fields bear the names and the units of the declarations: numbers, yes and no, and
of a choice its place among those declared (:func:`code_of`). Texts and tables are left out: compiled rules read none.
No list stands between a declaration and the rule that reads it.
"""

from collections.abc import Callable
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
    values = vars(section)
    return tuple(made(values[name]) if made else values[name] for name, made in _made_of(type(section)))


def code_of(section: type[BaseModel], name: str, choice: str) -> np.int64:
    """What stands in a row for a choice; for compiled code, as :func:`sim.core.compiled.codes`."""
    return np.int64(get_args(section.model_fields[name].annotation).index(choice))


def _kind(annotation: Any) -> np.dtype | str | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return dtype_of(annotation)
    return "i8" if get_origin(annotation) is Literal else KINDS.get(annotation)


@cache
def _made_of(section: type[BaseModel]) -> tuple[tuple[str, Callable | None], ...]:
    """Fields that stand in a row, and what is made of each: a row of a section, the code of a choice; None: nothing."""
    made: dict[str, Callable | None] = dict.fromkeys(dtype_of(section).names or ())
    for name in made:
        annotation = section.model_fields[name].annotation
        if get_origin(annotation) is Literal:
            made[name] = {choice: code_of(section, name, choice) for choice in get_args(annotation)}.__getitem__
        elif dtype_of(section)[name].names:
            made[name] = values_of
    return tuple(made.items())
