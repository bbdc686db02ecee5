"""What a function of one's own depends on, as a digest: two of equal digests do the same, whatever they are called.

It covers the code as Python compiled it (what runs, even if the file has been edited since), defaults, the values that
it closes over, and the values and functions that it names, those of these in turn. A class is known by the source file
that it stands in, with all that this imports; what belongs to a library by its name and the version; what is ours by
its name and the files of its module (:mod:`sim.core.sources`). What has no content that can be told apart, such as an
open file or a data frame, is refused.
"""

import dis
import functools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from sim.core import canonical, sources
from sim.core.errors import ScenarioError

GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME")


class Untold(ScenarioError):
    """A function that uses something whose content cannot be told."""


def fingerprint(function: Any) -> str:
    """Digest of what a function does; of a compiled rule, of the function that it was compiled from.

    Raises
    ------
    Untold    it uses something else than plain data, functions, classes and modules
    """
    plain = source_of(function)
    if is_ours(plain):
        return canonical.digest([name_of(plain), sources.digest(plain.__module__)], size=8)
    return canonical.digest(_Teller(plain).function(plain), name_of(plain), size=8)


def source_of(function: Any) -> Any:
    """The Python function under a compiled one."""
    return getattr(function, "py_func", function)


def name_of(function: Any) -> str:
    """Where a function stands: ``module:name``."""
    plain = source_of(function)
    name = getattr(plain, "__qualname__", type(plain).__name__)
    return f"{getattr(plain, '__module__', '')}:{name}"


def is_ours(function: Any) -> bool:
    """Whether a function belongs to this program."""
    module = sys.modules.get(str(getattr(function, "__module__", "")))
    return module is not None and sources.file_of(module.__name__) == Path(str(getattr(module, "__file__", "")))


class _Teller:
    """Says what stands behind the names in one function, as plain data."""

    def __init__(self, function: Any) -> None:
        self.module, self.name, self.told = function.__module__, name_of(function), set[int]()

    def function(self, function: FunctionType) -> list[Any]:
        """Code, defaults, closure, and the globals that it names."""
        if id(function) in self.told:
            return ["again", function.__qualname__]
        self.told.add(id(function))
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        closed = {name: self.content(cell.cell_contents, name) for name, cell in cells}
        named = {n: function.__globals__[n] for n in _globals(function.__code__) if n in function.__globals__}
        values = {name: self.content(value, name, function.__code__) for name, value in named.items()}
        defaults = [list(function.__defaults__ or ()), function.__kwdefaults__ or {}]
        return ["function", _code(function.__code__), self.content(defaults, "a default"), closed, values]

    def content(self, value: Any, name: str, code: CodeType | None = None) -> Any:
        """One value as plain data; of a module of one's own, what the code that names it takes from it."""
        value = source_of(value)
        if isinstance(value, list | tuple):
            return [self.content(part, name) for part in value]
        if isinstance(value, Mapping):
            return {str(key): self.content(part, f"{name}[{key!r}]") for key, part in value.items()}
        if isinstance(value, FunctionType) and self.is_own(value.__module__):
            return self.function(value)
        if isinstance(value, functools.partial):
            return ["partial", self.content([value.func, value.args, value.keywords], name)]
        if isinstance(value, ModuleType) and code is not None and self.is_own(value.__name__):
            taken = [attribute for attribute in dict.fromkeys(_names(code)) if attribute in vars(value)]
            return ["module", {each: self.content(vars(value)[each], f"{name}.{each}", code) for each in taken}]
        if isinstance(value, ModuleType):
            return self.elsewhere(value.__name__, "")
        if isinstance(value, np.ufunc):
            return ["library", "numpy", value.__name__, np.__version__]
        if isinstance(value, np.dtype):
            return ["dtype", str(value.descr)]
        if _stands_in_a_module(value):
            return self.elsewhere(value.__module__, value.__qualname__)
        return self.plain(value, name)

    def elsewhere(self, module: str, name: str) -> list[str]:
        """What stands in a module: of a library by its version, else by the files that the module depends on."""
        top, path = module.partition(".")[0], _file(module)
        if self.is_library(module):
            return ["library", module, name, sources.version_of(top)]
        if not path.is_file():
            raise self.untold(f"{name or module} of {module}, which is no file")
        module = path.stem if module == "__main__" else module
        return ["module", module, name, sources.digest_now(module, own=sources.folder_of(module, path))]

    def is_library(self, module: str) -> bool:
        top = module.partition(".")[0]
        known = top in sys.stdlib_module_names or sources.is_library(_file(module))
        return known and top not in (*sources.OURS, self.module.partition(".")[0]) and top != "__main__"

    def is_own(self, module: str) -> bool:
        return not self.is_library(module) and module.partition(".")[0] not in sources.OURS

    def plain(self, value: Any, name: str) -> Any:
        """Plain data as it is."""
        try:
            canonical.digest(value, name)
        except ScenarioError:
            raise self.untold(f"{name}, a {type(value).__module__}.{type(value).__qualname__}") from None
        return value

    def untold(self, what: str) -> Untold:
        return Untold(
            f"{self.name} uses {what}, whose content cannot be told apart; a rule of one's own may use numbers, text, "
            "lists, arrays, functions, and what stands in a file"
        )


def _stands_in_a_module(value: Any) -> bool:
    """Whether a value is found by its own name: a function or a class, not an object made of one."""
    found: Any = sys.modules.get(str(getattr(value, "__module__", None)))
    for step in str(getattr(value, "__qualname__", "")).split("."):
        found = getattr(found, step, None)
    return found is not None and source_of(found) is value


def _file(module: str) -> Path:
    return Path(str(getattr(sys.modules.get(module), "__file__", "")))


def _names(code: CodeType) -> Iterator[str]:
    """All names in code, attributes and those of its inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _globals(code: CodeType) -> Iterator[str]:
    """Names that code looks up outside itself, that of its inner functions included."""
    yield from (str(step.argval) for step in dis.get_instructions(code) if step.opname in GLOBAL)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals(constant)


def _code(code: CodeType) -> list[Any]:
    shape = [code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount, code.co_flags]
    names = [list(names) for names in (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)]
    return [code.co_code, shape, names, [_constant(value) for value in code.co_consts]]


def _constant(value: Any) -> Any:
    """A constant in code; sets in an order of their own."""
    if isinstance(value, CodeType):
        return _code(value)
    if isinstance(value, tuple):
        return [_constant(part) for part in value]
    if isinstance(value, frozenset):
        return ["set", sorted(canonical.digest(_constant(part)) for part in value)]
    return value if value is None or isinstance(value, bool | int | float | str | bytes) else repr(value)
