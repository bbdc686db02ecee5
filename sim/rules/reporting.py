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
from sim.core.events import ATTEMPT, NOBODY, WATCH, plan, plan_for
from sim.core.luck import Purpose, exponential, pair
from sim.rules.channels import FORMAL, hour_of_day, is_open, usable

ATTENTION_LUCK = np.uint64(Purpose.ATTENTION)

ATTENTIVE, PLANNED, WAITING, TALKING = codes(4)
NOTHING = np.int64(-1)
LOOK_AHEAD_H = 6.0


@rule
def attention_at_night(reporting):
    """Moments of attention an hour by night."""
    return reporting.attention_per_h * reporting.night_factor


@rule
def next_moment(time_h, urge, parameters):
    """When the accumulated attention since ``time_h`` reaches ``urge`` (unit exponential): inverts the day's rhythm."""
    hour, reporting = hour_of_day(time_h, parameters), parameters.reporting
    day_starts, day_ends, by_night = reporting.day_starts_hour, reporting.day_ends_hour, attention_at_night(reporting)
    while True:
        if hour < day_starts:
            span, rate = day_starts - hour, by_night
        elif hour < day_ends:
            span, rate = day_ends - hour, reporting.attention_per_h
        else:
            span, rate = 24.0 - hour + day_starts, by_night
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
    common, total = _common(hours_out, person, parameters), 1.0
    for c in range(len(channels)):
        if usable_bits >> c & 1 and is_open(channels[c], hour):
            total += _weight(common, c, channels, person, parameters)
    left = u * total - 1.0
    if left < 0.0:
        return NOTHING
    last = NOTHING
    for c in range(len(channels)):
        if usable_bits >> c & 1 and is_open(channels[c], hour):
            last = c
            left -= _weight(common, c, channels, person, parameters)
            if left < 0.0:
                break
    return last


@rule
def _common(hours_out, person, parameters):
    """What all channels have in common, as utility."""
    reporting = parameters.reporting
    trust = min(1.0, person.trust * person.trust_left + reporting.trust_gain * person.informed)
    common = pull(hours_out, trust, person, parameters)
    return common + reporting.b_closed * person.wronged - reporting.b_free * person.others


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
def _weight(common, c, channels, person, parameters):
    utility = common + ease(channels[c], person, parameters)
    if not person.spoken >> c & 1:
        utility -= parameters.reporting.b_language
    return math.exp(utility)


@rule
def start_attention(city, household, time_h):
    """Power is lost: the first moment of attention follows."""
    person = city.households[household]
    gap = pair(city.parameters[0].derived.behaviour_seed, ATTENTION_LUCK, person.id, 0)[0]
    person.moment = 0
    person.moment_h = next_moment(time_h, exponential(gap, 1.0), city.parameters[0])
    person.check, person.check_h = person.moment, person.moment_h


@rule
def look_ahead(city, household, time_h):
    """Look at the moments of attention after ``time_h`` that are already due for a look; plan the first attempt."""
    person = city.households[household]
    parameters = city.parameters[0]
    until = city.clock[0].watched_to_h
    moment, at = int(person.moment), person.moment_h
    fresh = True
    while at <= until:
        gap, u = pair(parameters.derived.behaviour_seed, ATTENTION_LUCK, person.id, moment + 1)
        if at > time_h:
            if fresh:
                person.check, person.check_h, fresh = moment, at, False
            if at > person.quiet_until_h and is_at_home(person, at):
                bits = usable(person, at, moment, parameters) & FORMAL
                if bits:
                    hour = hour_of_day(at, parameters)
                    chosen = choose_channel(bits, at - person.out_h, person, hour, u, city.channels, parameters)
                    if chosen != NOTHING:
                        person.moment, person.moment_h = moment, at
                        person.chosen, person.phase = chosen, PLANNED
                        plan_for(city, at, ATTEMPT, household, person.version)
                        return
        moment += 1
        at = next_moment(at, exponential(gap, 1.0), parameters)
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
    person = city.households[household]
    if person.phase != ATTENTIVE and person.phase != PLANNED:
        return
    person.version += 1
    person.phase = ATTENTIVE
    person.moment, person.moment_h = person.check, person.check_h
    look_ahead(city, household, time_h)


@rule
def resume(city, household, time_h):
    """After an attempt: attention goes on with the next moment."""
    person = city.households[household]
    person.version += 1
    person.phase = ATTENTIVE
    if person.n_faults_above > 0:
        look_ahead(city, household, time_h)


@rule
def watch_all(city, time_h):
    """The next stretch of time: look ahead for every household that is dark and has nothing planned."""
    until_h = time_h + city.parameters[0].derived.look_ahead_h
    city.clock[0].watched_to_h = until_h
    for household in range(len(city.households)):
        person = city.households[household]
        if person.n_faults_above > 0 and person.phase == ATTENTIVE and person.moment_h <= until_h:
            if person.quiet_until_h < until_h:  # who is content for longer is looked at when that ends
                look_ahead(city, household, time_h)
    plan(city, until_h, WATCH, NOBODY)


@rule
def belief_in_others(devices, device, parameters):
    """Chance that somebody else on the same failed device has reported, from the neighbours visibly dark.

    One sees one's own lateral: all of it when the lateral or anything above has failed, else the customers of the
    largest failed device below it.
    """
    visible = 1
    top = device
    above = False
    while device >= 0:
        row = devices[device]
        if row.level >= LATERAL:
            top = device
            if row.failed:
                visible = row.last - row.first
        elif row.failed:
            above = True
        device = row.parent
    if above:
        visible = devices[top].last - devices[top].first
    return 1.0 - (1.0 - parameters.reporting.believed_neighbour_share) ** float(visible - 1)
