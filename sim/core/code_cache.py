"""Machine code on disk, as numba's dispatcher asks for it: checked when it comes back, and never a hindrance.

No trouble with the disk sinks a run: what cannot be read is compiled, what cannot be written is not kept.
"""

import hashlib
import pickle
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, NullCache
from numba.core.serialize import dumps

from sim.core.code_folder import code_folder, tell


class Checked(CompileResultCacheImpl):
    """numba's way from machine code to bytes and back, with a checksum: a bit that flipped would run as other code."""

    def reduce(self, data: Any) -> tuple[bytes, bytes]:
        """Checksum and content."""
        content = dumps(super().reduce(data))
        return hashlib.blake2b(content, digest_size=16).digest(), content

    def rebuild(self, target_context: Any, reduced_data: tuple[bytes, bytes]) -> Any:
        """The code again, if it is as it was."""
        checksum, content = reduced_data
        if hashlib.blake2b(content, digest_size=16).digest() != checksum:
            raise ValueError("damaged")
        return super().rebuild(target_context, pickle.loads(content))


class CheckedCache(FunctionCache):
    """numba's files for one function."""

    _impl_class = Checked


class CodeCache:
    """The code of one function on disk, as numba's dispatcher asks for it; opened when it is first needed."""

    def __init__(self, function: Callable, digest: str) -> None:
        self.function, self.digest = function, digest

    @cached_property
    def folder(self) -> Path | None:
        """Where code is kept."""
        return code_folder(self.digest)

    @cached_property
    def files(self) -> Any:
        """numba's cache in the folder, or one that keeps nothing."""
        if self.folder is None:
            return NullCache()
        before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(self.folder)
        try:
            files = CheckedCache(self.function)
        finally:
            numba.config.CACHE_DIR = before
        # Had the folder just become unwritable, numba would have gone on to another place, beside the source.
        return files if Path(files.cache_path).is_relative_to(self.folder) else NullCache()

    @property
    def cache_path(self) -> str | None:
        """Folder of the files."""
        return self.files.cache_path

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Code compiled before; None if there is none, or if it is damaged."""
        try:
            return self.files.load_overload(sig, target_context)
        except Exception:  # to read garbage back may raise anything
            tell(f"the compiled rules in {self.folder} are damaged; they are compiled anew, about ten seconds")
        try:
            self.files.flush()
        except OSError as bad:
            self._give_up(bad)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep code for the next time."""
        try:
            self.files.save_overload(sig, data)
        except OSError as bad:
            self._give_up(bad)
        except KeyboardInterrupt:  # after which numba leaves its unfinished file
            for unfinished in Path(self.files.cache_path).glob("*.tmp.*"):
                unfinished.unlink(missing_ok=True)
            raise

    def flush(self) -> None:
        """Forget what is kept."""
        self.files.flush()

    def _give_up(self, bad: OSError) -> None:
        reason = bad.strerror or bad
        tell(f"compiled rules cannot be kept in {self.folder}: {reason}; they are compiled again next time")
        self.files = NullCache()
