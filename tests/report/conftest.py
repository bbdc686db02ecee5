"""One study of each kind, made once for all tests of the report."""

import pytest

from tests.report.studies import KINDS, make


@pytest.fixture(scope="session")
def studies(tmp_path_factory):
    """Folder of each kind of study, with its report."""
    return {kind: make(kind, tmp_path_factory.mktemp(kind)) for kind in KINDS}


@pytest.fixture(params=KINDS)
def study(request, studies):
    """The folder of one study after the other."""
    return studies[request.param]
