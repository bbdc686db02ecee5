"""The command line of a study, as somebody would type it to make the study again."""

import shlex
from typing import Any

import typer

NO_MATTER = ("quiet", "as_json", "report")  # options that change nothing in a study's folder but the report


def as_given(context: typer.Context) -> str:
    """The command with its arguments first, then every option that was given."""
    words: list[str] = []
    options: list[str] = []
    for parameter in context.command.params:
        name = parameter.name or ""
        value = context.params.get(name)
        if name in NO_MATTER or value is None or _is_default(context, name):
            continue
        if parameter.param_type_name == "argument":
            words += _texts(value)
        elif isinstance(value, bool):
            options.append((parameter.opts if value else parameter.secondary_opts)[0])
        else:
            options += [word for text in _texts(value) for word in (parameter.opts[0], text)]
    return shlex.join(["coproduce", context.info_name or "", *words, *options])


def _is_default(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "DEFAULT"


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
