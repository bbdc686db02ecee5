"""The decision to report: need, the volunteer's dilemma, and the logit over channels.

At each of its moments of attention (:mod:`sim.rules.attention`) a household weighs doing nothing (utility 0) against
every channel in its choice set::

    V[c] = asc[c] + willingness + b_need * need(t) + b_duration * log(1 + hours_out) + b_trust * trust
           + urgency + b_closed * [a report of its own was closed in error]
           - b_hassle * hassle[c] * (1 - knowledge) - b_language * [limited English, c not offered in it]
           - b_free * others(t)

    urgency   = sum of the logs of the odds ratios of what the household has: medical device, anyone under 18, age, ...
    need(t)   = 1 / (1 + (tolerance / hours_out) ** shape)           log-logistic (Esmalian et al. 2021)
    others(t) = 1 - (1 - p) ** (visibly dark neighbours - 1)         volunteer's dilemma (Diekmann 1985)
"""

import math

import numpy as np

from sim.core.compiled import rule
from sim.rules.channels import is_open

NOTHING = np.int64(-1)


@rule
def need(hours_out, tolerance_h, shape):
    """How badly power is needed, 0 to 1; one half at the household's tolerance."""
    if hours_out <= 0.0:
        return 0.0
    return 1.0 / (1.0 + (tolerance_h / hours_out) ** shape)


@rule
def choose_channel(usable_bits, hours_out, person, hour, u, channels, parameters):
    """The logit: which channel, or :data:`NOTHING`. A rule of one's own has this signature.

    Parameters
    ----------
    usable_bits : int     channels in the choice set, one bit each
    hours_out : float     h
    person : row          of `sim.core.household_rows.HOUSEHOLD`: tolerance_h, knowledge, trust, trust_left, others,
                          informed, wronged, spoken, urgency
    hour : float          wall-clock hour
    u : float             uniform in (0, 1), this moment's luck
    channels : rows       of `sim.core.household_rows.CHANNEL`
    parameters : row      as declared (:mod:`sim.inputs.parameters`): ``parameters.reporting.b_need``; and what they
                          are made into, ``parameters.derived`` (:mod:`sim.engine.settings`)
    """
    common, total = common_wish(hours_out, person, parameters), 1.0
    for c in range(len(channels)):
        if usable_bits >> c & 1 and is_open(channels[c], hour):
            total += weight(common, c, channels, person, parameters)
    left = u * total - 1.0
    if left < 0.0:
        return NOTHING
    last = NOTHING
    for c in range(len(channels)):
        if usable_bits >> c & 1 and is_open(channels[c], hour):
            last = c
            left -= weight(common, c, channels, person, parameters)
            if left < 0.0:
                break
    return last


@rule
def common_wish(hours_out, person, parameters):
    """What all channels have in common, as utility."""
    reporting = parameters.reporting
    common = pull(hours_out, trust_now(person, reporting), person, parameters)
    return common + reporting.b_closed * person.wronged - reporting.b_free * person.others


@rule
def trust_now(person, reporting):
    """Trust, less what false closures have cost, and more where the utility has answered."""
    return min(1.0, person.trust * person.trust_left + reporting.trust_gain * person.informed)


@rule
def pull(hours_out, trust, person, parameters):
    """What speaks for telling anybody at all, as utility."""
    reporting, shape = parameters.reporting, parameters.need["shape"]  # plain rows have a .shape of another kind
    return (
        reporting.b_need * need(hours_out, person.tolerance_h, shape)
        + reporting.b_duration * math.log(1.0 + hours_out)
        + reporting.b_trust * trust
        + person.urgency
    )


@rule
def ease(channel, person, parameters):
    """What speaks for a channel, whatever there is to tell."""
    return channel.asc - parameters.reporting.b_hassle * channel.hassle * (1.0 - person.knowledge)


@rule
def weight(common, c, channels, person, parameters):
    """What a channel weighs in the logit, given what all have in common."""
    utility = common + ease(channels[c], person, parameters)
    if not person.spoken >> c & 1:
        utility -= parameters.reporting.b_language
    return math.exp(utility)
