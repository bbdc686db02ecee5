"""What the tests of studies share: an empty ledger, two processes, and the file of a study."""

import pytest

from experiments.runs.ledger import Ledger
from experiments.runs.workers import Processes
from tests.studies.small import IDENTITY


@pytest.fixture
def two_processes():
    hands = Processes(2)
    yield hands
    hands.close(hurry=True)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as opened:
        yield opened


@pytest.fixture
def file(tmp_path):
    def write(text, name="study.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write
