"""What an arm costs: its outlay, and its net cost at the baseline's crews' bill and as simulated.

The crews' bill is the largest by far, and ends with the last job of each crew: it varies by chance more than most
programmes cost, even between runs that share all their luck. So a comparison adds a measure that no run has by itself,
the cost with the crews' bill held::

    cost:net:usd = cost:total:usd                                                    in the baseline
    cost:net:usd = cost:total:usd - its own crews' bill + the baseline's, same seed  in an arm

Its change is the net cost at the baseline's crews' bill; that of ``cost:total:usd`` is the net cost as simulated.
Where an arm changes the crews, the city or the storm, the baseline's bill is not its own: nothing is held there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.core.cost_items import RESIDENTS, WORDS, measure

TOTAL, OUTLAY, BILL, NET = (measure(name) for name in ("total", "outlay", "crew_bill", "net"))
HELD, SIMULATED = "at the baseline's crews' bill", "as simulated"
SHOWN = {
    OUTLAY: WORDS["outlay"],
    NET: f"net cost {HELD}",
    TOTAL: f"net cost {SIMULATED}",
    measure(RESIDENTS): WORDS[RESIDENTS],
}
"""What is shown of the costs of an arm, with the words for its change."""


def is_held(net: Mapping[str, Any] | None, total: Mapping[str, Any] | None) -> bool:
    """Whether the crews' bill makes two changes differ: it does not where it is the arm's own, or never moves."""
    return net is not None and total is not None and bool(net["change"] != total["change"])


def with_net(
    names: Sequence[str], baseline: np.ndarray, arms: np.ndarray, own_bill: Sequence[bool]
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """The measures of a comparison with the net cost beside them; as they are where runs have no costs.

    Parameters
    ----------
    names : of the measures
    baseline : float [pair, name]
    arms : float [arm, pair, name]
    own_bill : of each arm, whether it has a crews' bill of its own, which is not held

    Returns
    -------
    The same three, with one name more
    """
    if TOTAL not in names or BILL not in names:
        return tuple(names), baseline, arms
    total, bill = list(names).index(TOTAL), list(names).index(BILL)
    saved = baseline[:, bill] - arms[:, :, bill]
    held = arms[:, :, total] + np.where(np.asarray(own_bill, dtype=bool)[:, None], 0.0, saved)
    return (
        (*names, NET),
        np.concatenate([baseline, baseline[:, total, None]], axis=1),
        np.concatenate([arms, held[:, :, None]], axis=2),
    )
