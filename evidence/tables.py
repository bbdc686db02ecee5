"""The tables of the page of evidence, by name."""

from evidence.programmes import arms, outreach
from evidence.reading import Table
from evidence.reports import (
    dispatch,
    false_closures,
    headline,
    how_known,
    patrols,
    value_of_reports,
    who_reports,
)  # fmt: skip
from evidence.storm_and_place import (
    OWN_TRACTS,
    by_place,
    last_day,
    own_tracts,
    storm,
)

TABLES = {
    "headline": Table("The storm at three levels of voice", "How loud the city is moves these.", headline),
    "value-of-reports": Table(
        "What reports and perfect knowledge are worth",
        "Hours out with all channels on, less those with none; and with perfect knowledge, less those as it is.",
        value_of_reports,
    ),
    "how-known": Table("How faults became known", "Share of the faults of each level by what led to them.", how_known),
    "false-closures": Table("False closures by group", "Customers taken to be back while dark.", false_closures),
    "patrols": Table("Patrols", "Hours undetected with 24 patrols and with four times as many.", patrols),
    "outreach": Table("Constraints lifted", "Change of hours out of the poor and of all others.", outreach),
    "dispatch": Table("Who goes first", "Three policies, against `standard`.", dispatch),
    "arms": Table("Closing and widening", "What adding web and app changes in the two arms.", arms),
    "storm": Table("Against what was observed", "At the three levels of voice.", storm),
    "last-day": Table("The last day", "Devices repaired in the last 24 hours.", last_day),
    "place": Table(
        "Neighbourhoods that differ",
        "Change of hours out by one decile of social vulnerability, in per cent of the mean.",
        by_place,
    ),
    "who-reports": Table(
        "Who reports", "Minority households against others, among the affected, with controls.", who_reports
    ),
}
OF_OWN_TRACTS = {
    OWN_TRACTS: Table(
        "A city of one's own", "Change of hours out by one decile of social vulnerability, in per cent.", own_tracts
    )
}
