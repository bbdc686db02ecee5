"""Ctrl-C and SIGTERM end a command in the same way, wherever they strike.

Both come as KeyboardInterrupt, which those who keep finished runs catch. Python drops an exception that is raised where
nobody can catch it, in a destructor or in a callback of a C library; what is dropped is raised again a moment later.
And while Python speaks with LLVM nothing is raised at all: numba would miss code that LLVM hands over, or memory would
be freed twice at the end.
"""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

AGAIN_S = 0.05
DELICATE = "llvmlite."  # modules


class Terminated(KeyboardInterrupt):
    """SIGTERM: a time limit, a shutdown, somebody's ``kill``."""


MEANING = {signal.SIGINT: KeyboardInterrupt, signal.SIGTERM: Terminated}
USUAL: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}


@contextmanager
def signals_heard() -> Iterator[None]:
    """Raise a KeyboardInterrupt for Ctrl-C and SIGTERM, for sure, unless the surroundings have other plans for them."""
    ours = [number for number, usual in USUAL.items() if signal.getsignal(number) is usual]
    if threading.current_thread() is not threading.main_thread() or not ours:
        yield
        return
    waiting: dict[signal.Signals, threading.Timer] = {}  # signals that have come and that nobody has caught yet
    before = sys.unraisablehook

    def later(number: signal.Signals) -> None:
        waiting[number] = threading.Timer(AGAIN_S, _send, [number])
        waiting[number].daemon = True
        waiting[number].start()

    def came(number: int, frame: FrameType | None) -> None:
        which = signal.Signals(number)
        waiting.pop(which, None)
        if _is_delicate(frame):
            later(which)
        else:
            raise MEANING[which]

    def dropped(what: Any) -> None:
        numbers = [number for number, kind in MEANING.items() if what.exc_type is kind]
        if numbers:
            later(numbers[0])
        else:
            before(what)

    for number in ours:
        signal.signal(number, came)
    sys.unraisablehook = dropped
    try:
        yield
        for dropped_one in waiting:
            raise MEANING[dropped_one]
    finally:
        for timer in waiting.values():
            timer.cancel()
        sys.unraisablehook = before
        for number in ours:
            signal.signal(number, USUAL[number])


def _send(number: signal.Signals) -> None:
    """Send this process a signal, in a way that wakes its main thread."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(number)


def _is_delicate(frame: FrameType | None) -> bool:
    """Whether Python is speaking with LLVM just now."""
    while frame is not None:
        if str(frame.f_globals.get("__name__")).startswith(DELICATE):
            return True
        frame = frame.f_back
    return False
