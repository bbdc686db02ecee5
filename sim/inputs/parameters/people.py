"""Who lives in the city: shares, their dependence on one another, knowledge, trust, need and social ties.

Shares come from the American Community Survey and Pew surveys; ``*_odds`` are odds ratios by which an attribute
depends on another *while the share itself stays as given*. Race enters the world only here, as a correlate of
income, access, knowledge, trust and need; no rule of behaviour ever reads it.
"""

from typing import Any

from pydantic import Field

from sim.core.limits import AREA_KM2, HOUSEHOLDS
from sim.inputs.parameters.census import Census
from sim.inputs.parameters.declare import (
    A_FILE,
    CONSTANT,
    UNCERTAIN,
    Moves,
    Section,
    down,
    odds,
    param,
    share,
    unclear,
    up,
)  # fmt: skip

ACS = "US Census Bureau, ACS 2014-18, Leon County FL (CDC/ATSDR SVI 2018 county file)"
PEW = "Pew Research Center, Mobile technology and home broadband 2019; mobile fact sheet 2021"
ASSUMED = "assumption"
ODDS = "odds ratios of reporting for an essential service between 0.8 and 1.6; size assumed"
NEARER = "nearer to the track or farther from it"
NO_SIGN = (
    "assumption: no slope. Low-income blocks have less canopy (McDonald et al. 2021, doi 10.1371/journal.pone.0249715) "
    "but often older plant (Detroit 2022), and canopy breaks lines: the gradient need not have one sign"
)
NO_FIGURE = "assumption: no slope; nobody has measured it by neighbourhood"


def slope(what: str, source: str, moves: Moves, unit: str = "log points") -> Any:
    """Declare a slope on social vulnerability; 0: all neighbourhoods alike, both signs in range."""
    meaning = f"{what}, most against least vulnerable neighbourhood (SVI percentile 1 against 0); mean kept"
    return param(0.0, unit, UNCERTAIN, meaning, source, moves, low=-3.0, high=3.0)


class Place(Section):
    """How many customers, in how many neighbourhoods, on how much land, how unlike; or the tables that say so."""

    customers: int = param(10_000, "customers", CONSTANT, "households simulated, one customer each",
        "set by the scenario", up("households"), low=1, high=HOUSEHOLDS)
    neighbourhoods: int = param(40, "count", CONSTANT, "neighbourhoods when no tract table is given",
        "about one per census tract", up("neighbourhoods"), low=1, high=5_000)
    area_km2: float = param(150.0, "km2", CONSTANT, "land served when no tract table is given", "set by the scenario",
        up("distance_km"), low=0.01, high=AREA_KM2)
    latitude_deg: float = param(30.44, "degrees north", CONSTANT, "centre of the city, for the storm's track",
        "Tallahassee FL", unclear(NEARER), low=-90.0, high=90.0)
    longitude_deg: float = param(-84.28, "degrees east", CONSTANT, "centre of the city, for the storm's track",
        "Tallahassee FL", unclear(NEARER), low=-180.0, high=180.0)
    tracts: str = param("", "file", CONSTANT,
        "tract table (CSV) with the columns of CDC SVI / ACS; empty: from figures", "user's file", unclear(A_FILE))
    households: str = param("", "file", CONSTANT, "household table (CSV or Parquet); replaces all synthesis of people",
        "user's file", unclear(A_FILE))
    neighbourhood_table: str = param("", "file", CONSTANT,
        "CSV with a column neighbourhood and any of overhead_share, exposure, repair_factor, access_factor, "
        "meter_coverage", "user's file", unclear(A_FILE))
    facilities: str = param("", "file", CONSTANT,
        "CSV of critical facilities: kind, x_km and y_km or latitude and longitude; replaces grid.critical_share",
        "user's file", unclear(A_FILE))
    overhead_by_svi: float = slope("log odds of being fed overhead", NO_FIGURE, up("overhead:svi"), "log odds")
    overhead_by_decade: float = param(0.0, "log odds/decade", UNCERTAIN,
        "log odds of being fed overhead by the age of buildings, from a tract table's median_year_built; mean kept",
        "assumption: no slope. Tallahassee: all development since the late 1980s is underground (wtxl.com 2019), which "
        "a slope of 1 to 2 would draw", 
        unclear("moves overhead lines from new neighbourhoods to old ones, their number stays"), low=-3.0, high=3.0)
    exposure_by_svi: float = slope("log failure rate of devices", NO_SIGN, up("faults:svi"))
    repair_by_svi: float = slope("log repair hours", NO_FIGURE, up("repair_h:svi"))
    access_by_svi: float = slope("log travel time while roads are blocked", NO_FIGURE, up("travel_h:svi"))
    meters_by_svi: float = slope("log odds of a meter that answers", NO_FIGURE, down("metered_h:svi"), "log odds")
    critical_by_svi: float = slope("log odds that a lateral feeds a critical facility, where none are given",
        NO_FIGURE, up("critical:svi"), "log odds")  # fmt: skip


class People(Section):
    """County-level shares, the segregation of neighbourhoods, and how attributes depend on each other."""

    census: Census = Field(default=Census())
    minority_share: float = share(0.43, CONSTANT, "households not non-Hispanic White", ACS, up("minority"))
    black_share: float = share(0.31, CONSTANT, "Black households, part of the minority share", ACS, up("black"))
    hispanic_share: float = share(0.063, CONSTANT, "Hispanic households, part of the minority share", ACS,
        up("hispanic"))
    dissimilarity: float = share(0.42, UNCERTAIN, "minority dissimilarity index over neighbourhoods",
        "Black-White dissimilarity of Leon County tracts; all minorities against others 0.32 there (ACS)",
        up("dissimilarity"), high=0.95)
    clustering: float = share(0.7, UNCERTAIN, "how far similar neighbourhoods lie side by side", ASSUMED,
        up("clustering"))
    median_income_usd: float = param(49_077.0, "US$/year", CONSTANT, "median household income",
        "ACS 2017-21, Tallahassee", up("median_income_usd"), low=1_000.0, high=1_000_000.0)
    income_sigma: float = param(0.9, "log points", UNCERTAIN, "spread of log income",
        "Gini 0.49 for Leon County (ACS) corresponds to a lognormal sigma of 0.93", up("income_spread"), low=0.0,
        high=2.0)
    poverty_share: float = share(0.20, CONSTANT, "households below the poverty line", ACS, up("poor"))
    student_share: float = share(0.0, CONSTANT,
        "households of students: poor by income, not by means; for a city whose tract table does not tell",
        "assumption: none. Tallahassee has about 70,000 students", up("student"))
    over65_share: float = share(0.22, CONSTANT, "households with a member aged 65 or older",
        ACS + ": 12.4 % of persons, 95 % of them in households, 1.35 per such household (general knowledge)",
        up("over65"))
    children_share: float = share(0.26, CONSTANT, "households with anyone under 18",
        ACS + ": 18.7 % of persons, 1.8 per such household (general knowledge)", up("children"))
    disability_share: float = share(0.23, CONSTANT, "households with a disabled member",
        ACS + ": 11.4 % of persons, 1.25 per such household (general knowledge)", up("disability"))
    medical_device_share: float = share(0.03, UNCERTAIN, "households with an electricity-dependent medical device",
        "HHS emPOWER about 2 % of US households on Medicare alone; assumption above that", up("medical_device"))
    limited_english_share: float = share(0.014, UNCERTAIN, "households with limited English",
        ACS + ": 0.7 % of persons; 1-2 % of households: general knowledge", up("limited_english"))
    renter_share: float = share(0.47, CONSTANT, "households that rent", ACS, up("renter"))
    no_vehicle_share: float = share(0.064, CONSTANT, "households without a vehicle", ACS, up("no_vehicle"))
    broadband_share: float = share(0.882, CONSTANT, "households with an internet subscription",
        "ACS 2015-19 table B28002, Leon County", up("broadband"))
    smartphone_share: float = share(0.81, CONSTANT, "households with a smartphone", PEW, up("smartphone"))
    phone_share: float = share(0.97, CONSTANT, "households with any phone", PEW, up("phone"))
    landline_share: float = share(0.05, UNCERTAIN,
        "households with a line-powered telephone: works without home power",
        "3-7 % of Florida homes, end of 2018: computed from the lines counted by the Florida PSC", up("landline"))
    voip_share: float = share(0.36, UNCERTAIN, "households with another telephone at home, which needs power",
        "NHIS 2018: 41.7 % of homes have any landline; less the line-powered ones", up("voip"))
    substitute_share: float = share(0.2, UNCERTAIN, "households with a generator or somewhere else to go", ASSUMED,
        up("substitute"))
    medical_registered_share: float = share(0.3, UNCERTAIN, "medical-device households on the utility's register",
        ASSUMED, up("medical_registered"))
    political_capital_share: float = share(0.08, UNCERTAIN, "households with an informal route to officials", ASSUMED,
        up("political_capital"))

    poverty_minority_odds: float = odds(2.2, "poverty, minority against others", ASSUMED, up("poor:minority"))
    limited_english_minority_odds: float = odds(6.0, "limited English, minority against others",
        "ACS table C16002: such households speak Spanish or another language at home; size assumed",
        up("limited_english:minority"))
    renter_poor_odds: float = odds(3.0, "renting, poor against others", ASSUMED, up("renter:poor"))
    no_vehicle_poor_odds: float = odds(5.0, "no vehicle, poor against others", ASSUMED, up("no_vehicle:poor"))
    disability_over65_odds: float = odds(3.0, "disability, 65+ against others", ASSUMED, up("disability:over65"))
    medical_over65_odds: float = odds(2.5, "medical device, 65+ against others", ASSUMED, up("medical_device:over65"))
    broadband_poor_odds: float = odds(0.35, "internet subscription, poor against others",
        "Leon tracts: 4.9 % without internet in the lowest SVI quartile, 17.0 % in the highest", up("broadband:poor"))
    broadband_over65_odds: float = odds(0.6, "internet subscription, 65+ against others", PEW, up("broadband:over65"))
    broadband_minority_odds: float = odds(0.55, "internet subscription, minority against others",
        "Leon tracts: 4.3 % without internet below 25 % minority, 17.2 % above 75 %", up("broadband:minority"))
    smartphone_poor_odds: float = odds(0.55, "smartphone, poor against others", PEW + ": 71 % below $30k",
        up("smartphone:poor"))
    smartphone_over65_odds: float = odds(0.22, "smartphone, 65+ against others", PEW + ": 53 % at 65+",
        up("smartphone:over65"))
    smartphone_disability_odds: float = odds(0.45, "smartphone, disabled against others", PEW + ": 72 against 88 %",
        up("smartphone:disability"))
    smartphone_minority_odds: float = odds(1.0, "smartphone, minority against others", PEW + ": equal by race",
        up("smartphone:minority"))
    substitute_minority_odds: float = odds(0.4, "substitute for power, minority against others",
        "Chakalian et al. 2019: White respondents 2.5 times as likely to use a generator (n = 42)",
        up("substitute:minority"))
    substitute_poor_odds: float = odds(0.4, "substitute for power, poor against others", ASSUMED, up("substitute:poor"))
    political_capital_minority_odds: float = odds(0.5, "informal route, minority against others",
        "direction: Xu & Tang 2020, doi 10.1111/puar.13222; size assumed", up("political_capital:minority"))
    political_capital_poor_odds: float = odds(0.5, "informal route, poor against others", ASSUMED,
        up("political_capital:poor"))  # fmt: skip


class Knowledge(Section):
    """What households know and believe about reporting; awareness of each channel stands with the channel."""

    awareness_minority_odds: float = odds(0.9, "awareness of any channel, minority against others",
        "Liu, Bhandaram & Garg 2023, direction; size assumed", up("channels_known:minority"))
    awareness_poor_odds: float = odds(0.8, "awareness of any channel, poor against others",
        "Feigenbaum & Hall: income elasticity of requests about 0.3", up("channels_known:poor"))
    awareness_limited_english_odds: float = odds(0.5, "awareness of any channel, limited English against others",
        ASSUMED, up("channels_known:limited_english"))
    digital_over65_odds: float = odds(0.4, "awareness of web, app and SMS, 65+ against others", ASSUMED,
        up("digital_known:over65"))
    knowledge_mean: float = share(0.5, UNCERTAIN, "how well a typical household knows how to report", ASSUMED,
        up("report_rate"))
    knowledge_spread: float = param(0.8, "logits", UNCERTAIN, "spread of knowledge over households", ASSUMED,
        up("knowledge_spread"), low=0.0, high=3.0)
    knowledge_minority_shift: float = param(-0.1, "logits", UNCERTAIN, "knowledge, minority less others", ASSUMED,
        up("knowledge:minority"), low=-3.0, high=3.0)
    knowledge_poor_shift: float = param(-0.3, "logits", UNCERTAIN, "knowledge, poor less others", ASSUMED,
        up("knowledge:poor"), low=-3.0, high=3.0)
    trust_mean: float = share(0.5, UNCERTAIN, "trust that reporting helps, of a typical household", ASSUMED,
        up("report_rate"))
    trust_spread: float = param(0.8, "logits", UNCERTAIN, "spread of trust over households", ASSUMED,
        up("trust_spread"), low=0.0, high=3.0)
    trust_minority_shift: float = param(-0.2, "logits", UNCERTAIN, "trust, minority less others", ASSUMED,
        up("trust:minority"), low=-3.0, high=3.0)  # fmt: skip


class Need(Section):
    """How need for power grows with the hours out, log-logistic with the household's own tolerance; and what stays."""

    tolerance_h: float = param(48.0, "h", UNCERTAIN, "hours out at which need is one half, typical household",
        "form: Esmalian, Dong & Mostafavi 2021; value assumed", down("report_rate"), low=6.0, high=240.0)
    tolerance_sigma: float = param(0.5, "log points", UNCERTAIN, "spread of tolerance over households", ASSUMED,
        up("tolerance_spread"), low=0.0, high=1.5)
    shape: float = param(2.0, "exponent", UNCERTAIN, "steepness of need around the tolerance", ASSUMED,
        down("early_report_rate"), low=0.5, high=8.0)
    medical_factor: float = param(0.5, "factor", UNCERTAIN, "tolerance with a medical device", ASSUMED,
        up("tolerance_h"), low=0.05, high=1.0)
    children_factor: float = param(0.8, "factor", UNCERTAIN, "tolerance with anyone under 18", ASSUMED,
        up("tolerance_h"), low=0.05, high=1.0)
    over65_factor: float = param(0.85, "factor", UNCERTAIN, "tolerance at 65+", ASSUMED, up("tolerance_h"), low=0.05,
        high=1.0)
    no_substitute_factor: float = param(0.7, "factor", UNCERTAIN, "tolerance without a substitute for power", ASSUMED,
        up("tolerance_h"), low=0.05, high=1.0)
    medical_odds: float = odds(1.6, "telling at any moment, with a medical device against without", ODDS,
        up("report_rate"))
    children_odds: float = odds(1.2, "telling at any moment, with anyone under 18 against without", ODDS,
        up("report_rate"))
    over65_odds: float = odds(1.1, "telling at any moment, at 65+ against younger", ODDS, up("report_rate"))
    no_substitute_odds: float = odds(1.3, "telling at any moment, without a substitute for power against with", ODDS,
        up("report_rate"))


class Ties(Section):
    """The social graph: neighbours in space, some far ties, more often between alike."""

    neighbours: int = param(4, "ties", UNCERTAIN, "ties of a household", ASSUMED, up("ties"), low=0, high=20)
    far_share: float = share(0.1, UNCERTAIN, "ties that reach beyond the street", "small-world form; share assumed",
        up("tie_km"))
    homophily: float = share(0.5, UNCERTAIN, "far ties kept only between households of one group", ASSUMED,
        up("alike_ties"))
    word_of_mouth: float = share(0.02, UNCERTAIN, "chance that a tie who knows a channel has passed it on", ASSUMED,
        up("channels_known"))  # fmt: skip
