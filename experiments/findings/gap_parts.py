"""Why a gap changed between two arms: the change of each part of the wait, with its interval over pairs.

A household is undetected until the utility believes its outage, waits until a crew sets off, is searched for, may have
to have something of its own mended first, and is worked on. The five parts of a group's mean hours out sum to it, so
those of a gap, group minus reference, sum to the gap.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import paired
from analysis.contrasts.multiplicity import beside
from analysis.measures.table import PARTS
from experiments.findings.compare_table import gap_groups
from experiments.findings.pairs import Values, difference
from experiments.outcome_names import OutcomeName

COLUMNS = ["arm", "gap", "part", "baseline_mean", "arm_mean", "change", "low", "high", "pairs"]


def gap_parts(
    values: Values, arms: Sequence[str], gaps: Sequence[str], doubt: np.ndarray | None = None
) -> pd.DataFrame:
    """Change of each part of each gap in each arm; columns ``COLUMNS``, hours; the parts of a gap held together.

    Parameters
    ----------
    gaps : full names of gaps, such as ``minority:minority:gap_h``
    doubt : float [pair, component], as of `analysis.contrasts.intervals.paired`
    """
    lines = []
    for gap in gaps:
        by, group, _ = OutcomeName.parse(gap)
        reference = gap_groups(values.names, by)[1]
        for part in PARTS:
            names = [f"{by}:{one}:{part}" for one in (group, reference)]
            if not set(names) <= set(values.names):
                continue
            ours, theirs = (values.names.index(name) for name in names)
            base = values.baseline[:, ours] - values.baseline[:, theirs]
            for i, arm in enumerate(arms):
                there = values.arms[i, :, ours] - values.arms[i, :, theirs]
                lines.append((arm, gap, part, *_line(base, there, doubt)))
    return beside(pd.DataFrame(lines, columns=COLUMNS), ["gap"])


def _line(
    base: np.ndarray, there: np.ndarray, doubt: np.ndarray | None
) -> tuple[float, float, float, float, float, int]:
    both = np.isfinite(base) & np.isfinite(there)
    change = paired(difference(there, base), doubt)
    return paired(base[both]).mean, paired(there[both]).mean, change.mean, change.low, change.high, change.n
