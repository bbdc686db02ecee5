"""One finished comparison for all tests of the command."""

import pytest

from tests.small_town import written
from tests.studies.compare_command.comparing import cli


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    return written(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def study(town, tmp_path_factory):
    """A finished comparison of two arms by ten pairs, and what it printed."""
    out = tmp_path_factory.mktemp("study") / "results"
    answer = cli(town, "crews.line.own=6", "same: crews.line.own=3", "--replicates", 10, "--out", out)
    assert answer.exit_code == 0, answer.output
    return out, answer.stdout
