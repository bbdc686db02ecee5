"""Fingerprints of plain data: equal for equal content, another for any other, however long it is.

Plain are None, true and false, numbers, text, bytes, lists and tuples, mappings with names for keys, and NumPy arrays
of numbers or text. Everything is hashed with its kind, its shape and its length, mappings in the order of their keys. A
list of numbers of one kind counts as the array that it makes, so a table has one digest as lists, as arrays, and read
back from a certificate. What is not plain data is refused: its printed form may leave out what a result depends on.
"""

import hashlib
import math
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any

import numpy as np

from sim.core.errors import ScenarioError

PACKED = {bool: np.bool_, int: np.int64, float: np.float64}
SIMPLE = {NoneType: "none", bool: "bool", int: "int", float: "float", str: "str", bytes: "bytes"}


def digest(value: Any, where: str = "data", size: int = 16) -> str:
    """Digest of plain data.

    Parameters
    ----------
    value : plain data
    where : what messages call it
    size : bytes of the digest, two hexadecimal digits each

    Raises
    ------
    ScenarioError    something in it is not plain data
    """
    state = hashlib.blake2b(digest_size=size)
    _feed(state.update, value, where)
    return state.hexdigest()


def _feed(tell: Callable[[Any], None], value: Any, where: str) -> None:
    value = value.item() if isinstance(value, np.generic) else value
    kind = SIMPLE.get(type(value))  # of most values: what is left over is asked what it is like
    if kind is not None:
        _feed_simple(tell, kind, value)
    elif isinstance(value, Mapping):
        _feed_mapping(tell, value, where)
    elif isinstance(value, list | tuple) or type(value) is np.ndarray:  # a subclass, such as a masked one, holds more
        _feed_row(tell, _packed(value), where)
    else:
        kind = next((name for known, name in SIMPLE.items() if isinstance(value, known)), None)
        if kind is None:
            raise _refused(where, value)
        _feed_simple(tell, kind, value)


def _feed_simple(tell: Callable[[Any], None], kind: str, value: Any) -> None:
    data = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    tell(f"{kind} {len(data)}:".encode() + data)


def _feed_mapping(tell: Callable[[Any], None], value: Mapping[Any, Any], where: str) -> None:
    tell(f"mapping {len(value)}:".encode())
    for key in value:
        if not isinstance(key, str):
            raise ScenarioError(f"{where}: the name {key!r:.60} must be text")
    for key in sorted(value):
        _feed(tell, key, where)
        _feed(tell, value[key], f"{where} {key}")


def _feed_row(tell: Callable[[Any], None], value: Any, where: str) -> None:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biuf":
            raise _refused(where, value)
        tell(f"array {value.dtype.str} {value.shape}:".encode())
        tell(np.ascontiguousarray(value).tobytes())
        return
    tell(f"list {len(value)}:".encode())
    for row, item in enumerate(value, 1):
        _feed(tell, item, f"{where}, row {row}")


def _packed(values: Any) -> Any:
    """Numbers of one kind as an array (None among floats as NaN, as the model reads both), all else as a list."""
    if isinstance(values, np.ndarray):
        return values.tolist() if values.dtype.kind in "OU" else values
    kinds = set(map(type, values))
    if kinds == {float, NoneType}:
        return np.array([math.nan if value is None else value for value in values])
    kind = kinds.pop() if len(kinds) == 1 else None
    try:
        return np.array(values, dtype=PACKED[kind]) if kind in PACKED else values
    except OverflowError:  # beyond 64 bits: number by number
        return values


def _refused(where: str, value: Any) -> ScenarioError:
    kind = f"array of {value.dtype}" if type(value) is np.ndarray else type(value).__name__
    shown = " ".join(repr(value).split())[:60]
    return ScenarioError(f"{where}: {shown} ({kind}) is not plain data: give numbers, text, true or false")


def plain(value: Any) -> Any:
    """The same as dictionaries, lists, texts and finite numbers, fit for JSON; what is endless or missing is None."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(v) for v in (value.tolist() if isinstance(value, np.ndarray) else value)]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)
