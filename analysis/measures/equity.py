"""How groups differ: gaps between groups, and what they are made of.

Every gap is *group minus reference*: a positive gap in hours means that the group waits longer.
"""

import numpy as np
import pandas as pd

from analysis.measures.grouping import known
from analysis.measures.table import PARTS


def difference(value: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gap and ratio, same shape; NaN where they have no meaning (both endless; nothing to divide by)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        gap, ratio = value - base, value / base
    return gap, np.where(base == 0.0, np.nan, ratio)


def gap_parts(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """What the gap in mean hours out is made of.

    Parameters
    ----------
    table : `reliability.by_group`

    Returns
    -------
    DataFrame [group] without the reference: the gaps in undetected, waiting, search, owner and repair hours, and
    ``gap_h``, their sum, which is the gap in ``mean_h``.
    """
    known("table", "group", reference, table.index)
    parts = table.loc[:, list(PARTS)]
    split = parts.drop(index=reference) - parts.loc[reference]
    return split.assign(gap_h=split.sum(axis=1, skipna=False))
