"""Liaisons on their rounds: they walk a list of households and report for those that are dark.

All of them together make a visit every so often, by day, to the next dark household on the list that has no open
report. Who is visited is seen to: it knows that the utility knows.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.events import NOBODY, VISIT, plan
from sim.core.outcome_codes import BY_REPORT, REPORT_VISIT
from sim.inputs.parameters.channels import LIAISON
from sim.rules.attention import look_again
from sim.rules.channels import hour_of_day, is_open
from sim.rules.contacts import note_report
from sim.rules.oms import NONE, hear


@rule
def visit(city, time_h):
    """A liaison reaches the next dark household on the list and reports for it; an hour's rest where there is none."""
    clock, parameters = city.clock[0], city.parameters[0]
    household = np.int64(-1)
    if is_open(city.channels[LIAISON], hour_of_day(time_h, parameters)):
        household = next_on_the_list(city)
        if household < 0:
            if clock.n_listed > 0:
                plan(city, time_h + max(1.0, parameters.derived.visit_every_h), VISIT, NOBODY)
            return
    plan(city, time_h + parameters.derived.visit_every_h, VISIT, NOBODY)
    if household >= 0:
        person = city.households[household]
        person.informed = True
        person.quiet_until_h = np.inf
        look_again(city, household, time_h)  # the liaison has seen to it
        note_report(city, household, household, LIAISON, time_h, time_h, REPORT_VISIT)
        hear(city, household, time_h, city.channels[LIAISON].precision, BY_REPORT, NONE)


@rule
def next_on_the_list(city):
    """The next dark household without an open report, in at most one full round; -1: none.

    Visits begin when all failures have happened: who has power keeps it, and is struck off at the end of a round.
    """
    clock = city.clock[0]
    ends = 0
    while ends < 2:
        if clock.next_visit >= clock.n_listed:
            ends += 1
            clock.next_visit = 0
            kept = 0
            for place in range(clock.n_listed):
                if city.households[city.visits[place]].n_faults_above > 0:
                    city.visits[kept] = city.visits[place]
                    kept += 1
            clock.n_listed = kept
            if kept == 0:
                return np.int64(-1)
            continue
        household = city.visits[clock.next_visit]
        clock.next_visit += 1
        if city.households[household].n_faults_above > 0 and not city.households[household].report_open:
            return household
    return np.int64(-1)
