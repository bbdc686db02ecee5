"""The commands of studies, made from what each kind can be asked: ``coproduce run | compare | sweep | ...``.

Every kind has the same tail: how to carry it out, and what to make of it.
"""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Annotated, Any

import typer

from app.options import AsJson, Figures, Out, Quiet, Repair, Report, Scheduler, Shard, Workers, up_to
from app.process.exits import plain_exits
from experiments.keys import Key
from experiments.study import Kind

TAIL = {
    "out": (Out, None), "workers": (Workers, 0), "scheduler": (Scheduler, None), "shard": (Shard, None),
    "repair": (Repair, False), "figures": (Figures, True), "as_json": (AsJson, False), "report": (Report, False),
    "quiet": (Quiet, False),
}  # fmt: skip


def command_of(kind: Kind) -> Callable[..., None]:
    """The command of a kind of study."""
    asked = [key for key in kind.keys if key.help]

    def command(context: typer.Context, **given: Any) -> None:
        with plain_exits():
            from app.commands.carry import carry

            tail = {name: given.pop(name) for name in TAIL}
            carry(context, kind, {name: value for name, value in given.items() if value not in (None, [])}, **tail)

    context = Parameter("context", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    tail = [_parameter(name, annotation, default) for name, (annotation, default) in TAIL.items()]
    command.__signature__ = Signature([context, *map(_of_key, asked), *tail])  # type: ignore[attr-defined]
    command.__doc__, command.__name__ = kind.help, kind.name
    return command


def _of_key(key: Key) -> Parameter:
    """A key as an argument or an option of its command; what nobody gives stays away, so that a file may say it."""
    more: dict[str, Any] = {"metavar": key.metavar or None, "help": key.help}
    if key.kind is int:
        more |= {"min": key.least, "callback": up_to(key.most)}
    if key.is_argument:
        shown: Any = typer.Argument(**more)
    else:
        shown = typer.Option(*([key.option or f"--{key.name.replace('_', '-')}"]), **more)
    is_list = key.kind == list[str]
    needed = key.is_argument and key.default is None and not key.is_optional
    annotation = key.kind if is_list or needed else key.kind | None
    return _parameter(key.name, Annotated[annotation, shown], Parameter.empty if needed else [] if is_list else None)


def _parameter(name: str, annotation: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
