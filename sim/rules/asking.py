"""Informal requests: who knows an official asks for help there, beside whatever else the household does.

Asking has moments of its own, as many as there are moments of attention, and luck of its own. At each, a household with
political capital whose telephone works asks with the chance

    1 / (1 + exp(-V)),   V = asc + willingness + b_need * need(t) + b_duration * log(1 + hours_out) + b_trust * trust
                             + urgency - b_hassle * hassle * (1 - knowledge) - b_language * [limited English]

of the channel ``informal``; once in an outage. What anybody has reported, what came of it, and which channels there are
do not enter: a new channel takes no request away from officials, and adds none.
"""

import math

import numpy as np

from sim.core.columns import INFORMAL
from sim.core.compiled import rule
from sim.core.events import ASKED, PASSED_ON, plan_call
from sim.core.luck import Purpose, exponential, pair
from sim.rules.channels import hour_of_day, is_open, usable
from sim.rules.reporting import (
    ease,
    is_at_home,
    next_moment,
    pull,
)

ASKING_LUCK = np.uint64(Purpose.ASKING)
ODD = np.int64(1) << 32  # draws of being somewhere with internet do not matter here, but must not be those of attention


@rule
def start_asking(city, household, time_h):
    """Power is lost: the first moment at which it may turn to an official, if it knows one."""
    person = city.folk[household]
    if person.can >> INFORMAL & 1:
        plan_next(city, household, time_h, 0)


@rule
def plan_next(city, household, time_h, moment):
    """The next such moment; its number stands in place of a version."""
    person, rules = city.folk[household], city.rules[0]
    gap = pair(rules.behaviour_seed, ASKING_LUCK, person.id, moment)[0]
    plan_call(city, next_moment(time_h, exponential(gap, 1.0), rules), ASKED, household, moment + 1)


@rule
def consider(city, household, time_h, moment):
    """A moment at which a household may turn to an official."""
    person, rules = city.folk[household], city.rules[0]
    if person.dead == 0 or person.asked:
        return
    u = pair(rules.behaviour_seed, ASKING_LUCK, person.id, moment)[1]
    channel = city.channels[INFORMAL]
    works = usable(person, time_h, ODD + moment, rules) >> INFORMAL & 1 and is_open(channel, hour_of_day(time_h, rules))
    wish = pull(time_h - person.out_h, person.trust, person, rules) + ease(channel, person, rules)
    if not person.spoken >> INFORMAL & 1:
        wish -= rules.b_language
    if not (works and is_at_home(person, time_h)) or u >= 1.0 / (1.0 + math.exp(-wish)):
        plan_next(city, household, time_h, moment)
        return
    ask(city, household, time_h)


@rule
def ask(city, household, time_h):
    """Turn to an official, who passes the request on after a delay."""
    person = city.folk[household]
    person.asked = True
    if person.first_report_h > time_h:
        person.first_report_h, person.first_channel = time_h, INFORMAL
    plan_call(city, time_h + city.rules[0].informal_delay_h, PASSED_ON, household, person.version)
