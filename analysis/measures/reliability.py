"""Reliability by group: every measure of groups in `analysis.measures.table`, one row per group.

Groups are formed over all households; a household counts with the hours that it was out until the horizon.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.measures.grouping import groups
from analysis.measures.table import OF_GROUPS
from analysis.measures.waits import NEED_WEIGHTS, InGroups, Waits

if TYPE_CHECKING:  # not when running: what imports this does not always need pandas
    import pandas as pd

    from analysis.measures.survival import Table


def by_group(
    households: "Table",
    by: str | Sequence[str],
    horizon_h: float,
    reporters_only: bool = False,
    need_weights: Mapping[str, float] = NEED_WEIGHTS,
) -> "pd.DataFrame":
    """Every measure for every group.

    Parameters
    ----------
    households : table of one run, as `sim.run` gives it
    by : grouping, see `grouping.groups`
    horizon_h : float   hours since the storm's peak; hours out are cut there
    reporters_only : measure those alone whose report was logged, which is what a study of service requests can see;
        groups are still formed over all households
    need_weights : weight of a household that has the yes/no attribute (the largest that applies; otherwise 1)

    Returns
    -------
    DataFrame [group], the columns those of `table.OF_GROUPS`. A group without households is a row of NaN with zero
    counts. Medians and percentiles are inf if not reached, ``beyond_*`` NaN if nobody was observed that long.
    """
    import pandas as pd

    grouping = groups(households, by)
    if reporters_only:
        logged = np.asarray(households["report_logged"], dtype=bool)
        households = {name: np.asarray(households[name])[logged] for name in households}
        grouping = grouping._replace(code=grouping.code[logged])
    found = InGroups(Waits(households, horizon_h, need_weights), grouping)
    columns = {measure.name: measure.of(found) for measure in OF_GROUPS}
    return pd.DataFrame(columns, index=pd.Index(grouping.names, name="group"))
