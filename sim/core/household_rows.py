"""Rows of a run: households, the channels that they can use, what changes for them, and what they report.

A household's row holds what it is, what it believes and plans, what the utility holds of it, and how its hours without
power have been spent so far (:mod:`sim.rules.split_hours`). "Not yet" is infinity; "none" is -1. A row fills five
cache lines of 64 bytes; what moments of attention look at stands in the first two.
"""

import numpy as np

HOUSEHOLD = np.dtype(
    [
        ("id", "u8"),  # identity for luck
        ("moment_h", "f8"),  # next moment of attention not yet looked at
        ("check_h", "f8"),  # first moment after the last look, to look again from when something changes
        ("quiet_until_h", "f8"),  # content with the report made
        ("out_h", "f8"),  # lost power
        ("away_h", "f8"),  # nobody is at home from then on; while there is power: so long after it is lost
        ("returns_h", "f8"),  # and until then; alike
        ("most", "f8"),  # bound on the wish to report (:mod:`sim.rules.bounds`)
        ("tolerance_h", "f8"),
        ("served_by", "i8"),
        ("moment", "i4"),  # number of the moment at moment_h
        ("check", "i4"),  # number of the moment at check_h
        ("version", "i4"),  # cancels attempts that were planned before something changed
        ("n_calls", "i4"),  # hotline calls begun
        ("neighbourhood", "i4"),
        ("n_checked", "i2"),  # times that it was asked whether power is back
        ("n_closed", "i2"),  # false closures
        ("n_faults_above", "i2"),  # faults on the path to the source
        ("reached", "u2"),  # outreach programmes that reached it, one bit each
        ("taken_in", "u2"),  # those that it took in
        ("can", "u1"),  # channels known, offered and owned: one bit each
        ("spoken", "u1"),  # channels offered in a language spoken at home
        ("chosen", "i1"),  # channel of the attempt planned or under way
        ("phase", "i1"),  # ATTENTIVE, PLANNED, WAITING, TALKING
        ("first_channel", "i1"),
        ("informed", "?"),  # a two-way channel has answered
        ("report_open", "?"),  # the utility holds an open report
        ("voiced", "?"),  # it has heard of this household, now or before
        ("wronged", "?"),  # its own report was closed in error, and it has not been heard since
        ("told", "?"),  # by a crew that its own damage comes first: it has no reason to report any more
        ("asked", "?"),  # an official
        ("pressing", "?"),  # an official has passed on a request, still open
        ("logged", "?"),  # a report of one's own was logged
        ("landline", "?"),
        ("voip", "?"),
        ("broadband", "?"),
        ("smartphone", "?"),
        ("cell_back_h", "f8"),  # cell service returns to its neighbourhood
        ("battery_h", "f8"),
        ("known_h", "f8"),  # the utility first believed this customer out
        ("believed_h", "f8"),  # and has done so without a break since
        ("closed_h", "f8"),  # taken to be back since, and is not
        ("first_report_h", "f8"),
        ("attempted_h", "f8"),  # the attempt under way was begun
        ("others", "f8"),  # belief that somebody else has reported
        ("urgency", "f8"),  # the part of need that does not depend on time, as utility
        ("knowledge", "f8"),
        ("trust", "f8"),
        ("trust_left", "f8"),  # share of it that false closures have left
        ("meter_h", "f8"),  # its meter answers from then on
        ("restored_h", "f8"),  # has power again
        ("n_reports", "i8"),  # contacts made
        ("span_h", "f8"),  # hours out from here on are not yet charged to a part
        ("undetected_h", "f8"),  # those charged so far; what is left of the hours out is repair
        ("waiting_h", "f8"),
        ("search_h", "f8"),
        ("owner_h", "f8"),
        ("second_h", "f8"),  # two or more faults on the path since
        ("behind_two_faults_h", "f8"),
        ("falsely_closed_h", "f8"),
        ("next_waiting", "i4"),  # callers before and after in the hotline's queue
        ("previous_waiting", "i4"),
    ],
    align=True,
)
CHANNEL = np.dtype(
    [
        ("asc", "f8"),
        ("hassle", "f8"),
        ("precision", "f8"),
        ("opens", "f8"),
        ("closes", "f8"),
        ("two_way", "?"),
        ("other_languages", "?"),
    ],
    align=True,
)
CHANGE = np.dtype(
    [
        ("time_h", "f8"),
        ("knowledge", "f8"),  # share of the way to 1
        ("trust", "f8"),
        ("household", "i8"),
        ("learns", "u1"),  # channels, one bit each
        ("gets", "u1"),  # channels that it now owns the means for
        ("speaks", "u1"),  # channels now offered in its language
        ("can", "u1"),  # channels known, offered and owned after this change and those before it
        ("smartphone", "?"),
    ],
    align=True,
)
REPORT = np.dtype(
    [
        ("attempted_h", "f8"),
        ("logged_h", "f8"),
        ("household", "i8"),
        ("reporter", "i8"),  # another household when reported by proxy
        ("channel", "i1"),
        ("outcome", "i1"),
    ],
    align=True,
)
