"""A bound on the wish to report, by which most moments of attention are passed over at once.

A household does nothing at a moment whose luck is ``u`` if ``u * (1 + sum of exp(V[c])) < 1``
(:mod:`sim.rules.reporting`). What varies with time in V are need and the hours out; the rest stays until something
happens to the household. With ``x`` the hours out in the household's tolerances and ``h`` the hours out::

    sum of exp(V[c]) <= most * most_by_need[x to the next eighth] * most_by_hours[h to the next hour]

    most          = sum of exp(V[c] without the two) over all channels that it has, worked out when first asked for
    most_by_need  = exp(b_need * need)                 worked out once a run; past the last eighth need is 1
    most_by_hours = exp(b_duration * log(1 + h))       likewise; past the last hour infinity, which rejects nothing

each with a margin for rounding. So a moment is rejected without logarithm, exponential or power, and never one at
which the household would report. A reporting rule of one's own knows no such bound: :func:`never_sure` takes its place.
"""

import math

import numpy as np

from sim.core.compiled import rule
from sim.core.fingerprints import source_of
from sim.rules.channels import FORMAL
from sim.rules.reporting import common_wish, need, weight

UNKNOWN = -1.0
EIGHTHS, HOURS = 8 * 8, 24 * 20
MARGIN = 1e-9  # rounding is a thousandth of that at most


@rule
def is_sure_of_nothing(person, hours_out, u, channels, parameters):
    """Whether a household is sure to do nothing at a moment of luck ``u``."""
    if person.most == UNKNOWN:
        person.most = most_of(person, channels, parameters)
    derived = parameters.derived
    eighth = min(np.int64(8.0 * hours_out / person.tolerance_h), EIGHTHS)
    hour = min(np.int64(hours_out), HOURS)
    return u * (1.0 + person.most * derived.most_by_need[eighth] * derived.most_by_hours[hour]) < 1.0 - MARGIN


@rule
def never_sure(person, hours_out, u, channels, parameters):
    """For reporting rules of one's own: every moment is looked at."""
    return False


@rule
def most_of(person, channels, parameters):
    """What speaks for all channels that a household has, but for need and the hours out, as a sum of weights."""
    common, total = common_wish(0.0, person, parameters), 0.0  # after no hours need and the logarithm are zero
    for c in range(len(channels)):
        if person.can & FORMAL & 1 << c:
            total += weight(common, c, channels, person, parameters)
    return total * (1.0 + MARGIN)


def tables(b_need: float, shape: float, b_duration: float) -> dict[str, np.ndarray]:
    """``most_by_need`` [EIGHTHS + 1] and ``most_by_hours`` [HOURS + 1], from the declared parameters of those names."""
    needs = [source_of(need)(eighth / 8.0, 1.0, shape) for eighth in range(1, EIGHTHS + 1)]
    by_need = np.exp(b_need * np.array(needs))
    hours = np.exp(b_duration * np.log1p(np.arange(HOURS + 1)))
    by_hours = np.maximum(hours[:-1], hours[1:])
    return {
        "most_by_need": np.append(by_need, math.exp(b_need)) * (1.0 + MARGIN),
        "most_by_hours": np.append(by_hours * (1.0 + MARGIN), math.inf),
    }
