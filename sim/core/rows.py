"""Rows of one kind: made, copied, and made room for."""

import numpy as np

CACHE_LINE = 64  # bytes


def rows(dtype: np.dtype, shape: int | tuple[int, ...]) -> np.recarray:
    """Zeroed rows of one kind, readable by attribute in compiled and plain Python alike; they begin a cache line."""
    n_bytes = dtype.itemsize * int(np.prod(shape))
    memory = np.zeros(n_bytes + CACHE_LINE, dtype=np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start : start + n_bytes].view(dtype).reshape(shape).view(np.recarray)


def copied(old: np.ndarray) -> np.recarray:
    """The same rows once more, to be written to. Copied as bytes: NumPy copies rows field by field."""
    return old.view(np.uint8).copy().view(old.dtype).view(np.recarray)


def enlarged(old: np.recarray, size: int, used: int) -> np.recarray:
    """The rows in use once more, in a longer array; along the last axis."""
    new = rows(old.dtype, (*old.shape[:-1], size))
    n_bytes = used * old.itemsize
    new.view(np.uint8)[..., :n_bytes] = old.view(np.uint8)[..., :n_bytes]
    return new
