"""Contacts: what comes of a household's decision to report, and reports that others make for it.

Web, app, SMS and liaison reports are logged at once; a hotline call has to be answered; an official passes an informal
request on after a delay, and it counts as pressure. A reporter may report for a dark tie that has no channel; liaisons
walk their list; a call-back asks who has reported whether power is back.
"""

import numpy as np

from sim.core.columns import HOTLINE, INFORMAL, LIAISON
from sim.core.compiled import rule
from sim.core.events import (
    NOBODY,
    TOLD,
    VISIT,
    plan,
)
from sim.core.luck import Purpose, uniform
from sim.rules.channels import hour_of_day, is_open
from sim.rules.hotline import (
    REPORT_BUSY,
    REPORT_CALLBACK,
    REPORT_LOGGED,
    REPORT_PROXY,
    REPORT_VISIT,
    call,
)
from sim.rules.oms import NONE, ONE, hear
from sim.rules.orders import BY_CALLBACK, BY_REPORT
from sim.rules.reporting import (
    belief_in_others,
    look_again,
    resume,
    start_attention,
)

PROXY_LUCK = np.uint64(Purpose.PROXY)
REPEAT_LUCK = np.uint64(Purpose.REPEAT)


@rule
def attempt(city, household, time_h):
    """A household acts on its decision to report."""
    person = city.folk[household]
    channel = int(person.chosen)
    if person.first_report_h > time_h:
        person.first_report_h = time_h
        person.first_channel = channel
    person.attempted_h = time_h
    person.n_reports += 1
    if channel == HOTLINE:
        if not call(city, household, time_h):
            note_report(city, household, household, HOTLINE, time_h, np.inf, REPORT_BUSY)
            resume(city, household, time_h)
        return
    file_report(city, household, channel, time_h, time_h)
    resume(city, household, time_h)


@rule
def file_report(city, household, channel, attempted_h, time_h):
    """A report is logged, and with it those that the reporter makes for neighbours who cannot."""
    city.folk[household].logged = True
    note_report(city, household, household, channel, attempted_h, time_h, REPORT_LOGGED)
    hear(city, household, time_h, city.channels[channel].precision, BY_REPORT, NONE)
    report_for_ties(city, household, channel, time_h)
    settle_down(city, household, channel, time_h)


@rule
def settle_down(city, household, channel, time_h):
    """After a report: quiet for good, or until a repeat; fewer repeats where the utility has answered."""
    person, rules = city.folk[household], city.rules[0]
    chance = rules.repeat_one_way
    if city.channels[channel].two_way:
        person.informed = True
        chance = rules.repeat_two_way
    again = uniform(rules.behaviour_seed, REPEAT_LUCK, person.id, person.n_reports) < chance
    person.quiet_until_h = time_h + rules.repeat_wait_h if again and not person.told else np.inf


@rule
def report_for_ties(city, household, channel, time_h):
    """A reporter may report for a dark tie that has no channel of its own."""
    person, rules = city.folk[household], city.rules[0]
    if rules.proxy_chance <= 0.0:
        return
    for tie in range(city.ties.shape[1]):
        partner = city.ties[household, tie]
        if partner < 0 or city.folk[partner].dead == 0 or city.folk[partner].can or city.folk[partner].report_open:
            continue
        draw = person.n_reports * 64 + tie
        if uniform(rules.behaviour_seed, PROXY_LUCK, person.id, draw) < rules.proxy_chance:
            note_report(city, partner, household, channel, time_h, time_h, REPORT_PROXY)
            hear(city, partner, time_h, city.channels[channel].precision, BY_REPORT, NONE)


@rule
def pass_on(city, household, time_h):
    """An official passes an informal request on to the utility."""
    attempted_h = time_h - city.rules[0].informal_delay_h
    note_report(city, household, household, INFORMAL, attempted_h, time_h, REPORT_LOGGED)
    person = city.folk[household]
    if person.dead > 0:
        person.logged = True
        make_good(city, household, INFORMAL, time_h, BY_REPORT, ONE)
        if city.channels[INFORMAL].two_way and not person.informed:
            person.informed = True
            look_again(city, household, time_h)


@rule
def call_back(city, household, time_h):
    """The utility asks who had reported whether power is back, and hears that it is not."""
    person = city.folk[household]
    if person.dead == 0 or person.report_open:
        return
    channel = person.first_channel if person.first_channel >= 0 else LIAISON
    note_report(city, household, household, channel, time_h, time_h, REPORT_CALLBACK)
    make_good(city, household, channel, time_h, BY_CALLBACK, NONE)


@rule
def make_good(city, household, channel, time_h, source, informal):
    """The utility hears of a household that was not about to tell; if wronged before, it weighs its moments anew."""
    was_wronged = city.folk[household].wronged
    hear(city, household, time_h, city.channels[channel].precision, source, informal)
    if was_wronged:
        look_again(city, household, time_h)


@rule
def visit(city, time_h):
    """A liaison reaches the next dark household on the list and reports for it; an hour's rest where there is none."""
    clock, rules = city.clock[0], city.rules[0]
    household = np.int64(-1)
    if is_open(city.channels[LIAISON], hour_of_day(time_h, rules)):
        household = next_on_the_list(city)
        if household < 0:
            if clock.n_listed > 0:
                plan(city, time_h + max(1.0, rules.visit_every_h), VISIT, NOBODY)
            return
    plan(city, time_h + rules.visit_every_h, VISIT, NOBODY)
    if household >= 0:
        person = city.folk[household]
        person.informed = True
        person.quiet_until_h = np.inf
        look_again(city, household, time_h)  # the liaison has seen to it
        note_report(city, household, household, LIAISON, time_h, time_h, REPORT_VISIT)
        hear(city, household, time_h, city.channels[LIAISON].precision, BY_REPORT, NONE)


@rule
def tell(city, time_h):
    """Outreach reaches households that take it in: what they know, own and can use changes from now on."""
    clock = city.clock[0]
    while clock.next_change < len(city.changes) and city.changes[clock.next_change].time_h <= time_h:
        take_in(city, city.changes[clock.next_change], time_h)
        clock.next_change += 1
    if clock.next_change < len(city.changes):
        plan(city, city.changes[clock.next_change].time_h, TOLD, NOBODY)


@rule
def take_in(city, change, time_h):
    """One household changes; if it is dark, it looks at its moments ahead anew."""
    person = city.folk[change.household]
    had_none = person.can == 0
    person.can = change.can
    person.spoken |= change.speaks
    person.smartphone |= change.smartphone
    person.knowledge += change.knowledge * (1.0 - person.knowledge)
    person.trust += change.trust * (1.0 - person.trust)
    if person.dead == 0 or person.can == 0:
        return
    if had_none:  # it paid no attention so far, for there was nothing that it could do
        share = city.rules[0].believed_neighbour_share
        person.others = belief_in_others(city.devices, person.served_by, share)
        start_attention(city, change.household, person.out_h)
    look_again(city, change.household, time_h)


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
                if city.folk[city.visits[place]].dead > 0:
                    city.visits[kept] = city.visits[place]
                    kept += 1
            clock.n_listed = kept
            if kept == 0:
                return np.int64(-1)
            continue
        household = city.visits[clock.next_visit]
        clock.next_visit += 1
        if city.folk[household].dead > 0 and not city.folk[household].report_open:
            return household
    return np.int64(-1)


@rule
def note_report(city, household, reporter, channel, attempted_h, logged_h, outcome):
    """One row of the table of reports."""
    clock = city.clock[0]
    report = city.reports[clock.n_reports]
    clock.n_reports += 1
    report.household, report.reporter, report.channel = household, reporter, channel
    report.attempted_h, report.logged_h, report.outcome = attempted_h, logged_h, outcome
