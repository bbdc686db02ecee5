"""What households own of their service drop, how they get it mended, and what a city can do about that."""

from typing import Literal

from sim.inputs.parameters.declare import LEVER, UNCERTAIN, Section, down, param, share, up
from sim.inputs.parameters.people import ASSUMED

Form = Literal["loan", "grant", "free"]


class Owner(Section):
    """How long it takes until an electrician, and where need be an inspector, has seen to what a household owns."""

    electrician_days: float = param(3.0, "days", UNCERTAIN, "median wait for an electrician, once called",
        "a day with a programme, about two weeks without (Cedar Rapids 2020, press); median: assumption",
        up("electrician_h"), low=0.05, high=60.0)
    sigma: float = param(0.8, "log points", UNCERTAIN, "spread of the log of that wait", ASSUMED,
        up("electrician_spread"), low=0.0, high=2.0)
    poor_factor: float = param(1.5, "factor", UNCERTAIN, "that wait of poor households against others",
        "500-1,700 US$ a repair (consumer guides); no figure for the delay: assumption", up("electrician_h"), low=0.25,
        high=8.0)
    renter_factor: float = param(1.5, "factor", UNCERTAIN,
        "that wait of renters, who need the landlord, against others", "no figure found: assumption",
        up("electrician_h"), low=0.25, high=8.0)
    inspection_days: float = param(1.0, "days", UNCERTAIN,
        "permit and inspection of a new meter base; a mast needs neither",
        "rule: Leon County after Michael; how long it takes: assumption", up("electrician_h"), low=0.0,
        high=30.0)  # fmt: skip


class WeatherheadRepair(Section):
    """A programme that mends what households own: free to all, a grant to the poor, or an advance on the bill."""

    reach: float = share(0.0, LEVER, "share of households so damaged that hear of it; 0: no programme",
        "design; some paid themselves, for they did not know (Tulsa 2007, press)", down("electrician_h"))
    form: Form = param("free", "choice", LEVER,
        "free: to all; grant: free to poor households; loan: an advance without interest",
        "free: Oklahoma 2007; grant: Florida Power & Light after Ian, Cedar Rapids 2020; loan: Florida Public "
        "Utilities after Michael", up("cost:outreach"))
    from_h: float = param(24.0, "h", LEVER, "helps from then on, from the storm's peak",
        "Cedar Rapids: about day 10; Marianna: day 26; default: assumption", up("electrician_h"), low=-24.0,
        high=8_760.0)
    wait_h: float = param(24.0, "h", UNCERTAIN, "median wait for the programme's electrician, free or by grant",
        "usually within a day of the call: Cedar Rapids 2020", up("electrician_h"), low=0.5, high=1_440.0)
    loan_relief: float = share(0.5, UNCERTAIN, "how far an advance brings the wait of poor households down to others'",
        ASSUMED, down("electrician_h"))
    job_usd: float = param(500.0, "US$/job", UNCERTAIN, "paid for a repair, or advanced for it",
        "500 flat: Oklahoma 2007; grants up to 2,000: Florida 2022; advances up to 1,500: Florida 2018",
        up("cost:outreach"), low=0.0, high=100_000.0)
    unpaid_share: float = share(0.1, UNCERTAIN, "of an advance, never paid back", ASSUMED, up("cost:outreach"))
    wasted_share: float = share(0.58, UNCERTAIN,
        "visits on which nobody is at home, or all is mended, free or by grant",
        "7 of 12 visits of one team on one day: Tulsa 2007, press", up("cost:outreach"), high=0.95)
    visit_usd: float = param(60.0, "US$/visit", UNCERTAIN, "cost of such a visit", ASSUMED, up("cost:outreach"),
        low=0.0, high=10_000.0)
    fixed_usd: float = param(0.0, "US$", UNCERTAIN, "cost of having the programme at all", ASSUMED, up("cost:outreach"),
        low=0.0, high=1e9)  # fmt: skip
