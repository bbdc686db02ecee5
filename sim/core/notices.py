"""What a user should know of their input though it can be used: one line each, as a Python warning of its own kind.

The command line says each line once on stderr; in Python, the filters of :mod:`warnings` decide, for ``Notice``.
"""

import warnings
from collections.abc import Iterable

SHOWN = 30  # columns named in one line


class Notice(UserWarning):
    """A remark on input that is used, in one line."""


def notice(line: str) -> None:
    """Remark on input that is used."""
    warnings.warn(line, Notice, stacklevel=2)


def name_unused(given: Iterable[str], used: Iterable[str], where: str) -> None:
    """Remark on columns of a table that nothing reads."""
    known = set(used)
    unused = [name for name in given if name not in known]
    if unused:
        more = f" and {len(unused) - SHOWN} more" if len(unused) > SHOWN else ""
        notice(f"{where}: columns that are not used: {', '.join(unused[:SHOWN])}{more}")
