"""How a household can tell the utility, how the telephone queue works, and what makes it report.

Utility of channel c at a moment of attention (doing nothing has utility 0)::

    V[c] = asc[c] + willingness + b_need * need(t) + b_duration * log(1 + hours_out) + b_trust * trust
           + urgency + b_closed * [a report of its own was closed in error]
           - b_hassle * hassle[c] * (1 - knowledge) - b_language * [limited English, c not offered in it]
           - b_free * others(t)
"""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from sim.core.compiled import codes
from sim.inputs.parameters.declare import CONSTANT, LEVER, UNCERTAIN, Section, down, param, share, unclear, up
from sim.inputs.parameters.people import ASSUMED

MIX = "channel mix of Boston and New York 311: phone about 0.5, digital about 0.5; level assumed"
DAY = "hour of day"
LOUDNESS = (
    "nobody has measured which share of the affected report; calls a customer out, less repeats, suggest 20-33 % in "
    "the first days, and what is known allows 10 to 45 %"
)
VOICES = {"low": -2.8, "middle": -0.85, "high": 0.85}
"""What a level of voice adds to the utility of every channel."""


class Channel(Section):
    """One way to report. What it needs to work stands beside it in :class:`Channels`."""

    availability: float = share(1.0, LEVER, "households that the channel is offered to; 0 switches it off", "design",
        up("channels_usable"))
    awareness: float = share(0.5, UNCERTAIN, "households that know the channel before the storm", ASSUMED,
        up("channels_known"))
    asc: float = param(-2.0, "utility", UNCERTAIN, "alternative-specific constant of the logit", MIX, up("report_rate"),
        low=-12.0, high=6.0)
    hassle: float = param(1.0, "1", UNCERTAIN, "trouble of using it, felt by those without knowledge", ASSUMED,
        down("report_rate"), low=0.0, high=5.0)
    precision: float = share(0.3, UNCERTAIN, "how exactly a report tells what is broken where", ASSUMED,
        down("search_h"))
    two_way: bool = param(False, "yes/no", LEVER, "tells the reporter that the utility knows", "design", up("informed"))
    other_languages: bool = param(False, "yes/no", LEVER, "offered in the languages spoken in the city", "design",
        up("report_rate"))
    opens_hour: float = param(0.0, DAY, LEVER, "opening hour", "design", down("report_rate", "up to the closing hour"),
        low=0.0, high=24.0)
    closes_hour: float = param(24.0, DAY, LEVER, "closing hour; the same as opening: always open", "design",
        up("report_rate", "from the opening hour on"), low=0.0, high=24.0)
    cost_usd: float = param(0.5, "US$/contact", CONSTANT, "cost of a contact to the city",
        "Minneapolis 311: $4.50 a call, $0.50 self-service (Gartner, via govtech.com)", up("cost:contacts"), low=0.0,
        high=1_000.0)
    offer_usd: float = param(0.0, "US$/customer", CONSTANT, "cost of offering it at all, for a storm season",
        "app: licence of $68,000 for three years, Bakersfield CA (icma.org), about 130,000 households",
        up("cost:channels"), low=0.0, high=1_000.0)  # fmt: skip


Need = Literal["telephone", "mobile phone", "smartphone", "internet", "nothing"]
"""What a channel needs of a household and of the hour; the rule that says what works when is `sim.rules.channels`."""


class Way(NamedTuple):
    """What a channel is, beside its numbers."""

    needs: Need
    words: str  # within a sentence
    label: str  # of a control of the live city
    short: str  # in the key to its maps
    tried: str  # what a household does that reports by it
    is_told_of: bool = True  # by the messages of an outreach programme, unless that says otherwise


class Channels(Section):
    """All ways to report. A new one comes last, for its place is its code; what it needs, it declares here."""

    hotline: Annotated[Channel, Way("telephone", "the hotline", "Hotline", "hotline", "calls the hotline")] = Field(
        default=Channel(awareness=0.75, asc=-2.0, hassle=0.8, precision=0.2, cost_usd=4.5))
    web: Annotated[Channel, Way("internet", "the web", "Web page", "web", "reports on the web page")] = Field(
        default=Channel(awareness=0.40, asc=-2.0, hassle=1.0, precision=0.4))
    app: Annotated[Channel, Way("smartphone", "the app", "App", "app", "reports in the app")] = Field(
        default=Channel(awareness=0.08, asc=-1.2, hassle=0.6, precision=0.7, two_way=True, offer_usd=0.17))
    sms: Annotated[Channel, Way("mobile phone", "SMS", "Text message", "text", "sends a text message")] = Field(
        default=Channel(awareness=0.05, asc=-1.0, hassle=0.3, precision=0.3, two_way=True, cost_usd=0.06))
    liaison: Annotated[Channel, Way("nothing", "liaisons", "Community liaison", "liaison",
        "tells the community liaison", is_told_of=False)] = Field(
        default=Channel(availability=0.0, awareness=0.3, asc=-2.0, hassle=0.2, precision=0.4, two_way=True,
            other_languages=True, opens_hour=8.0, closes_hour=18.0, cost_usd=15.0))
    informal: Annotated[Channel, Way("telephone", "informal requests", "Asking an official", "official",
        "asks an official for help", is_told_of=False)] = Field(
        default=Channel(awareness=1.0, asc=-4.0, hassle=0.2, precision=0.2, opens_hour=8.0, closes_hour=20.0,
            cost_usd=4.5))  # fmt: skip


WAYS = {name: next(m for m in field.metadata if isinstance(m, Way)) for name, field in Channels.model_fields.items()}
CHANNELS = tuple(WAYS)
HOTLINE, WEB, APP, SMS, LIAISON, INFORMAL, *_ = codes(len(CHANNELS))  # those that some rule is about


class Hotline(Section):
    """Finite call-takers, a queue with a limit, callers who hang up: M/M/c+M when rates are constant."""

    call_takers: int = param(10, "call-takers", LEVER, "people answering at once", "set by the scenario",
        down("lost_calls"), low=0, high=10_000)
    lines: int = param(60, "calls", LEVER, "calls in service or queue at once; further callers hear the busy signal",
        "set by the scenario", down("busy"), low=0, high=100_000)
    handle_min: float = param(3.0, "min", UNCERTAIN, "mean time to take a report", "general knowledge: 3-4 min",
        up("lost_calls"), low=0.5, high=30.0)
    patience_min: float = param(4.0, "min", UNCERTAIN, "mean time a caller waits before hanging up",
        "general knowledge: 3-5 min", down("hung_up"), low=0.1, high=120.0)
    inquiries_per_day: float = param(0.06, "calls/day", UNCERTAIN,
        "calls by day of a dark household that only asks when power will be back",
        "0.38-0.49 calls a customer out in 1.5-3 days (Tulsa 2023, Irene) less reports; split assumed",
        up("busy"), low=0.0, high=5.0)
    inquiry_min: float = param(5.0, "min", UNCERTAIN, "such a call holds a line for", ASSUMED, up("busy"), low=0.0,
        high=60.0)
    exact_times: bool = param(False, "yes/no", CONSTANT,
        "calls and patience take exactly their means instead of exponential times", "for towns worked by hand",
        unclear("other times with the same means"))  # fmt: skip


class Liaison(Section):
    """Community liaisons walk a list of households that cannot easily report, and report for them."""

    liaisons: int = param(0, "people", LEVER, "liaisons on their rounds", "set by the scenario", up("visits"), low=0,
        high=10_000)
    per_10000_customers: float = param(0.0, "people", LEVER, "liaisons on their rounds, besides, by the city's size",
        "set by the scenario", up("visits"), low=0.0, high=1_000.0)
    visits_per_h: float = param(4.0, "1/h", UNCERTAIN, "visits of one liaison in an hour",
        "door-to-door canvass: 6 contacts/h (Green & Gerber)", up("visits"), low=0.1, high=30.0)
    listed_share: float = share(0.5, LEVER, "65+, disabled, medical-device or no-vehicle households on the list",
        ASSUMED, up("listed"))  # fmt: skip


class Reporting(Section):
    """Moments of attention, the weights of the logit, repeats, proxies, and what an informal request does."""

    voice: Literal["low", "middle", "high"] = param("middle", "choice", UNCERTAIN,
        "how loud the city is: about 10, 30 or 45 % of those affected by Michael report at all", LOUDNESS,
        up("report_rate"))
    willingness: float = param(0.0, "utility", UNCERTAIN, "added to every channel, beside what the voice adds",
        LOUDNESS, up("report_rate"), low=-8.0, high=8.0)
    attention_per_h: float = param(1 / 6, "1/h", UNCERTAIN, "moments of attention by day",
        "mean 6 h when out and awake; assumption", up("report_rate"), low=0.01, high=4.0)
    night_factor: float = share(0.15, UNCERTAIN, "attention at night against day", ASSUMED, up("report_rate"))
    day_starts_hour: float = param(7.0, DAY, CONSTANT, "day begins", ASSUMED, down("report_rate"), low=0.0, high=12.0)
    day_ends_hour: float = param(23.0, DAY, CONSTANT, "day ends", ASSUMED, up("report_rate"), low=12.0, high=24.0)
    b_need: float = param(2.0, "utility", UNCERTAIN, "weight of need", ASSUMED, up("report_rate"), low=0.0, high=10.0)
    b_duration: float = param(0.15, "utility", UNCERTAIN, "weight of log(1 + hours out)", ASSUMED, up("report_rate"),
        low=-2.0, high=2.0)
    b_trust: float = param(0.8, "utility", UNCERTAIN, "weight of trust that reporting helps", ASSUMED,
        up("report_rate"), low=0.0, high=10.0)
    b_hassle: float = param(1.0, "utility", UNCERTAIN, "weight of hassle, for those without knowledge", ASSUMED,
        down("report_rate"), low=0.0, high=10.0)
    b_language: float = param(2.0, "utility", UNCERTAIN, "cost of a channel not offered in one's language", ASSUMED,
        down("report_rate"), low=0.0, high=10.0)
    b_free: float = param(1.0, "utility", UNCERTAIN, "weight of believing that somebody else has reported",
        "volunteer's dilemma: Diekmann 1985; weight assumed", down("report_rate"), low=0.0, high=10.0)
    believed_neighbour_share: float = share(0.1, UNCERTAIN,
        "chance one expects that a given dark neighbour has reported", "volunteer's dilemma; value assumed",
        down("report_rate"))
    repeat_one_way: float = share(0.44, UNCERTAIN, "chance to report again after a one-way report",
        "about 1.75 contacts per customer out in Irene 2011 (geometric mean 1.8)", up("contacts"), high=0.95)
    repeat_two_way: float = share(0.15, UNCERTAIN, "chance to report again after a two-way report", ASSUMED,
        up("contacts"), high=0.95)
    repeat_wait_h: float = param(6.0, "h", UNCERTAIN, "quiet time before a repeat is considered", ASSUMED,
        down("contacts"), low=0.0, high=72.0)
    trust_gain: float = share(0.2, UNCERTAIN, "trust gained from a two-way channel's answer",
        "direction: Buell, Porter & Norton, operational transparency; size assumed", up("contacts"))
    b_closed: float = param(1.0, "utility", UNCERTAIN, "weight of having been closed in error after a report", ASSUMED,
        down("falsely_closed_h"), low=0.0, high=10.0)
    trust_loss: float = share(0.2, UNCERTAIN, "trust lost when one's report is closed in error", ASSUMED,
        down("trust_left"))
    proxy_chance: float = share(0.05, UNCERTAIN, "chance that a reporter also reports for a dark tie without a channel",
        ASSUMED, up("proxy_reports"))
    informal_delay_h: float = param(4.0, "h", UNCERTAIN, "an official passes a request on after", ASSUMED,
        up("passing_on_h"), low=0.0, high=72.0)
    web_away_chance: float = share(0.15, UNCERTAIN,
        "chance that an internet household is somewhere with power and internet at a moment of attention", ASSUMED,
        up("report_rate"))  # fmt: skip


class Telecom(Section):
    """What the storm takes from the channels: cell service by neighbourhood, charged phones."""

    cell_out_share: float = share(0.25, UNCERTAIN, "neighbourhoods without cell service at the start",
        "FCC status report: 28.8 % of cell sites out in the disaster area, 11 Oct 2018; Leon inferred",
        down("report_rate"))
    cell_half_time_h: float = param(24.0, "h", UNCERTAIN, "half of those neighbourhoods are back after",
        "most areas within 48 h after Michael (news-press.com)", down("report_rate"), low=0.5, high=240.0)
    voip_battery_h: float = param(2.0, "h", UNCERTAIN, "a telephone over the internet works after power is lost",
        ASSUMED, up("report_rate"), low=0.0, high=48.0)
    battery_h: float = param(18.0, "h", UNCERTAIN, "a phone lasts after power is lost", ASSUMED, up("report_rate"),
        low=1.0, high=240.0)
    recharge_chance: float = share(0.6, UNCERTAIN, "chance per day to recharge a phone in a car, at work or next door",
        ASSUMED, up("report_rate"))  # fmt: skip
