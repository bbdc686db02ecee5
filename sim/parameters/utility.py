"""What the utility senses, how it reads calls, whom it sends first, and with how many crews."""

from typing import Literal

from pydantic import Field

from sim.parameters.declare import CONSTANT, LEVER, UNCERTAIN, Section, down, param, share, unclear, up
from sim.parameters.people import ASSUMED

OMS_DOC = "outage-management product documentation; common practice"
BRIDGE = "BRIDGE Energy survey 2015: SCADA 32 %, meters 12 % of storm notifications"

Policy = Literal["standard", "first-reported", "most-reports", "medical-first", "vulnerability-weighted", "pressure",
                 "random", "omniscient", "custom"]  # fmt: skip


class Sensing(Section):
    """Chance that an open device is seen without any report: at once, and once telecom has recovered."""

    substation: float = share(0.95, LEVER, "SCADA at substations, at the start", BRIDGE + "; assumed for storms",
        down("sensed_h"))
    feeder: float = share(0.9, LEVER, "SCADA at feeder breakers, at the start", BRIDGE + "; assumed for storms",
        down("sensed_h"))
    lateral: float = share(0.3, LEVER, "laterals, at the start", BRIDGE + "; assumed for storms", down("sensed_h"))
    transformer: float = share(0.1, LEVER, "transformers, at the start", BRIDGE + "; assumed for storms",
        down("sensed_h"))
    drop: float = share(0.02, LEVER, "service drops, at the start", ASSUMED, down("sensed_h"))
    meter_coverage: float = share(0.0, LEVER, "households whose meters report again as telecom recovers",
        "Tallahassee: over 110,000 two-way meters since 2010, yet storm sensing failed in 2018", down("sensed_h"))
    meter_half_time_h: float = param(48.0, "h", UNCERTAIN, "half of those meters report again after", ASSUMED,
        up("sensed_h"), low=0.5, high=480.0)
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
    callback_share: float = share(0.3, LEVER, "two-way reporters still dark after a repair who answer the call-back",
        ASSUMED, up("callbacks"))
    callback_delay_h: float = param(1.0, "h", UNCERTAIN, "call-backs go out after a repair", ASSUMED, down("callbacks"),
        low=0.0, high=48.0)  # fmt: skip


class Patrol(Section):
    """Finding faults by eye: slow rounds over the whole network, and the crew's own search on site."""

    network_share_per_day: float = param(0.15, "1/day", LEVER, "share of the network walked or flown in a day", ASSUMED,
        down("patrol_h"), low=0.0, high=5.0)
    substation_h: float = param(1.0, "h", UNCERTAIN, "search at a substation", ASSUMED, up("search_h"), low=0.0,
        high=24.0)
    feeder_h: float = param(1.5, "h", UNCERTAIN, "search along a feeder", "assessment 30-60 min (nremc.com)",
        up("search_h"), low=0.0, high=24.0)
    lateral_h: float = param(0.75, "h", UNCERTAIN, "search along a lateral", "assessment 30-60 min (nremc.com)",
        up("search_h"), low=0.0, high=24.0)
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
    reports: float = param(0.0, "score", LEVER, "per report on the order", "design", down("order_wait_h:reports"),
        low=-1e6, high=1e6)
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
    every_min: float = param(0.0, "min", LEVER, "how often dispatchers look at their list; 0: at once", "design",
        up("order_wait_h"), low=0.0, high=1_440.0)
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
    largest: Literal["substation", "feeder", "lateral", "transformer", "drop"] = param("substation", "choice", CONSTANT,
        "the largest device that the class can repair", "common practice", up("mean_h"))  # fmt: skip


class Crews(Section):
    """Line crews repair everything; trouble trucks do transformers and drops. Shifts, travel, safety."""

    line: CrewClass = Field(default=CrewClass())
    trouble: CrewClass = Field(default=CrewClass(own=2, largest="transformer"))
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
        low=0.0, high=336.0)  # fmt: skip
