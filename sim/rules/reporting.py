"""The decision to report: moments of attention, need, the volunteer's dilemma, and the logit over channels.

Moments of attention are a Poisson process, faster by day than by night, fixed by a household's luck from the hour it
lost power. At each the household weighs doing nothing (utility 0) against every channel in its choice set::

    V[c] = asc[c] + willingness + b_need * need(t) + b_duration * log(1 + hours_out) + b_trust * trust
           + urgency + b_closed * [a report of its own was closed in error]
           - b_hassle * hassle[c] * (1 - knowledge) - b_language * [limited English, c not offered in it]
           - b_free * others(t)

    urgency   = sum of the logs of the odds ratios of what the household has: medical device, anyone under 18, age, ...
    need(t)   = 1 / (1 + (tolerance / hours_out) ** shape)           log-logistic (Esmalian et al. 2021)
    others(t) = 1 - (1 - p) ** (visibly dark neighbours - 1)         volunteer's dilemma (Diekmann 1985)

Nothing that enters V changes between two events of the household's own surroundings, so its moments are looked at
some hours ahead and looked at again, from the last one passed, when something does change. How far ahead is a matter
of speed only.
"""

import math

import numpy as np

from sim.core.columns import LATERAL
from sim.core.compiled import codes, rule
from sim.core.events import ATTEMPT, plan_call
from sim.core.luck import Purpose, exponential, pair
from sim.rules.channels import (
    FORMAL,
    hour_of_day,
    is_open,
    usable,
)

ATTENTION_LUCK = np.uint64(Purpose.ATTENTION)

ATTENTIVE, PLANNED, WAITING, TALKING = codes(4)
NOTHING = np.int64(-1)
LOOK_AHEAD_H = 6.0


@rule
def next_moment(time_h, urge, rules):
    """When the accumulated attention since ``time_h`` reaches ``urge`` (unit exponential): inverts the day's rhythm."""
    hour = hour_of_day(time_h, rules)
    while True:
        if hour < rules.day_starts:
            span, rate = rules.day_starts - hour, rules.attention_night
        elif hour < rules.day_ends:
            span, rate = rules.day_ends - hour, rules.attention_day
        else:
            span, rate = 24.0 - hour + rules.day_starts, rules.attention_night
        if urge < rate * span:
            return time_h + urge / rate
        urge -= rate * span
        time_h += span
        hour += span
        if hour >= 24.0:
            hour -= 24.0


@rule
def need(hours_out, tolerance_h, shape):
    """How badly power is needed, 0 to 1; one half at the household's tolerance."""
    if hours_out <= 0.0:
        return 0.0
    return 1.0 / (1.0 + (tolerance_h / hours_out) ** shape)


@rule
def choose_channel(usable_bits, hours_out, person, hour, u, channels, rules):
    """The logit: which channel, or :data:`NOTHING`. A rule of one's own has this signature.

    Parameters
    ----------
    usable_bits : int     channels in the choice set, one bit each
    hours_out : float     h
    person : row          of ``memory.FOLK``: tolerance_h, knowledge, trust, trust_left, others, informed, wronged,
                          spoken, urgency
    hour : float          wall-clock hour
    u : float             uniform in (0, 1), this moment's luck
    channels : rows       of ``memory.CHANNEL``
    rules : row           weights
    """
    trust = min(1.0, person.trust * person.trust_left + rules.trust_gain * person.informed)
    common = pull(hours_out, trust, person, rules) + rules.b_closed * person.wronged - rules.b_free * person.others
    total = 1.0
    for c in range(len(channels)):
        if usable_bits >> c & 1 and is_open(channels[c], hour):
            total += _weight(common, c, channels, person, rules)
    left = u * total - 1.0
    if left < 0.0:
        return NOTHING
    last = NOTHING
    for c in range(len(channels)):
        if usable_bits >> c & 1 and is_open(channels[c], hour):
            last = c
            left -= _weight(common, c, channels, person, rules)
            if left < 0.0:
                break
    return last


@rule
def pull(hours_out, trust, person, rules):
    """What speaks for telling anybody at all, as utility."""
    return (
        rules.b_need * need(hours_out, person.tolerance_h, rules.need_shape)
        + rules.b_duration * math.log(1.0 + hours_out)
        + rules.b_trust * trust
        + person.urgency
    )


@rule
def ease(channel, person, rules):
    """What speaks for a channel, whatever there is to tell."""
    return channel.asc - rules.b_hassle * channel.hassle * (1.0 - person.knowledge)


@rule
def _weight(common, c, channels, person, rules):
    utility = common + ease(channels[c], person, rules)
    if not person.spoken >> c & 1:
        utility -= rules.b_language
    return math.exp(utility)


@rule
def start_attention(city, household, time_h):
    """Power is lost: the first moment of attention follows."""
    person = city.folk[household]
    gap = pair(city.rules[0].behaviour_seed, ATTENTION_LUCK, person.id, 0)[0]
    person.moment = 0
    person.moment_h = next_moment(time_h, exponential(gap, 1.0), city.rules[0])
    person.check, person.check_h = person.moment, person.moment_h


@rule
def look_ahead(city, household, time_h):
    """Look at the moments of attention after ``time_h`` that are already due for a look; plan the first attempt."""
    person = city.folk[household]
    rules = city.rules[0]
    until = city.clock[0].watched_to_h
    moment, at = int(person.moment), person.moment_h
    fresh = True
    while at <= until:
        gap, u = pair(rules.behaviour_seed, ATTENTION_LUCK, person.id, moment + 1)
        if at > time_h:
            if fresh:
                person.check, person.check_h, fresh = moment, at, False
            if at > person.quiet_until_h and is_at_home(person, at):
                bits = usable(person, at, moment, rules) & FORMAL
                if bits:
                    hour = hour_of_day(at, rules)
                    chosen = choose_channel(bits, at - person.out_h, person, hour, u, city.channels, rules)
                    if chosen != NOTHING:
                        person.moment, person.moment_h = moment, at
                        person.chosen, person.phase = chosen, PLANNED
                        plan_call(city, at, ATTEMPT, household, person.version)
                        return
        moment += 1
        at = next_moment(at, exponential(gap, 1.0), rules)
    if fresh:
        person.check, person.check_h = moment, at
    person.moment, person.moment_h = moment, at


@rule
def is_at_home(person, time_h):
    """Whether anybody is there to notice."""
    return time_h < person.away_h or time_h >= person.returns_h


@rule
def look_again(city, household, time_h):
    """Something changed: forget the attempt planned, and look at the moments after ``time_h`` anew."""
    person = city.folk[household]
    if person.phase != ATTENTIVE and person.phase != PLANNED:
        return
    person.version += 1
    person.phase = ATTENTIVE
    person.moment, person.moment_h = person.check, person.check_h
    look_ahead(city, household, time_h)


@rule
def resume(city, household, time_h):
    """After an attempt: attention goes on with the next moment."""
    person = city.folk[household]
    person.version += 1
    person.phase = ATTENTIVE
    if person.dead > 0:
        look_ahead(city, household, time_h)


@rule
def watch_all(city, time_h):
    """The next stretch of time: look ahead for every household that is dark and has nothing planned."""
    until_h = time_h + city.rules[0].look_ahead_h
    city.clock[0].watched_to_h = until_h
    for household in range(len(city.folk)):
        person = city.folk[household]
        if person.dead > 0 and person.phase == ATTENTIVE and person.moment_h <= until_h:
            if person.quiet_until_h < until_h:  # who is content for longer is looked at when that ends
                look_ahead(city, household, time_h)


@rule
def belief_in_others(devices, device, believed_share):
    """Chance that somebody else on the same dead device has reported, from the neighbours visibly dark.

    One sees one's own lateral: all of it when the lateral or anything above is dead, else the customers of the
    largest dead device below it.
    """
    visible = 1
    top = device
    above = False
    while device >= 0:
        row = devices[device]
        if row.level >= LATERAL:
            top = device
            if row.dead:
                visible = row.last - row.first
        elif row.dead:
            above = True
        device = row.parent
    if above:
        visible = devices[top].last - devices[top].first
    return 1.0 - (1.0 - believed_share) ** float(visible - 1)
