"""A run gives the recorded numbers; ``python -m tests.baseline.update`` records new ones."""

import pandas as pd
import pytest

from tests.baseline.update import RECORDED, path_of, summary


@pytest.mark.parametrize("name", RECORDED)
def test_numbers_change_only_on_purpose(name):
    recorded = pd.read_csv(path_of(name))
    # Another mathematics library may differ in the last digits, hence not exactly equal.
    pd.testing.assert_frame_equal(summary(name), recorded, check_exact=False, rtol=1e-9, check_dtype=False)
