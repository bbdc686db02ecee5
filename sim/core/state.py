"""The working memory of a run: rows that the event loop reads and writes.

The world is kept as columns (:mod:`sim.core.columns`); a run works on rows, because an event touches many attributes of
one household, device or order at once, and a row is a few cache lines side by side. A fault, an order or a job is *at*
a device. Every field of every row is declared here. "Not yet" is infinity; "none" is -1.
"""

from typing import NamedTuple

import numpy as np

FOLK = np.dtype(
    [
        ("id", "u8"),  # identity for luck
        ("out_h", "f8"),  # lost power
        ("restored_h", "f8"),  # has power again
        ("moment_h", "f8"),  # next moment of attention not yet looked at
        ("check_h", "f8"),  # first moment after the last look, to look again from when something changes
        ("quiet_until_h", "f8"),  # content with the report made
        ("attempted_h", "f8"),  # the attempt under way was begun
        ("first_report_h", "f8"),
        ("known_h", "f8"),  # the utility first believed this customer out
        ("believed_h", "f8"),  # and has done so without a break since
        ("span_h", "f8"),  # hours out from here on are not yet in the account
        ("undetected_h", "f8"),  # those in the account so far; what is left of the hours out is repair
        ("waiting_h", "f8"),
        ("search_h", "f8"),
        ("owner_h", "f8"),
        ("second_h", "f8"),  # two or more faults on the path since
        ("behind_two_faults_h", "f8"),
        ("closed_h", "f8"),  # taken to be back since, and is not
        ("falsely_closed_h", "f8"),
        ("meter_h", "f8"),  # its meter answers from then on
        ("away_h", "f8"),  # nobody is at home from then on; while there is power: so long after it is lost
        ("returns_h", "f8"),  # and until then; alike
        ("urgency", "f8"),  # the part of need that does not depend on time, as utility
        ("cell_back_h", "f8"),  # cell service returns to its neighbourhood
        ("tolerance_h", "f8"),
        ("battery_h", "f8"),
        ("knowledge", "f8"),
        ("trust", "f8"),
        ("trust_left", "f8"),  # share of it that false closures have left
        ("others", "f8"),  # belief that somebody else has reported
        ("served_by", "i8"),
        ("moment", "i8"),  # number of the moment at moment_h
        ("check", "i8"),  # number of the moment at check_h
        ("version", "i8"),  # cancels attempts that were planned before something changed
        ("next_waiting", "i8"),  # callers before and after in the hotline's queue
        ("previous_waiting", "i8"),
        ("n_reports", "i8"),  # contacts made
        ("n_calls", "i8"),  # hotline calls begun
        ("neighbourhood", "i4"),
        ("n_checked", "i2"),  # times that it was asked whether power is back
        ("n_closed", "i2"),  # false closures
        ("dead", "i2"),  # faults on the path to the source
        ("can", "u1"),  # channels known, offered and owned: one bit each
        ("spoken", "u1"),  # channels offered in a language spoken at home
        ("reached", "u2"),  # outreach programmes that reached it, one bit each
        ("taken_in", "u2"),  # those that it took in
        ("chosen", "i8"),  # channel of the attempt planned or under way
        ("phase", "i1"),  # ATTENTIVE, PLANNED, WAITING, TALKING
        ("first_channel", "i8"),
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
    ],
    align=True,
)
DEVICE = np.dtype(
    [
        ("id", "u8"),
        ("static_score", "f8"),  # dispatch score before reports and waiting
        ("parent", "i8"),
        ("end", "i8"),
        ("first", "i8"),
        ("last", "i8"),
        ("rollup", "i8"),
        ("votes", "i8"),  # devices below that make this one suspect
        ("order", "i8"),  # open order here
        ("fault", "i8"),  # fault here
        ("first_fault", "i8"),  # faults here and below are [first_fault, last_fault)
        ("last_fault", "i8"),
        ("n_predicted", "i8"),
        ("line", "i8"),  # the line that a patrol walks to see it
        ("telemetry_h", "f8"),  # it shows whether it is energised from then on
        ("line_km", "f8"),
        ("access_factor", "f8"),  # travel time to here while roads are blocked, against elsewhere
        ("x_km", "f8"),
        ("y_km", "f8"),
        ("district", "i2"),
        ("level", "i1"),
        ("dead", "?"),  # failed and not yet repaired
        ("implicated", "?"),  # counted as a vote in rollup
        ("escalating", "?"),  # a decision to look here is due
        ("refused", "?"),  # a prediction here was refused
        ("supply", "?"),  # a substation that has lost its supply in this storm
        ("sound", "?"),  # somebody has seen that the fault is not here, or not any more
    ],
    align=True,
)
FAULT = np.dtype(
    [
        ("onset_h", "f8"),
        ("repair_h", "f8"),
        ("sensed_h", "f8"),
        ("confirmed_h", "f8"),
        ("visit_start_h", "f8"),  # of the visit that found it on the way to another device
        ("visit_end_h", "f8"),
        ("assigned_h", "f8"),  # dispatch of the job that repaired it
        ("repaired_h", "f8"),
        ("electrician_h", "f8"),  # of the household's own, from when it knows that it needs one
        ("aid_h", "f8"),  # of a programme, from then on or from when there is one; infinity: none
        ("aid_from_h", "f8"),
        ("inspection_h", "f8"),  # and then
        ("released_h", "f8"),  # what the household owns is mended, or will be
        ("roll_h", "f8"),  # dispatch of the crew that found that it has to wait for this
        ("held_h", "f8"),  # and when it found so
        ("at", "i8"),
        ("n_passed", "i8"),  # visits that looked for it and did not see it
        ("source", "i1"),  # what led to it
        ("owner", "i1"),  # what the drop tore off that the household owns
        ("aided", "?"),  # a programme mends that, or lends the money
    ],
    align=True,
)
ORDER = np.dtype(
    [
        ("opened_h", "f8"),
        ("ready_h", "f8"),
        ("first_dispatched_h", "f8"),
        ("closed_h", "f8"),
        ("stamp", "i8"),  # of its valid entry in the dispatch queue
        ("precision", "f8"),
        ("at", "i8"),  # device
        ("reports", "i8"),
        ("voices", "f8"),  # reports, each by the inverse of what its neighbourhood is thought to report
        ("informal", "i8"),
        ("believed", "i8"),  # customers believed out
        ("next_blocked", "i8"),
        ("first_blocked", "i8"),
        ("status", "i1"),
        ("outcome", "i1"),
        ("source", "i1"),
        ("confirmed", "?"),
        ("blocked", "?"),
    ],
    align=True,
)
CREW = np.dtype(
    [
        ("arrives_h", "f8"),
        ("released_h", "f8"),  # aid has gone home
        ("shift_offset_h", "f8"),
        ("x_km", "f8"),
        ("y_km", "f8"),
        ("job", "i8"),
        ("first_truck", "i8"),  # of those that it may split into
        ("district", "i2"),  # whose list it works on; one more than there are: that of the whole city; -1: not yet come
        ("kind", "i1"),
        ("origin", "i1"),  # OWN, STAGED, AID, TRUCK (:mod:`sim.rules.joining`)
        ("largest", "i1"),
        ("leaves", "?"),  # released: goes home at the end of the job that it is on
        ("shared", "?"),  # may go to any district
    ],
    align=True,
)
DISTRICT = np.dtype(  # and a row more for what concerns the whole city
    [
        ("n_crews", "i8"),  # that have come and stay; in the last row those that are shared
        ("n_able", "i8"),  # among these, crews that can repair laterals
        ("n_coming", "i8"),  # orders and faults at laterals and above that are open, and decisions that are due
        ("reach", "i8"),  # level of the largest device that one of its free crews can repair
        ("need", "f8"),  # customers believed out, or open orders, when a crew comes
    ],
    align=True,
)
LINE = np.dtype([("at", "i8"), ("n_walked", "i8")], align=True)
TEAM = np.dtype([("line", "i8")], align=True)  # the line that a patrol walks, -1: none
HEARD = np.dtype([("dark", "f8"), ("voiced", "f8")], align=True)  # of a neighbourhood: confirmed dark; had reported
JOB = np.dtype(
    [
        ("dispatched_h", "f8"),
        ("arrived_h", "f8"),
        ("found_h", "f8"),
        ("done_h", "f8"),
        ("crew", "i8"),
        ("order", "i8"),
        ("at", "i8"),
        ("fault", "i8"),
        ("outcome", "i1"),
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
EVENT = np.dtype([("time_h", "f8"), ("code", "i8"), ("version", "i8")], align=True)
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
CLOCK = np.dtype(
    [
        ("now_h", "f8"),
        ("watched_to_h", "f8"),  # moments of attention have been looked at up to here
        ("stamp", "i8"),
        ("n_events", "i8"),
        ("n_calls", "i8"),
        ("n_orders", "i8"),
        ("n_open", "i8"),
        ("n_on_hold", "i8"),  # of these, waiting for what a household has to have mended
        ("n_implicated", "i8"),  # devices counted as a vote somewhere: so many orders can be opened again at once
        ("n_jobs", "i8"),
        ("n_reports", "i8"),
        ("n_idle", "i8"),
        ("n_busy", "i8"),  # crews on a job
        ("n_unrepaired", "i8"),
        ("n_dark", "i8"),  # households
        ("n_queued", "i8"),  # entries that the longest queue has ever had
        ("n_round", "i8"),  # lines on the list of the patrols
        ("refused", "i8", (5,)),  # devices at which a prediction was refused, by level
        ("n_talking", "i8"),
        ("n_in_system", "i8"),  # callers talking or waiting
        ("first_waiting", "i8"),
        ("last_waiting", "i8"),
        ("next_visit", "i8"),
        ("n_listed", "i8"),  # households on the liaisons' list
        ("next_change", "i8"),
        ("look", "?"),  # orders or crews have changed since the list was looked at
        ("look_at_once", "?"),  # whatever the cycle
        ("look_planned", "?"),
        ("supply_crew_free", "?"),  # a crew for lost supply is
    ],
    align=True,
)
RULES = np.dtype(
    [(name, "u8") for name in ("world_seed", "storm_seed", "behaviour_seed")]
    + [("call_takers", "i8"), ("lines", "i8"), ("split_into", "i8"), ("aid_by_orders", "?")]
    + [("exact_times", "?"), ("metered", "?")]
    + [("per_hour", "f8", (5,)), ("patrol_h", "f8", (5,)), ("threshold", "i8", (5,)), ("seen", "f8", (5,))]
    + [
        (name, "f8")
        for name in (
            "peak_hour", "day_starts", "day_ends", "attention_day", "attention_night", "look_ahead_h",
            "b_need", "b_duration", "b_trust", "b_hassle", "b_language", "b_free", "need_shape", "trust_gain",
            "believed_neighbour_share", "repeat_one_way", "repeat_two_way", "repeat_wait_h", "proxy_chance",
            "b_closed", "trust_loss", "informal_delay_h", "web_away_chance", "voip_battery_h", "recharge_chance",
            "handle_h", "patience_h",
            "visit_every_h", "escalation_h", "missed_withdrawal", "callback_share", "callback_delay_h", "report_gain",
            "per_report", "per_voice", "per_informal", "waiting", "propensity_customers", "dispatch_cycle_h",
            "perfect_knowledge", "walk_km_per_h", "patrol_starts", "patrol_ends", "inquiries_per_h", "inquiry_h",
            "safe_h", "shift_starts", "shift_on_h", "release_per_crew", "travel_h", "speed_km_per_h", "blocked_factor",
            "blocked_until_h",
        )
    ],
    align=True,
)  # fmt: skip


class Memory(NamedTuple):
    """All rows of a run. Arrays that grow are replaced by larger ones between events (`sim.engine.restoration`)."""

    folk: np.recarray
    devices: np.recarray
    faults: np.recarray
    crews: np.recarray
    districts: np.recarray
    channels: np.recarray
    rules: np.recarray
    clock: np.recarray
    ties: np.ndarray
    visits: np.ndarray
    changes: np.recarray  # what outreach does to households, by time
    lines: np.recarray  # that patrols walk
    teams: np.recarray
    round: np.recarray  # lines of the day, those with most customers believed out first
    heard: np.recarray  # [neighbourhood]
    idle: np.ndarray
    aid: np.ndarray  # mutual aid in the order of arrival
    queue_size: np.ndarray
    queues: (
        np.recarray
    )  # [queue, entry]  orders by score; those of the first district (:mod:`sim.rules.orders`), and so on
    events: np.recarray
    calls: np.recarray  # events of households
    orders: np.recarray
    jobs: np.recarray
    reports: np.recarray
