"""What a parameter can be declared to move: one table of outcomes, by name.

Most stand close to the rule that the parameter enters, so that the direction follows from the rule and not from what
the city happens to be like. Those with a colon compare: ``poor:minority`` is the share of poor households among
minority households less that among the others. `tests/laws/observables.py` computes every one of them from a run.
"""

from sim.core.columns import ATTRIBUTES
from sim.core.cost_items import ITEMS, RESIDENTS, WORDS

SHARES = {
    "black": "Black", "hispanic": "Hispanic",
    **{name: attribute.whose for name, attribute in ATTRIBUTES.items() if attribute.whose},
}  # fmt: skip
ASSOCIATED = tuple(f"{name}:{trait}" for name, attribute in ATTRIBUTES.items() for trait in attribute.depends_on)
BY_GROUP = {
    "channels_known:minority": "channels that a household knows, minority less others",
    "channels_known:poor": "channels that a household knows, poor less others",
    "channels_known:limited_english": "channels that a household knows, limited English less others",
    "digital_known:over65": "web, app and SMS that a household knows, 65+ less others",
    "knowledge:minority": "mean knowledge, minority less others",
    "knowledge:poor": "mean knowledge, poor less others",
    "trust:minority": "mean trust, minority less others",
}
ABSENT = {
    f"{when}:{who}": f"share of households that {words}, {whose} less others"
    for when, words in (("left_before", "have left before the storm"), ("leaves", "leave while power is out"))
    for who, whose in (
        ("student", "of students"), ("income", "of more than the median income"), ("no_vehicle", "without a vehicle"),
        ("medical_device", "with a medical device"), ("children", "with anyone under 18"),
    )
    if (when, who) != ("leaves", "student")
}  # fmt: skip
WORLD = {
    "households": "households",
    "neighbourhoods": "neighbourhoods",
    "distance_km": "mean distance of households from the centre",
    "dissimilarity": "minority dissimilarity index over neighbourhoods",
    "clustering": "likeness in minority share of neighbourhoods side by side",
    "median_income_usd": "median household income",
    "income_spread": "standard deviation of log income",
    "tolerance_h": "mean hours out at which need is one half",
    "tolerance_spread": "standard deviation of log tolerance",
    "knowledge_spread": "standard deviation of knowledge over households",
    "trust_spread": "standard deviation of trust over households",
    "ties": "ties",
    "tie_km": "mean length of a tie",
    "alike_ties": "share of ties between households of one group",
    "feeder_customers": "mean customers behind a feeder, or behind a section of one",
    "substations": "substations", "feeders": "feeders", "laterals": "laterals", "transformers": "transformers",
    "size_spread": "spread of the number of customers of a lateral",
    "overhead": "share of laterals, transformers and drops above ground",
    "critical": "laterals that feed a critical facility",
}  # fmt: skip
BY_VULNERABILITY = {
    name: f"{words}, neighbourhoods of more than middling social vulnerability less the others"
    for name, words in {
        "overhead:svi": "share of households fed overhead",
        "faults:svi": "mean number of damaged devices on the way to a household",
        "repair_h:svi": "mean hours of repair on the way to a household",
        "travel_h:svi": "mean hours of travel to a job",
        "metered_h:svi": "mean hour from which a meter answers, cut at the horizon",
        "critical:svi": "share of households on a lateral that feeds a critical facility",
    }.items()
}  # fmt: skip
STORM = {
    "gust_m_per_s": "mean peak gust",
    "faults": "faults of devices",
    "faults:length": "faults a lateral, the longer half of the laterals less the others",
    "temporary": "share of faults that are temporary",
    "supply_lost": "substations that lose their supply",
    "owner_faults": "service drops that tear off what the household owns",
    "meter_bases": "of these, with a meter base to be replaced",
    "electrician_h": "mean hours from the end of the storm until what a household owns is mended, told of at once",
    "electrician_spread": "standard deviation of the log of these hours",
    "onset_h": "mean hour at which devices fail",
    "onset_spread_h": "standard deviation of the hours at which devices fail",
    "repair_h": "mean hours of repair, search and travel left aside",
    "repair_spread": "standard deviation of log hours of repair",
    "sensed_h": "mean hour at which a fault is sensed, cut at the horizon",
    "metered_h": "mean hour from which a meter answers, cut at the horizon",
}
HOUSEHOLDS = {
    "channels_known": "channels that a household knows or is told of, on average",
    "channels_usable": "channels that a household knows, owns the means for and is offered, on average",
    "knowledge": "mean knowledge of how to report, at the end",
    "trust": "mean trust that reporting helps, at the end",
    "report_rate": "share of the affected who report",
    "early_report_rate": "share of the affected who report before they reach their tolerance",
    "contacts": "contacts that households make",
    "informed": "households that the utility has answered",
    "proxy_reports": "reports that a tie makes",
    "passing_on_h": "mean hours from an informal request to the utility",
    "busy": "calls that hear the busy signal",
    "lost_calls": "calls that hear the busy signal or hang up",
    "hung_up": "calls that hang up",
    "visits": "reports made by liaisons",
    "listed": "households on the liaisons' list",
    "falsely_closed_h": "mean hours that a household is taken to be back and is not",
    "trust_left": "mean share of trust that closures in error have left",
    "callbacks": "call-backs that hear that power is still out",
    "reached": "households reached by outreach",
    "known_by_reached": "channels that those reached by outreach knew before",
    "taken_in": "households that take outreach in",
    "outreach_h": "mean hour at which outreach takes effect",
}
UTILITY = {
    "detection_delay_h": "hours until the utility knows of a customer",
    "suspected_transformers": "orders opened for transformers",
    "suspected_laterals": "orders opened for laterals",
    "suspected_feeders": "orders opened for feeders",
    "suspected_substations": "orders opened for substations",
    "prediction_wait_h": "mean hours from a report's order to its being acted on",
    "void_predictions": "predictions merged or withdrawn",
    "search_h": "mean hours of search on site",
    "lines_walked": "lines that patrols have walked",
    "faults_passed": "times that crews were near a fault and did not see it",
    "travel_h": "mean hours of travel to a job",
    "night_crews": "crews on the night shift",
    "districts": "lists that dispatchers work on", "shared_crews": "crews that may go to any district",
    "trucks": "trouble trucks that line crews have split into",
    "aid_leaves_h": "mean hour at which mutual-aid crews leave, cut at the horizon",
    "order_wait_h": "mean hours that an order waits for a crew",
    "mean_h": "mean hours out",
    **{f"order_wait_h:{name}": f"hours that an order waits, {words} less others" for name, words in {
        "substation": "substations", "critical": "with a critical facility", "customers": "with many customers",
        "reports": "with many reports", "waiting": "known early", "medical": "with many registered",
        "vulnerability": "with much vulnerability", "pressure": "with many informal requests",
        "single_home": "single homes", "voices": "with many corrected reports", "short": "short jobs",
    }.items()},
}  # fmt: skip

OBSERVABLES: dict[str, str] = {
    **{name: f"share of households {words}" for name, words in SHARES.items()},
    **{pair: f"share of households {SHARES[what]}, {who} less others" for pair in ASSOCIATED
       for what, who in [pair.split(":")]},
    **BY_GROUP, **WORLD, **BY_VULNERABILITY, **STORM, **ABSENT, **HOUSEHOLDS, **UTILITY,
    **{f"cost:{item}": f"{WORDS[item]}, US$" for item in (*ITEMS, RESIDENTS)},
}  # fmt: skip
