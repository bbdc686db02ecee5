"""Sphinx extension: the house's docstrings as the reference shows them.

Parameters and exceptions may be explained on their own line (``seed : int    of the first run``), and the fields of
named tuples by a comment on theirs; neither is known to Sphinx.
"""

import inspect
import re
import sys
from typing import Any

ON_ITS_LINE = re.compile(r"^(\w+(?:, \w+)*(?: : \S+(?: \S+)*)?) {3,}(\S.*)$")
UNDERLINE = re.compile(r"^-{3,}$")
FIELD = re.compile(r"^ {4}(\w+):[^#\n]*(?:#\s*(?!type:|noqa)(.*))?$", re.MULTILINE)


def parted(lines: list[str]) -> list[str]:
    """Lines of a docstring; in its sections, an explanation on the line itself goes below it."""
    found: list[str] = []
    in_section = False
    for line in lines:
        in_section = in_section or bool(UNDERLINE.match(line))
        match = ON_ITS_LINE.match(line) if in_section else None
        found += [match[1], f"    {match[2]}"] if match else [line]
    return found


def fields(of: type) -> dict[str, str]:
    """The comment on each field of a named tuple."""
    return {name: comment for name, comment in FIELD.findall(inspect.getsource(of))}


def _prepare(_app: Any, what: str, name: str, obj: Any, _options: Any, lines: list[str]) -> None:
    if type(obj).__name__ == "_tuplegetter":
        path, field = name.rsplit(".", 1)
        module, of = path.rsplit(".", 1)
        lines[:] = [fields(getattr(sys.modules[module], of)).get(field, "")]
    elif what == "property":
        lines[:1] = [lines[0].replace(": ", " – ", 1)]  # what stands before a colon would be taken for its type
    else:
        lines[:] = parted(lines)


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("autodoc-process-docstring", _prepare, priority=100)  # before napoleon
    return {"parallel_read_safe": True}
