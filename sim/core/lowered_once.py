"""Rules optimised and made machine code of once, as parts of the entry that calls them.

numba by itself fully optimises every function and emits machine code for it, links it into each function that calls
it, and optimises the whole again: with some hundred and fifty rules, ten deep, most of the wait for a first result. A
rule only ever runs as a part of an entry, so here it is lowered to LLVM's language and left at that; the entry links
all that it needs, at any depth, and optimises and emits once.

How a function is compiled (``pipeline_class``) is public; what holds its code is not. So this is for versions of numba
that it was tried with; with any other, rules are compiled as numba does by itself, which only takes longer.
"""

from types import SimpleNamespace
from typing import Any

import numba

TRIED = ("0.68.",)


def can_wait(version: str = numba.__version__) -> bool:
    """Whether rules can be left to their entry under this version of numba."""
    return version.startswith(TRIED)


def pipelines() -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of ``numba.njit`` for a rule and for an entry."""
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
            """Who made it; what it keeps for error messages has nowhere to stand yet."""
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

    def compiler(kind: type) -> type:
        class Into(Compiler):
            """numba's way, into a library of that kind."""

            def compile_extra(self, func: Any) -> Any:
                """Compile a function."""
                library = kind(self.state.targetctx.codegen(), func.__qualname__)
                if kind is Whole:
                    library.enable_object_caching()
                self.state.library = library
                return super().compile_extra(func)

        return Into

    return {"pipeline_class": compiler(Part)}, {"pipeline_class": compiler(Whole)}
