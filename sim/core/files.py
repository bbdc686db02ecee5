"""Files that a user names: looked at before they are opened, and read whole up to a stated size.

A pipe, a device or a folder is refused by its kind, for opening one may wait for ever. TOML becomes plain data of
stated depth, checked before the parser sees it where the parser's time grows faster than the text.
"""

import math
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.core.errors import ScenarioError
from sim.core.limits import DEPTH, SHOWN, TEXT_BYTES, WHOLE

KINDS = {
    stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}  # fmt: skip
LONG_NAME = 300  # letters of a path in a message
AT_ONCE = 2**20  # bytes; a file may be longer than it said when it was looked at
PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
LONG_KEY = re.compile(rf"(?<![\w-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{{DEPTH}}}")


def content(path: Path | str, where: str, most_bytes: int) -> bytes:
    """The bytes of a file.

    Parameters
    ----------
    path : Path or str
    where : str          what messages begin with
    most_bytes : int     a longer file is refused

    Raises
    ------
    ScenarioError    no such file, no ordinary file, one that may not be read, or one that is too long
    """
    found = _looked_at(path, where)
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        raise ScenarioError(f"{where}: cannot read {path}: it is {KINDS.get(kind, 'no file')}, not a file")
    if found.st_size > most_bytes:
        raise _too_large(path, where, most_bytes)
    try:
        data = _beginning(path, most_bytes + 1)
    except OSError as bad:
        raise ScenarioError(f"{where}: cannot read {path}: {bad.strerror}") from None
    if len(data) > most_bytes:  # it has grown, or never said how long it is
        raise _too_large(path, where, most_bytes)
    return data


def _looked_at(path: Path | str, where: str) -> os.stat_result:
    try:
        return os.stat(path)
    except OSError as bad:
        raise ScenarioError(f"{where}: cannot read {str(path)[:LONG_NAME]}: {bad.strerror}") from None
    except ValueError:  # a zero byte in it, or half of a letter
        name = repr(str(path)[:LONG_NAME])
        raise ScenarioError(f"{where}: cannot read {name}: no file can have such a name") from None


def _too_large(path: Path | str, where: str, most_bytes: int) -> ScenarioError:
    return ScenarioError(f"{where}: {path} is too large: at most {most_bytes:,} bytes are read")


def _beginning(path: Path | str, size: int) -> bytes:
    data = bytearray()
    with open(path, "rb") as file:
        while len(data) < size and (more := file.read(min(AT_ONCE, size - len(data)))):
            data += more
    return bytes(data)


def read_toml(path: Path | str, where: str) -> dict[str, Any]:
    """Content of a TOML file; ``where`` names it in messages."""
    try:
        return parsed_toml(content(path, where, TEXT_BYTES).decode("utf-8"), where)
    except UnicodeDecodeError as bad:
        raise ScenarioError(f"{where}: not a text file (byte {bad.start} is not UTF-8)") from None
    except tomllib.TOMLDecodeError as bad:
        raise ScenarioError(f"{where}: not valid TOML: {bad}") from None


def parsed_toml(text: str, where: str) -> dict[str, Any]:
    """TOML as plain data.

    Raises
    ------
    TOMLDecodeError    not TOML
    ScenarioError      TOML beyond the limits
    """
    if long := LONG_KEY.search(text):
        raise ScenarioError(f"{where}: the key '{long[0][:40]} ...' has more than {DEPTH} parts")
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ScenarioError(f"{where}: tables or lists stand more than {DEPTH} deep in one another") from None
    except ValueError:  # of Python's int(), which takes a few thousand digits
        raise ScenarioError(f"{where}: a whole number with thousands of digits; at most {WHOLE} is read") from None
    return plain(tree, where)


def plain(tree: dict[str, Any], where: str) -> dict[str, Any]:
    """The same data, refused where it is too deep or holds a whole number that is too large."""
    left: list[tuple[str, Any, int]] = [("", tree, 0)]
    while left:
        path, value, depth = left.pop()
        if depth > DEPTH:
            raise ScenarioError(f"{where}: tables or lists stand more than {DEPTH} deep in one another")
        if isinstance(value, int) and not -WHOLE <= value <= WHOLE:
            digits = round(value.bit_length() * math.log10(2))
            given = f"{path[:SHOWN]} is a whole number of about {digits} digits"
            raise ScenarioError(f"{where}: {given}; at most {WHOLE} is read")
        left += _parts(path, value, depth + 1)
    return tree


def _parts(path: str, value: Any, depth: int) -> Iterator[tuple[str, Any, int]]:
    if isinstance(value, Mapping):
        yield from ((f"{path}.{key}" if path else str(key), part, depth) for key, part in value.items())
    elif isinstance(value, list | tuple):
        yield from ((path, part, depth) for part in value)
