"""One finished study for all tests of the command."""

import pytest

from tests.small_town import written
from tests.unit.run_command.running import TOWN, cli


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    return written(tmp_path_factory.mktemp("town"), TOWN)


@pytest.fixture(scope="session")
def study(town, tmp_path_factory):
    """A finished study of three replicates with figures, and what it printed."""
    out = tmp_path_factory.mktemp("study") / "results"
    words = ["--replicates", "3", "--out", str(out), "--by", "minority", "--by", "income"]
    answer = cli("run", town, *words)
    assert answer.exit_code == 0, answer.output
    return out, answer.stdout
