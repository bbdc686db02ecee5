"""Rules optimised and made machine code of once, as parts of the entry that calls them.

numba by itself fully optimises every function and emits machine code for it, links it into each function that calls
it, and optimises the whole again: with some hundred and eighty rules, ten deep, most of the wait for a first result. A
rule only ever runs as a part of an entry, so here it is lowered to LLVM's language and left at that; the entry links
all that it needs, at any depth, and optimises and emits once.

How a function is compiled (``pipeline_class``) is public; what holds its code is not, so this is imported only under
versions of numba that it was tried with (:mod:`sim.core.compiled`).
"""

from types import SimpleNamespace
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class Part(JITCodeLibrary):
    """The code of a rule, until an entry takes it."""

    def finalize(self) -> None:
        """Nothing is optimised or emitted here."""
        self._finalized = True

    def _optimize_functions(self, ll_module: Any) -> None:
        """Nor function by function."""

    def get_pointer_to_function(self, name: str) -> int:
        """There is no machine code to point to."""
        return 0

    @property
    def codegen(self) -> Any:
        """Who made it; what it would keep for error messages has nowhere to stand yet."""
        return SimpleNamespace(set_env=lambda name, env: None)


class Whole(JITCodeLibrary):
    """The code of an entry, with all parts that it needs."""

    def finalize(self) -> None:
        """Link the parts of parts too, then go on as ever."""
        found: list[Any] = list(self._linking_libraries)
        for library in found:  # which grows
            if isinstance(library, Part):
                found += [part for part in library._linking_libraries if part not in found]
        self._linking_libraries[:] = found
        super().finalize()


class IntoPart(Compiler):
    """numba's way to compile a function, as a part."""

    def compile_extra(self, func: Any) -> Any:
        """Compile it."""
        self.state.library = Part(self.state.targetctx.codegen(), func.__qualname__)
        return super().compile_extra(func)


class IntoWhole(Compiler):
    """numba's way to compile a function, as a whole."""

    def compile_extra(self, func: Any) -> Any:
        """Compile it; its machine code can be kept."""
        self.state.library = Whole(self.state.targetctx.codegen(), func.__qualname__)
        self.state.library.enable_object_caching()
        return super().compile_extra(func)
