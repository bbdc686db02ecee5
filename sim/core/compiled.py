"""How rules are compiled: with numba, kept on disk per version of the source, or not at all for debugging.

``@rule`` compiles a function on first use and keeps the machine code on disk. numba's own cache notices a change in
the file that holds a function but not in the files whose functions it calls; so the cache folder here bears a
digest of *all* rule files, and a changed rule can never run beside a stale one. ``NUMBA_DISABLE_JIT=1`` runs the
same source as plain Python.
"""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

import numba
import numpy as np

from sim.core.code_cache import CodeCache
from sim.core.code_folder import code_folder

HERE = Path(__file__).resolve().parents[1]
TRIED = tuple(f"0.{minor}." for minor in range(60, 69))  # versions of numba: under each, towns came out the same
COMPILED = not numba.config.DISABLE_JIT


def source_digest() -> str:
    """Digest of every Python file in ``sim`` and of the numba version: what compiled code depends on."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for path in sorted(HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _pipelines() -> tuple[dict[str, Any], dict[str, Any]]:
    """How rules and entries are compiled: once for all, or else as numba does by itself, which only takes longer."""
    if not numba.__version__.startswith(TRIED):
        return {}, {}
    from sim.core.lowered_once import IntoPart, IntoWhole

    return {"pipeline_class": IntoPart}, {"pipeline_class": IntoWhole}


LOADED = source_digest()  # of the source as it was when this process loaded it: files may be edited while it runs
RULES: set[Callable] = set()
AS_PART, AS_WHOLE = _pipelines()
PLAIN = {"error_model": "numpy", "_nrt": False}
ENTRY = {**PLAIN, **AS_WHOLE, "nogil": True}  # other threads may go on
RULE = {**PLAIN, **AS_PART, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}  # which needs no door for Python


def rule(function: Callable) -> Callable:
    """Compile a function that only other rules call."""
    compiled = numba.njit(**RULE)(function)
    RULES.add(compiled)
    return compiled


def entry(function: Callable) -> Callable:
    """Compile a function that Python calls, and keep it on disk with everything that it calls."""
    compiled = _kept(numba.njit(**ENTRY)(function), function)
    RULES.add(compiled)
    return compiled


def inlined(function: Callable) -> Callable:
    """Compile a function into whatever calls it, so that a loop over it can take several rows at once."""
    compiled = numba.njit(**ENTRY, forceinline=True)(function)
    RULES.add(compiled)
    return compiled


def _kept(compiled: Any, function: Callable) -> Callable:
    """A compiled function, its code kept on disk."""
    if COMPILED:
        compiled._cache = CodeCache(function, LOADED)  # where cache=True would put numba's own
    return compiled


def codes(number: int) -> tuple[np.int64, ...]:
    """Consecutive constants for compiled code.

    As NumPy integers, because numba compiles a function anew for every plain integer constant that it is called with.
    """
    return tuple(np.int64(n) for n in range(number))


def with_replaced(function: Callable, replacements: Mapping[Callable, Callable], mark: str | None = None) -> Callable:
    """A copy of a compiled function in which some of the rules that it calls, at any depth, are others.

    Compiled code is bound to the functions that it was compiled with, so all rules between are copied too. The copy
    is compiled on first use, and kept on disk under its ``mark``, if given: equal marks must mean equal replacements.
    """
    copies = dict(replacements)

    def copy(original: Callable) -> Callable:
        if original in copies:
            return copies[original]
        copies[original] = original  # an attribute may share a rule's name: do not follow it round in circles
        source = getattr(original, "py_func", original)
        names = {n: source.__globals__[n] for n in source.__code__.co_names if n in source.__globals__}
        inner = {n: copy(f) for n, f in names.items() if isinstance(f, Hashable) and f in RULES}
        if all(inner[n] is names[n] for n in inner):
            return original
        twin = FunctionType(source.__code__, {**source.__globals__, **inner}, source.__name__)
        copies[original] = numba.njit(**(ENTRY if original is function else RULE))(twin)
        if mark is not None and original is function:
            twin.__qualname__ = f"{source.__qualname__}_{mark}"  # which names its file
            copies[original] = _kept(copies[original], twin)
        return copies[original]

    return copy(function)


def is_cached() -> bool:
    """Whether the event loop has been compiled before on this machine, from this source."""
    folder = code_folder(LOADED) if COMPILED else None
    return not COMPILED or (folder is not None and any(folder.rglob("restoration.advance-*.nbc")))
