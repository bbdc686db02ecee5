"""What a city does to make reporting easier, and what it all costs.

A programme reaches households and some of them take it in; all are off (``reach = 0``) unless a scenario turns them on.
Whom it is meant for is an intersection of filters, each off by default. Ten kinds of programme, because what they
change differs: six inform, by mailer, cold SMS, SMS to those registered, telephone, at the door, or with assistance;
four lift a constraint of materials: a device, enrolment in two-way SMS, the medical register, a hotline language. An
eleventh goes by damage, not by household: it mends what the storm tore off a house
(:mod:`sim.inputs.parameters.owner`).
"""

from pydantic import Field

from sim.inputs.parameters.channels import WAYS
from sim.inputs.parameters.declare import LEVER, UNCERTAIN, Section, down, param, share, up
from sim.inputs.parameters.owner import WeatherheadRepair
from sim.inputs.parameters.people import ASSUMED

EFFECTS = (
    "acts per contact: mailer 1 in 200, phone 1 in 38, SMS to those registered 1 in 25, door 1 in 14 (Green & Gerber); "
    "cold SMS 0.2-0.3 points (VoteAmerica 2016); information and assistance 12 points (Finkelstein & Notowidigdo 2019)"
)
COSTS = (
    "mailer 0.50-1.00, assistance 5-30: general knowledge; SMS 0.06, door 2.67 at the time (Green & Gerber); device "
    "100 and 30 a month, Affordable Connectivity Program (CRS IF12637); others assumed"
)
RATIOS = (
    "information reaches the less needy: Finkelstein & Notowidigdo 2019, doi 10.1093/qje/qjz013; materials and "
    "knowledge help the disadvantaged more: Andersen & Nielsen 2016, PNAS 113(43); sizes assumed"
)
CLAIMED = "the bill as a whole was held against the city's claim of $124-161 a customer out after Michael"
BUILT_IN = (
    "about 260 poles and 214 transformers were replaced in Tallahassee after Michael (tallahassee.com, 17 Oct 2018); "
    "how many faults need one and the prices, 1,500 and 2,000 US$ with what hangs on them: assumption"
)
TOLD_OF = [name for name, way in WAYS.items() if way.is_told_of]


class Programme(Section):
    """Whom one outreach programme is meant for, how many it reaches, when, and what it costs."""

    reach: float = share(0.0, LEVER, "share of those it is meant for that it reaches; 0: no programme", "design",
        up("reached"))
    target_share: float = share(1.0, LEVER, "share of the eligible that it is meant for", "design", up("reached"))
    least_aware_first: bool = param(False, "yes/no", LEVER,
        "takes this share from those who know fewest channels, instead of by lot", "design", down("known_by_reached"))
    below_income_usd: float = param(0.0, "US$/year", LEVER, "only households with less income; 0: any income", "design",
        up("reached", "above 0"), low=0.0, high=10_000_000.0)
    above_svi: float = share(0.0, LEVER, "only in neighbourhoods above this percentile of social vulnerability; 0: any",
        "design", down("reached"))
    attribute: str = param("", "text", LEVER, "only households with this yes/no attribute, such as over65; empty: all",
        "design", down("reached"))
    neighbourhoods: list[str] = param([], "names", LEVER, "only in these neighbourhoods; empty: all", "design",
        down("reached"))
    at_h: float = param(-720.0, "h", LEVER, "begins, from the storm's peak; negative: before", "design: a month before",
        up("outreach_h"), low=-26_280.0, high=720.0)
    over_h: float = param(0.0, "h", LEVER, "goes on for so long, household after household", "design", up("outreach_h"),
        low=0.0, high=26_280.0)
    effect: float = share(1.0, UNCERTAIN, "chance that a household reached takes it in", EFFECTS, up("taken_in"))
    disadvantaged_ratio: float = param(1.0, "ratio", UNCERTAIN,
        "effect on poor or limited-English households against others", RATIOS, up("taken_in"), low=0.0, high=10.0)
    cost_usd: float = param(1.0, "US$/household", UNCERTAIN, "cost of a household reached", COSTS, up("cost:outreach"),
        low=0.0, high=100_000.0)
    fixed_usd: float = param(0.0, "US$", UNCERTAIN, "cost of having the programme at all", ASSUMED, up("cost:outreach"),
        low=0.0, high=1e9)  # fmt: skip


class Message(Programme):
    """A programme that informs: who takes it in knows the channels and how to use them."""

    channels: list[str] = param(TOLD_OF, "names", LEVER, "channels that it tells about", "design",
        up("channels_known"))
    knowledge_gain: float = share(0.5, UNCERTAIN, "how far knowledge goes up towards 1", ASSUMED, up("knowledge"))
    trust_gain: float = share(0.0, UNCERTAIN, "how far trust goes up towards 1", ASSUMED, up("trust"))


def _message(effect: float, cost_usd: float, ratio: float = 0.7, **more: float) -> Message:
    return Message(effect=effect, cost_usd=cost_usd, disadvantaged_ratio=ratio, **more)  # type: ignore[arg-type]


class Outreach(Section):
    """The programmes, and what all that inform have in common."""

    mailer: Message = Field(default=_message(0.005, 0.75))
    sms_cold: Message = Field(default=_message(0.003, 0.06))
    sms_opted_in: Message = Field(default=_message(0.04, 0.06))
    phone: Message = Field(default=_message(0.026, 2.0))
    door: Message = Field(default=_message(0.07, 4.0))
    assistance: Message = Field(default=_message(0.12, 15.0, 2.5, knowledge_gain=1.0, trust_gain=0.2))
    device: Programme = Field(default=Programme(cost_usd=460.0))
    sms_enrolment: Programme = Field(default=Programme(cost_usd=0.06))
    medical_registration: Programme = Field(default=Programme(effect=0.5, cost_usd=15.0))
    hotline_language: Programme = Field(default=Programme(cost_usd=0.0))
    weatherhead_repair: WeatherheadRepair = Field(default=WeatherheadRepair())

    scale_penalty: float = share(0.5, UNCERTAIN, "share of a message's effect that is lost when it goes to everybody",
        "less effective nationwide than locally: Andersen & Hvidman 2020; size assumed", down("taken_in"))
    half_life_months: float = param(11.0, "months", UNCERTAIN, "half of a message's effect has faded after",
        "fades after 11 months: Buell, Porter & Norton", up("taken_in"), low=0.5, high=120.0)
    spillover: float = share(0.05, UNCERTAIN, "chance that who takes a message in tells a given tie of the channels",
        ASSUMED, up("channels_known"))  # fmt: skip


class Credits(Section):
    """Bill credits paid afterwards: they change no hour, only money."""

    usd_per_household: float = param(0.0, "US$", LEVER, "paid to a household out for longer than after_h", "design",
        up("cost:credits"), low=0.0, high=100_000.0)
    usd_per_h: float = param(0.0, "US$/h", LEVER, "paid for every hour beyond after_h", "design", up("cost:credits"),
        low=0.0, high=1_000.0)
    after_h: float = param(72.0, "h", LEVER, "credits begin after so many hours out", "design", down("cost:credits"),
        low=0.0, high=8_760.0)  # fmt: skip


class Materials(Section):
    """What is built in to mend a fault: poles, transformers, wire. A temporary fault needs nothing."""

    substation: float = param(10_000.0, "US$/fault", UNCERTAIN, "substation or its supply", ASSUMED,
        up("cost:materials"), low=0.0, high=1e7)
    feeder: float = param(1_000.0, "US$/fault", UNCERTAIN, "feeder section", BUILT_IN, up("cost:materials"), low=0.0,
        high=1e6)
    lateral: float = param(300.0, "US$/fault", UNCERTAIN, "lateral: a pole at every seventh fault, wire", BUILT_IN,
        up("cost:materials"), low=0.0, high=1e6)
    transformer: float = param(350.0, "US$/fault", UNCERTAIN,
        "service transformer: a new one at every sixth fault, fuses", BUILT_IN, up("cost:materials"), low=0.0, high=1e6)
    drop: float = param(50.0, "US$/fault", UNCERTAIN, "service drop: wire and clamps", ASSUMED, up("cost:materials"),
        low=0.0, high=1e6)  # fmt: skip


class Costs(Section):
    """Unit costs of the city and the utility, and what an outage costs the residents."""

    crew_usd_per_h: float = param(700.0, "US$/h", UNCERTAIN, "a crew on duty, with trucks, overtime and lodging",
        "general knowledge: 600-1,000", up("cost:crews"), low=0.0, high=10_000.0)
    mobilisation_usd: float = param(5_000.0, "US$/crew", UNCERTAIN,
        "a crew that comes from elsewhere, staged or as aid: the drive there and back",
        f"{ASSUMED}: seven hours at a crew's rate, most from within Florida; no figure was found published; {CLAIMED}",
        up("cost:mobilisation"), low=0.0, high=1e6)
    tree_crew_share: float = param(0.23, "ratio", UNCERTAIN,
        "tree crews for each line crew, of as many people; they cost, and change no hour",
        "Michael: 100 of 540 people sent, 19 % of all or 0.23 for each other (FMEA; tallahassee.com, 10 Oct 2018); "
        "Sandy 36 %, Irene 57 % (JCP&L); that they change no hour: assumption", up("cost:tree_crews"), low=0.0,
        high=5.0)
    tree_crew_usd_per_h: float = param(350.0, "US$/h", UNCERTAIN, "a tree crew on duty",
        f"{ASSUMED}: half a line crew's rate, for lower wages and lighter trucks; {CLAIMED}", up("cost:tree_crews"),
        low=0.0, high=10_000.0)
    device_storms: float = param(3.0, "storms", UNCERTAIN,
        "storms over which a device handed out or a meter is paid off in the net cost; the outlay counts it in full",
        ASSUMED + ": a telephone lasts some years, a city on this coast loses power in most", down("cost:outreach"),
        low=1.0, high=100.0)
    call_taker_usd_per_h: float = param(32.0, "US$/h", UNCERTAIN, "a call-taker", "general knowledge: 25-40",
        up("cost:call_takers"), low=0.0, high=1_000.0)
    liaison_usd_per_h: float = param(30.0, "US$/h", UNCERTAIN, "a liaison on rounds", "general knowledge: 25-35",
        up("cost:liaisons"), low=0.0, high=1_000.0)
    interpreter_usd_per_min: float = param(1.1, "US$/min", UNCERTAIN, "telephone interpreting",
        "general knowledge: 0.70-1.50", up("cost:contacts"), low=0.0, high=100.0)
    meter_usd: float = param(200.0, "US$/meter", UNCERTAIN, "a meter that reports its outage, with setting it",
        ASSUMED, up("cost:meters"), low=0.0, high=10_000.0)
    patrol_usd_per_h: float = param(80.0, "US$/h", UNCERTAIN, "an hour of a patrol: two people and a truck", ASSUMED,
        up("cost:patrols"), low=0.0, high=1_000.0)
    residents_usd_per_h: float = param(4.0, "US$/h", UNCERTAIN, "cost of an hour without power to a household",
        "2.6-17: Baik et al. 2020 and others, at 1.5 kWh an hour", up("cost:residents"), low=0.0, high=1_000.0)
    residents_growth: float = share(0.2, UNCERTAIN,
        "power by which the cost of an hour grows with the days out; 0: it does not", ASSUMED,
        up("cost:residents", "beyond a day out"))
    medical_multiplier: float = param(10.0, "factor", UNCERTAIN, "that cost with a medical device, against without",
        ASSUMED, up("cost:residents"), low=1.0, high=1_000.0)
    materials_usd: Materials = Field(default=Materials())  # fmt: skip
