"""A model that has been stepped to its end."""

import pytest

from sim.mesa_face.model import CoproductionModel
from tests.mesa_face.steps import to_the_end


@pytest.fixture(scope="module")
def ended():
    return to_the_end(CoproductionModel("classroom", seed=2))
