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

from sim.core.compiled import rule
from sim.core.events import ASKED, PASSED_ON, plan_for
from sim.core.luck import Purpose, exponential, pair
from sim.inputs.parameters.channels import INFORMAL
from sim.rules.attention import FIRST, is_at_home, next_moment
from sim.rules.channels import hour_of_day, is_open, usable
from sim.rules.reporting import ease, pull

ASKING_LUCK = np.uint64(Purpose.ASKING)
ODD = np.int64(1) << 32  # draws of being somewhere with internet do not matter here, but must not be those of attention


@rule
def start_asking(city, household, time_h):
    """Power is lost: the first moment at which it may turn to an official, if it knows one."""
    person = city.households[household]
    if person.can >> INFORMAL & 1:
        gap = pair(city.parameters[0].derived.behaviour_seed, ASKING_LUCK, person.id, FIRST)[0]
        plan_next(city, household, time_h, FIRST, gap)


@rule
def plan_next(city, household, time_h, moment, gap):
    """The next such moment, by luck ``gap``; its number stands in place of a version."""
    plan_for(city, next_moment(time_h, exponential(gap, 1.0), city.parameters[0]), ASKED, household, moment + 1)


@rule
def consider(city, household, time_h, moment):
    """A moment at which a household may turn to an official."""
    person, parameters = city.households[household], city.parameters[0]
    if person.n_faults_above == 0 or person.asked:
        return
    gap, u = pair(parameters.derived.behaviour_seed, ASKING_LUCK, person.id, moment)
    channel = city.channels[INFORMAL]
    works = usable(person, time_h, ODD + moment, parameters) >> INFORMAL & 1
    wish = pull(time_h - person.out_h, person.trust, person, parameters) + ease(channel, person, parameters)
    if not person.spoken >> INFORMAL & 1:
        wish -= parameters.reporting.b_language
    there = is_open(channel, hour_of_day(time_h, parameters)) and is_at_home(person, time_h)
    if not (works and there) or u >= 1.0 / (1.0 + math.exp(-wish)):
        plan_next(city, household, time_h, moment, gap)
        return
    ask(city, household, time_h)


@rule
def ask(city, household, time_h):
    """Turn to an official, who passes the request on after a delay."""
    person = city.households[household]
    person.asked = True
    if person.first_report_h > time_h:
        person.first_report_h, person.first_channel = time_h, INFORMAL
    plan_for(city, time_h + city.parameters[0].reporting.informal_delay_h, PASSED_ON, household, person.version)
