"""How commands end badly: one clear line on stderr and a meaningful exit code, never a traceback.

2 for input that cannot be used or output that cannot be written, 130 for Ctrl-C, 143 for SIGTERM, 1 for a mistake in
the program itself. ``COPRODUCE_TRACEBACK=1`` shows where the last one happened.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.process.notices import notices_said
from app.process.signals import Terminated, signals_heard

BAD_INPUT, INTERRUPTED, TERMINATED, OUR_MISTAKE = 2, 130, 143, 1


class Stop(Exception):
    """The end of a command, with one line for the reader and an exit code for the shell."""

    def __init__(self, line: str, code: int = BAD_INPUT) -> None:
        super().__init__(line)
        self.code = code


@contextmanager
def plain_exits() -> Iterator[None]:
    """Turn every exception of a command into one line on stderr and an exit code, and every notice into one line."""
    try:
        with signals_heard(), notices_said():
            yield
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OUR_MISTAKE)
    except KeyboardInterrupt as cut:
        by = getattr(cut, "by", cut)  # of a study, which says what is kept
        word, code = ("ended by SIGTERM", TERMINATED) if isinstance(by, Terminated) else ("interrupted", INTERRUPTED)
        end(f"{word}: {cut}" if str(cut) else word, code)
    except Stop as stop:
        end(str(stop), stop.code)
    except OSError as bad:
        name = f"{bad.filename}: " if bad.filename else ""
        end(f"{name}{bad.strerror or bad}", BAD_INPUT)
    except Exception as bad:
        if is_bad_input(bad):
            end(str(bad), BAD_INPUT)
        if os.environ.get("COPRODUCE_TRACEBACK"):
            raise
        what = f"{type(bad).__name__}: {bad}"
        end(f"a mistake in the program: {what} (COPRODUCE_TRACEBACK=1 shows where)", OUR_MISTAKE)


def is_bad_input(bad: Exception) -> bool:
    """Whether an exception speaks of the user's input; imported late, so that --help answers at once."""
    from analysis.measures.grouping import GroupingError
    from sim.core.errors import ScenarioError

    return isinstance(bad, ScenarioError | GroupingError)


def end(line: str, code: int) -> None:
    """Say one line and leave."""
    print("coproduce: " + " ".join(line.split()), file=sys.stderr)
    sys.exit(code)
