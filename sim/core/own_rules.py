"""Rules of one's own: what may stand in place of a rule of the model, and how another process finds it.

A rule is a function under ``@rule`` (:mod:`sim.core.compiled`) with the signature of the one that it replaces. Machine
code holds the values of a module as they were when it was compiled, so a rule whose values have changed since is
refused.

Other processes find a function by its name, ``module:name``. That works for functions at the top of a module that they
can import; not for lambdas, for functions made inside others, and for what stands in a script or a notebook.
"""

import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from sim.core.canonical import digest
from sim.core.compiled import COMPILED
from sim.core.errors import ScenarioError, nearest
from sim.core.fingerprints import Untold, fingerprint, name_of, source_of

_marks: WeakKeyDictionary[Any, str] = WeakKeyDictionary()  # fingerprints when first used, by function


def checked(rule: Any, where: str, usual: Callable) -> Callable | None:
    """A rule of one's own, checked before numba's pages of complaint; ``usual`` is the one that it replaces."""
    if rule is None:
        return None
    rule = loaded(rule, where) if isinstance(rule, str) else rule
    needed = list(inspect.signature(source_of(usual)).parameters)
    if not callable(rule) or (COMPILED and not hasattr(rule, "py_func")):
        raise ScenarioError(f"{where} must be a function under @rule (sim.core.compiled), not {rule!r}")
    given = list(inspect.signature(source_of(rule)).parameters)
    if len(given) != len(needed):
        raise ScenarioError(f"{where} must take {', '.join(needed)}, not {', '.join(given)}")
    return rule


def mark(rule: Any) -> str:
    """Fingerprint of a rule that is compiled or about to be.

    Raises
    ------
    ScenarioError    values that the rule names have changed since it was first used
    """
    now = fingerprint(rule)
    if _marks.setdefault(source_of(rule), now) != now:
        raise ScenarioError(
            f"{name_of(rule)} was compiled with other values of what it names; define the function anew, or start again"
        )
    return now


def file_mark(*rules: Any) -> str | None:
    """What the machine code of some rules is kept under on disk; None if it cannot be.

    It names their modules, which are imported when it is read again; a function of a module that Python does not know,
    or that uses something whose content cannot be told apart, is compiled anew in every process.
    """
    if any(rule is not None and source_of(rule).__module__ not in sys.modules for rule in rules):
        return None
    try:
        told = [rule and [name_of(rule), mark(rule)] for rule in rules]
    except Untold:
        return None
    return digest(told, size=8)


def loaded(text: str, where: str) -> Any:
    """The function that ``module:name`` stands for."""
    module, _, name = text.partition(":")
    if not module or not name.isidentifier():
        raise ScenarioError(f"{where}: '{text}' must be module:name, such as my_rules:smallest_first")
    try:
        found = import_module(module)
    except ModuleNotFoundError as bad:
        raise ScenarioError(f"{where}: '{text}': there is no module {bad.name} to import") from None
    if not hasattr(found, name):
        raise ScenarioError(f"{where}: '{text}': {module} has no {name}{nearest(name, vars(found))}")
    return getattr(found, name)


def address(function: Any, where: str) -> str:
    """``module:name``, by which another process finds a function.

    Raises
    ------
    ScenarioError    it would not find it, or find another
    """
    name = name_of(function)
    module, _, inside = name.partition(":")
    if module == "__main__":
        why = "it stands in the script or notebook that is running"
    elif not inside.isidentifier():
        why = "it is a lambda, a method, or made inside another function"
    elif loaded(name, where) is not function:
        why = f"{module} has another {inside} by now"
    else:
        return name
    raise ScenarioError(
        f"{where}: {name} cannot be sent to other processes, for {why}; put it at the top of a module that they can "
        "import, or use one worker"
    )
