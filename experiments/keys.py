"""What a study can be asked: each key once, with its default, its check, and how it is given on the command line.

A key may stand in a study's file, on the command line, or both; from Python it is an argument of the same name. This
module loads nothing, so that ``--help`` answers at once.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

BY = ("minority", "income", "medical_device")  # whom to compare where nobody says
DOUBT = "doubt"
Check = Callable[[Any, str, str], Any]  # (value, key, where) -> value as the study holds it; complains otherwise


class Key(NamedTuple):
    """One thing that can be asked."""

    name: str  # in a study's file, and from Python
    check: Check | None = None  # of a value in a file; None: it cannot stand in one
    default: Any = None
    help: str = ""  # of its option; "": it has none
    option: str = ""  # its name, where that is not ``--name``
    metavar: str = ""
    kind: Any = str  # int, float, list[str], ... as typer takes it
    least: int | None = None
    most: str = ""  # the name of a limit in `sim.core.limits`
    is_argument: bool = False  # given by its place, before all options
    is_optional: bool = False  # an argument that may be left out
    is_own: bool = False  # of one kind of study, checked further where its design is made


def whole(least: int, most: str | int) -> Check:
    """A whole number between a bound and another, which may be named in `sim.core.limits`."""

    def check(value: Any, key: str, where: str) -> int:
        from sim.core import limits
        from sim.core.errors import ScenarioError, shown

        high = getattr(limits, most) if isinstance(most, str) else most
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= high:
            raise ScenarioError(f"{where}: {key} must be a whole number from {least} to {high}, not {shown(value)}")
        return value

    return check


def text(value: Any, key: str, where: str) -> str:
    """Any text."""
    from sim.core.errors import ScenarioError, shown

    if not isinstance(value, str):
        raise ScenarioError(f"{where}: {key} must be text, not {shown(value)}")
    return value


def names(value: Any, key: str, where: str) -> list[str]:
    """A list of names, or one name."""
    from sim.core.errors import ScenarioError, shown

    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not listed or not all(isinstance(name, str) for name in listed):
        raise ScenarioError(f"{where}: {key} must be a list of names, not {shown(listed)}")
    return list(listed)


def one_of(module: str, names: str) -> Check:
    """One of the names that a module lists, which is loaded only then."""

    def check(value: Any, key: str, where: str) -> str:
        from sim.core.errors import unknown

        allowed = getattr(import_module(module), names)
        if value not in allowed:
            raise unknown(where, key, str(value), allowed)
        return str(value)

    return check


def yes_no(value: Any, key: str, where: str) -> bool:
    """True or false."""
    from sim.core.errors import ScenarioError, shown

    if not isinstance(value, bool):
        raise ScenarioError(f"{where}: {key} must be true or false, not {shown(value)}")
    return value


def table(value: Any, key: str, where: str) -> dict[str, Any]:
    """A table of the file, ``[key]``; what stands in it is checked where it is used."""
    from sim.core.errors import ScenarioError, shown

    if not isinstance(value, Mapping):
        raise ScenarioError(f"{where}: {key} must be a table [{key}], not {shown(value)}")
    return dict(value)


def anything(value: Any, key: str, where: str) -> Any:
    """What is checked where it is used."""
    return value


def filled(keys: Sequence[Key], data: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The values of a study's file, checked, with defaults where it says nothing; keys without a default may be absent.

    Raises
    ------
    ScenarioError    an unknown key, or a value that a key cannot have
    """
    from sim.core.errors import unknown

    legal = {key.name: key for key in keys if key.check}
    for name in data:
        if name not in legal:
            raise unknown(where, "key", name, legal)
    found = {name: data.get(name, key.default) for name, key in legal.items()}
    return {
        name: legal[name].check(value, name, where)  # type: ignore[misc]
        for name, value in found.items()
        if name in data or value is not None
    }


def doubt_key(in_file: bool = True) -> Key:
    """The key by which a study carries doubt about parameters; a study of commands alone has no file to say it in."""
    return Key(
        DOUBT,
        text if in_file else None,
        help="Carry doubt about the parameters: seed i takes draw i of these DRAWS, by the name of the scenario that "
        "they came with or as a file (draws.csv of `coproduce calibrate`). Intervals then cover chance and doubt, and "
        "say which part is which.",
        metavar="DRAWS",
        kind=str,
    )


def of_a_file(
    replicates: int = 20, outcomes: Sequence[str] | None = None, varies: bool = True, doubts: bool = True
) -> list[Key]:
    """The keys that every study which has a file shares.

    Parameters
    ----------
    replicates, outcomes : what a file that does not say gets; None: the gap of every grouping
    varies : whether it says what to vary
    doubts : whether it can carry doubt about parameters
    """
    return [
        Key("study", help="Name of a shipped study (none: they are listed) or a TOML file.", metavar="STUDY",
            is_argument=True, is_optional=True),
        Key("kind", text),
        Key("name", text),
        Key("summary", text, ""),
        Key("description", text, ""),
        Key("scenario", text, "classroom", "Use this scenario instead of the study's own.", metavar="SCENARIO"),
        Key("set", table, {}),
        *([Key("vary", anything, {})] if varies else []),
        Key("by", names, list(BY)),
        Key("outcomes", names, outcomes, "What to look at: gap:income, mean, cost, ... Repeatable.", "--outcome",
            "NAME", list[str]),
        Key("seed", whole(0, "SEED"), 1, "Seed of the first replicate.", metavar="N", kind=int, least=0, most="SEED"),
        Key("replicates", whole(1, "REPLICATES"), replicates, "Seeds, counting up; the same for all that is compared.",
            "", "R", int, 1, "REPLICATES"),
        *([doubt_key()] if doubts else []),
    ]  # fmt: skip
