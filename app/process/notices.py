"""Remarks on input that is used nevertheless: each said once, as one line on stderr."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def notices_said() -> Iterator[None]:
    """Say every `sim.core.notices.Notice` that comes up meanwhile, once; all other warnings go their usual way."""
    from sim.core.notices import Notice  # late, so that --help answers at once

    said: set[str] = set()

    def say(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        line = " ".join(str(message).split())
        if not issubclass(category, Notice):
            usual(message, category, *place, **more)
        elif line not in said:
            said.add(line)
            print(f"coproduce: note: {line}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", Notice)
        usual, warnings.showwarning = warnings.showwarning, say
        yield
