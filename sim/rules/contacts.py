"""Contacts: what comes of a household's decision to report, and reports that others make for it.

Web, app, SMS and liaison reports are logged at once; a hotline call has to be answered; an official passes an informal
request on after a delay, and it counts as pressure. A reporter may report for a dark tie that has no channel; a
call-back asks who has reported whether power is back. Liaisons: :mod:`sim.rules.rounds`.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.events import NOBODY, TOLD, plan
from sim.core.luck import Purpose, uniform
from sim.core.outcome_codes import (
    BY_CALLBACK,
    BY_REPORT,
    REPORT_BUSY,
    REPORT_CALLBACK,
    REPORT_HUNG_UP,
    REPORT_LOGGED,
    REPORT_PROXY,
)  # fmt: skip
from sim.inputs.parameters.channels import HOTLINE, INFORMAL, LIAISON
from sim.rules.asking import ask
from sim.rules.attention import ATTENTIVE, PLANNED, look_again, resume, start_attention
from sim.rules.hotline import call, hang_up, next_caller
from sim.rules.neighbours import belief_in_others
from sim.rules.oms import NONE, ONE, hear

PROXY_LUCK = np.uint64(Purpose.PROXY)
REPEAT_LUCK = np.uint64(Purpose.REPEAT)


@rule
def attempt(city, household, time_h):
    """A household acts on its decision to report."""
    person = city.households[household]
    channel = np.int64(person.chosen)
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
    city.households[household].logged = True
    note_report(city, household, household, channel, attempted_h, time_h, REPORT_LOGGED)
    hear(city, household, time_h, city.channels[channel].precision, BY_REPORT, NONE)
    report_for_ties(city, household, channel, time_h)
    settle_down(city, household, channel, time_h)


@rule
def file_by_script(city, household, channel, time_h):
    """A report at a given hour, whatever the household itself would do; not while it is on the telephone."""
    person = city.households[household]
    if person.n_faults_above == 0:
        return
    if channel == INFORMAL:
        ask(city, household, time_h)
    elif person.phase == ATTENTIVE or person.phase == PLANNED:
        person.chosen = channel
        person.version += 1
        attempt(city, household, time_h)


@rule
def end_call(city, household, time_h):
    """A call-taker has taken a report, and is free for the next caller."""
    person = city.households[household]
    next_caller(city, time_h)
    if person.n_faults_above > 0:
        file_report(city, household, HOTLINE, person.attempted_h, time_h)
    resume(city, household, time_h)


@rule
def give_up(city, household, time_h):
    """A caller's patience has run out: nothing is logged, and attention goes on."""
    hang_up(city, household)
    note_report(city, household, household, HOTLINE, city.households[household].attempted_h, np.inf, REPORT_HUNG_UP)
    resume(city, household, time_h)


@rule
def settle_down(city, household, channel, time_h):
    """After a report: quiet for good, or until a repeat; fewer repeats where the utility has answered."""
    person, parameters = city.households[household], city.parameters[0]
    reporting, behaviour_seed = parameters.reporting, parameters.derived.behaviour_seed
    chance = reporting.repeat_one_way
    if city.channels[channel].two_way:
        person.informed = True
        chance = reporting.repeat_two_way
    again = uniform(behaviour_seed, REPEAT_LUCK, person.id, person.n_reports) < chance
    person.quiet_until_h = time_h + reporting.repeat_wait_h if again and not person.told else np.inf


@rule
def report_for_ties(city, household, channel, time_h):
    """A reporter may report for a dark tie that has no channel of its own."""
    person, parameters = city.households[household], city.parameters[0]
    chance = parameters.reporting.proxy_chance
    if chance <= 0.0:
        return
    for tie in range(city.ties.shape[1]):
        partner = np.int64(city.ties[household, tie])
        if partner < 0:
            continue
        other = city.households[partner]
        if other.n_faults_above == 0 or other.can or other.report_open:
            continue
        draw = person.n_reports * 64 + tie
        if uniform(parameters.derived.behaviour_seed, PROXY_LUCK, person.id, draw) < chance:
            note_report(city, partner, household, channel, time_h, time_h, REPORT_PROXY)
            hear(city, partner, time_h, city.channels[channel].precision, BY_REPORT, NONE)


@rule
def pass_on(city, household, time_h):
    """An official passes an informal request on to the utility."""
    attempted_h = time_h - city.parameters[0].reporting.informal_delay_h
    note_report(city, household, household, INFORMAL, attempted_h, time_h, REPORT_LOGGED)
    person = city.households[household]
    if person.n_faults_above > 0:
        person.logged = True
        make_good(city, household, INFORMAL, time_h, BY_REPORT, ONE)
        if city.channels[INFORMAL].two_way and not person.informed:
            person.informed = True
            look_again(city, household, time_h)


@rule
def call_back(city, household, time_h):
    """The utility asks who had reported whether power is back, and hears that it is not."""
    person = city.households[household]
    if person.n_faults_above == 0 or person.report_open:
        return
    channel = np.int64(person.first_channel) if person.first_channel >= 0 else LIAISON
    note_report(city, household, household, channel, time_h, time_h, REPORT_CALLBACK)
    make_good(city, household, channel, time_h, BY_CALLBACK, NONE)


@rule
def make_good(city, household, channel, time_h, source, informal):
    """The utility hears of a household that was not about to tell; if wronged before, it weighs its moments anew."""
    was_wronged = city.households[household].wronged
    hear(city, household, time_h, city.channels[channel].precision, source, informal)
    if was_wronged:
        look_again(city, household, time_h)


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
    person = city.households[change.household]
    had_none = person.can == 0
    person.can = change.can
    person.spoken |= change.speaks
    person.smartphone |= change.smartphone
    person.knowledge += change.knowledge * (1.0 - person.knowledge)
    person.trust += change.trust * (1.0 - person.trust)
    if person.n_faults_above == 0 or person.can == 0:
        return
    if had_none:  # it paid no attention so far, for there was nothing that it could do
        person.others = belief_in_others(city, person.served_by)
        start_attention(city, change.household, person.out_h)
    look_again(city, change.household, time_h)


@rule
def note_report(city, household, reporter, channel, attempted_h, logged_h, outcome):
    """One row of the table of reports."""
    clock = city.clock[0]
    report = city.reports[clock.n_reports]
    clock.n_reports += 1
    report.household, report.reporter, report.channel = household, reporter, channel
    report.attempted_h, report.logged_h, report.outcome = attempted_h, logged_h, outcome
