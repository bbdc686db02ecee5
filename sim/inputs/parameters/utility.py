"""What the utility senses, how it reads calls, whom it sends first, and with how many crews."""

from typing import Literal

from pydantic import Field

from sim.core.columns import Level
from sim.core.limits import DISTRICTS, SPLIT_INTO
from sim.inputs.parameters.declare import CONSTANT, LEVER, UNCERTAIN, Section, down, param, share, unclear, up
from sim.inputs.parameters.people import ASSUMED

OMS_DOC = "outage-management product documentation; common practice"
BRIDGE = "BRIDGE Energy survey 2015: SCADA 32 %, meters 12 % of storm notifications"

Policy = Literal["standard", "first-reported", "most-reports", "voice-corrected", "medical-first",
                 "vulnerability-weighted", "pressure", "random", "omniscient", "custom"]  # fmt: skip


class Sensing(Section):
    """Which devices tell the control room whether they are energised, and which meters answer as telecom recovers.

    What they show goes both ways: an open device is known, a prediction at a device that is up is refused.
    """

    substation: float = share(0.95, LEVER, "substations that are telemetered", BRIDGE + "; assumed for storms",
        down("sensed_h"))
    feeder: float = share(0.9, LEVER, "feeder breakers that are telemetered", BRIDGE + "; assumed for storms",
        down("sensed_h"))
    lateral: float = share(0.3, LEVER, "laterals that are telemetered", BRIDGE + "; assumed for storms",
        down("sensed_h"))
    transformer: float = share(0.1, LEVER, "transformers that are telemetered", BRIDGE + "; assumed for storms",
        down("sensed_h"))
    drop: float = share(0.02, LEVER, "service drops that are telemetered", ASSUMED, down("sensed_h"))
    link_down_share: float = share(0.3, UNCERTAIN,
        "telemetered devices in neighbourhoods without cell service that are silent as long", ASSUMED, up("sensed_h"))
    meter_coverage: float = share(0.0, LEVER, "households with a meter that answers once telecom has recovered",
        "Tallahassee: over 110,000 two-way meters since 2010, yet storm sensing failed in 2018", down("metered_h"))
    meter_half_time_h: float = param(48.0, "h", UNCERTAIN, "half of those meters answer again after", ASSUMED,
        up("metered_h"), low=0.5, high=480.0)
    knowledge: Literal["reports", "perfect"] = param("reports", "choice", LEVER,
        "perfect: every fault is known and located as it happens, the price of ignorance", "design",
        down("detection_delay_h"))  # fmt: skip


class Oms(Section):
    """Trouble-call inference: how many calls make the utility look one level up, and what it checks."""

    calls_per_transformer: int = param(2, "calls", UNCERTAIN, "customers calling before the transformer is suspected",
        OMS_DOC, down("suspected_transformers"), low=1, high=20)
    transformers_per_lateral: int = param(2, "count", UNCERTAIN,
        "suspected transformers before the lateral is suspected", OMS_DOC, down("suspected_laterals"), low=1, high=20)
    laterals_per_feeder: int = param(3, "count", UNCERTAIN, "suspected laterals before the feeder is suspected",
        OMS_DOC, down("suspected_feeders"), low=1, high=50)
    feeders_per_substation: int = param(2, "count", UNCERTAIN, "suspected feeders before the substation is suspected",
        OMS_DOC, down("suspected_substations"), low=1, high=50)
    escalation_min: float = param(15.0, "min", UNCERTAIN, "wait before a prediction is acted on or moved up",
        "OMS documentation: 15 min", up("prediction_wait_h"), low=0.0, high=240.0)
    missed_withdrawal_share: float = share(0.07, UNCERTAIN, "predictions kept although the customers behind are back",
        "no-repair truck rolls 2-25 % (LIPA after Isaias); share assumed", down("void_predictions"))
    callback_share: float = share(0.33, LEVER, "reporters presumed back who are reached by an automatic call-back",
        "two thirds of customers do not answer: BGE, Sandy", up("callbacks"))
    callback_delay_h: float = param(1.0, "h", UNCERTAIN, "call-backs go out after a repair", ASSUMED, down("callbacks"),
        low=0.0, high=48.0)  # fmt: skip


class Patrol(Section):
    """Finding faults by eye: patrols along the lines by day, and the crew's own search on site."""

    teams: int = param(2, "patrols", LEVER, "patrols that walk or drive along lines by day", "set by the scenario",
        up("lines_walked"), low=0, high=10_000)
    speed_km_per_h: float = param(8.0, "km/h", UNCERTAIN, "speed along a line of patrols and of crews that search",
        "between walking pace, 4-5, and a slow drive along a road, 15-20: assumption", up("lines_walked"), low=0.1,
        high=100.0)
    starts_hour: float = param(7.0, "hour of day", CONSTANT, "patrols set out", ASSUMED, down("lines_walked"), low=0.0,
        high=24.0)
    ends_hour: float = param(19.0, "hour of day", CONSTANT, "patrols begin no further line", ASSUMED,
        up("lines_walked"), low=0.0, high=24.0)
    sees_one_below: float = share(1.0, UNCERTAIN,
        "chance to see a fault one level below the device that one is sent to or walks along", ASSUMED,
        down("faults_passed"))
    sees_two_below: float = share(0.3, UNCERTAIN, "chance to see a fault two levels below", ASSUMED,
        down("faults_passed"))
    sees_further_below: float = share(0.0, UNCERTAIN, "chance to see a fault three levels below or more", ASSUMED,
        down("faults_passed"))
    substation_h: float = param(1.0, "h", UNCERTAIN, "search at a substation", ASSUMED, up("search_h"), low=0.0,
        high=24.0)
    feeder_h: float = param(1.0, "h", UNCERTAIN, "search at a feeder, besides its line",
        "assessment 30-60 min (nremc.com)", up("search_h"), low=0.0, high=24.0)
    lateral_h: float = param(0.6, "h", UNCERTAIN, "search at a lateral, besides its line",
        "assessment 30-60 min (nremc.com)", up("search_h"), low=0.0, high=24.0)
    transformer_h: float = param(0.25, "h", UNCERTAIN, "search at a transformer", ASSUMED, up("search_h"), low=0.0,
        high=24.0)
    drop_h: float = param(0.15, "h", UNCERTAIN, "search at a service drop", ASSUMED, up("search_h"), low=0.0, high=24.0)
    report_gain: float = param(0.3, "1", UNCERTAIN, "how much more reports on an order shorten the search", ASSUMED,
        down("search_h"), low=0.0, high=5.0)  # fmt: skip


class Weights(Section):
    """Weights of a dispatch score of one's own; used where ``dispatch.policy`` is "custom"."""

    substation: float = param(1e6, "score", LEVER, "added for a substation", "priority order of US utilities",
        down("order_wait_h:substation"), low=0.0, high=1e9)
    critical: float = param(1e4, "score", LEVER, "added where a critical facility is behind", "priority order",
        down("order_wait_h:critical"), low=0.0, high=1e9)
    customers: float = param(1.0, "score", LEVER, "per customer believed out", "priority order",
        down("order_wait_h:customers"), low=-1e6, high=1e6)
    single_home: float = param(0.0, "score", LEVER, "added where no more than one customer is behind",
        "priority order: single homes come last", down("order_wait_h:single_home"), low=-1e9, high=1e9)
    reports: float = param(0.0, "score", LEVER, "per report on the order", "design", down("order_wait_h:reports"),
        low=-1e6, high=1e6)
    corrected_reports: float = param(0.0, "score", LEVER,
        "per report on the order, by the inverse of the reporting propensity of its neighbourhood", "design",
        down("order_wait_h:voices"), low=-1e6, high=1e6)
    waiting: float = param(0.0, "score/h", LEVER, "per hour since first known", "design", down("order_wait_h:waiting"),
        low=-1e6, high=1e6)
    medical: float = param(0.0, "score", LEVER, "per registered medical household behind", "design",
        down("order_wait_h:medical"), low=-1e6, high=1e6)
    vulnerability: float = param(0.0, "score", LEVER, "per customer, times the mean SVI percentile behind", "design",
        down("order_wait_h:vulnerability"), low=-1e6, high=1e6)
    pressure: float = param(0.0, "score", LEVER, "per informal request on the order", "design",
        down("order_wait_h:pressure"), low=-1e6, high=1e6)
    luck: float = param(0.0, "score", LEVER, "times a fixed random number of the device", "design",
        unclear("a lottery"), low=-1e6, high=1e6)
    hours_power: float = param(1.0, "exponent", LEVER, "power of expected job hours that divides the per-order terms",
        "most customers restored per repair hour", down("order_wait_h:short"), low=0.0, high=3.0)  # fmt: skip


class Dispatch(Section):
    """Who goes first. Policies are presets of the weights; "custom" takes ``dispatch.weights``."""

    policy: Policy = param("standard", "choice", LEVER, "dispatch policy", "priority order of US utilities",
        unclear("its choices stand in no order"))
    every_min: float = param(0.0, "min", LEVER,
        "how often dispatchers look at their list, at least once in a shift; 0: at once", "design",
        up("order_wait_h"), low=0.0, high=1_440.0)
    propensity_customers: float = param(200.0, "customers", LEVER,
        "how many customers' worth the city's reporting propensity counts in that of a neighbourhood", "design",
        unclear("it draws all neighbourhoods together, some up and some down"), low=1.0, high=1e6)
    weights: Weights = Field(default=Weights())  # fmt: skip


class CrewClass(Section):
    """One class of crews: how many, when they come, and the largest device that they can repair."""

    own: int = param(8, "crews", LEVER, "the utility's own crews", "set by the scenario", down("mean_h"), low=0,
        high=100_000)
    staged: int = param(0, "crews", LEVER, "crews brought in before the storm", "set by the scenario", down("mean_h"),
        low=0, high=100_000)
    mutual_aid: int = param(0, "crews", LEVER, "crews that come afterwards", "set by the scenario", down("mean_h"),
        low=0, high=100_000)
    aid_from_h: float = param(12.0, "h", UNCERTAIN, "the first of these arrives", ASSUMED, up("mean_h"), low=-72.0,
        high=720.0)
    aid_full_h: float = param(48.0, "h", UNCERTAIN, "the last of these arrives", "Michael: full strength by about 48 h",
        up("mean_h"), low=-72.0, high=720.0)
    largest: Level = param("substation", "choice", CONSTANT, "the largest device that the class can repair",
        "common practice", up("mean_h"))  # fmt: skip


class Crews(Section):
    """Line crews repair all but lost supply, trouble trucks transformers and drops; districts, shifts, travel."""

    line: CrewClass = Field(default=CrewClass())
    trouble: CrewClass = Field(default=CrewClass(own=2, largest="transformer"))
    transmission: int = param(4, "crews", LEVER, "crews for lost supply of substations, and for nothing else", ASSUMED,
        down("mean_h", "where supply is lost"), low=1, high=10_000)
    districts: int = param(1, "districts", LEVER,
        "parts of the city with crews and a list of their own; 0: one for each substation, or by a column district",
        "crews assigned to every substation, Tallahassee 2018 (WTXL); one list: assumption", up("districts", "above 0"),
        low=0, high=DISTRICTS)
    shared_share: float = share(0.2, LEVER, "crews that may go to any district", ASSUMED, up("shared_crews"))
    aid_by: Literal["customers", "orders"] = param("customers", "choice", LEVER,
        "mutual aid is sent to the district with most customers believed out, or with most open orders, a crew",
        ASSUMED, unclear("where there are most customers there may be few orders, or many"))
    split_into: int = param(1, "trucks", LEVER,
        "trouble trucks that a line crew becomes when nothing above a transformer is left to repair; 1: it stays whole",
        "practice of utilities late in a storm; that it does not: assumption", up("trucks"), low=1, high=SPLIT_INTO)
    safe_h: float = param(8.0, "h", UNCERTAIN, "work begins when the wind has dropped, from the peak", ASSUMED,
        up("mean_h"), low=-24.0, high=96.0)
    shift_on_h: float = param(16.0, "h", LEVER, "hours on duty", "16 on, 8 off in storm mode", down("mean_h"), low=1.0,
        high=24.0)
    shift_starts_hour: float = param(6.0, "hour of day", CONSTANT, "the day shift begins", ASSUMED,
        unclear("turns the shifts round the clock"), low=0.0, high=24.0)
    night_share: float = share(0.3, LEVER, "crews on the night shift, twelve hours later", ASSUMED, up("night_crews"))
    travel_min: float = param(10.0, "min", UNCERTAIN, "set-off time of each job", "about 20 min a job in all",
        up("travel_h"), low=0.0, high=240.0)
    speed_km_per_h: float = param(35.0, "km/h", UNCERTAIN, "speed on the road", ASSUMED, down("travel_h"), low=1.0,
        high=130.0)
    blocked_factor: float = param(2.0, "factor", UNCERTAIN, "travel time on blocked roads against clear ones",
        "over 1,000 road segments blocked in Leon County", up("travel_h"), low=1.0, high=10.0)
    blocked_until_h: float = param(24.0, "h", UNCERTAIN, "roads are cleared, from the peak", ASSUMED, up("travel_h"),
        low=0.0, high=336.0)
    release_orders_per_crew: float = param(0.0, "orders/crew", LEVER,
        "mutual aid goes home, last come first, while fewer orders are open than so many a crew; 0: nobody is, and "
        "each is paid until its last job",
        ASSUMED + "; no threshold was found published. FPL let crews go when 99.8 % were back (Ian, 8 Oct 2022)",
        down("aid_leaves_h"), low=0.0, high=10.0)  # fmt: skip
