"""Input that is refused: in one line, and before the patience of a reader is at an end."""

import signal
from contextlib import contextmanager

import pytest

from app.process.exits import Stop
from sim import ScenarioError

AT_ONCE_S = 5
TRACT = "place.tracts"


@contextmanager
def refused_at_once(words):
    """One clear line, before the patience of a reader is at an end."""

    def too_slow(*_):
        pytest.fail(f"not refused within {AT_ONCE_S} s")

    before = signal.signal(signal.SIGALRM, too_slow)
    signal.alarm(AT_ONCE_S)
    try:
        with pytest.raises((ScenarioError, Stop)) as bad:
            yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert words in str(bad.value)
    assert "\n" not in str(bad.value)
    assert len(str(bad.value)) < 2_100
