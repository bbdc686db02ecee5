"""One study of each kind, made once for all tests of the report, when the first of them asks."""

import pytest

from tests.report.studies import KINDS, made


class Studies(dict):
    """Folder of each kind of study, with its report."""

    def __init__(self, new_folder):
        self.new_folder, self.printed = new_folder, {}

    def __missing__(self, kind):
        self[kind], self.printed[kind] = made(kind, self.new_folder(kind))
        return self[kind]


@pytest.fixture(scope="session")
def studies(tmp_path_factory):
    """Folder of each kind of study, with its report."""
    return Studies(tmp_path_factory.mktemp)


@pytest.fixture(params=KINDS)
def study(request, studies):
    """The folder of one study after the other."""
    return studies[request.param]
