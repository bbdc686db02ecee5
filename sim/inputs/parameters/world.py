"""The grid that feeds the city and the storm that breaks it."""

from pydantic import Field

from sim.inputs.parameters.declare import A_FILE, CONSTANT, LEVER, UNCERTAIN, Section, down, param, share, unclear, up
from sim.inputs.parameters.people import ASSUMED

RADIAL = "US suburban overhead practice; general knowledge"
REPAIR = "co-op and press figures: wire 4-8 h, pole 3-4 h (nremc.com, engineerfix.com); otherwise assumed"


class Grid(Section):
    """A radial tree of substations, feeders, laterals, service transformers and service drops; or files."""

    customers_per_substation: int = param(5_000, "customers", CONSTANT, "customers of a substation",
        "117,000 customers on 20-26 substations, Tallahassee 2018", down("substations"), low=1, high=100_000)
    customers_per_feeder: int = param(1_500, "customers", CONSTANT, "customers of a feeder", RADIAL, down("feeders"),
        low=1, high=20_000)
    customers_per_lateral: int = param(45, "customers", CONSTANT, "customers of a lateral", RADIAL, down("laterals"),
        low=1, high=2_000)
    customers_per_transformer: int = param(7, "customers", CONSTANT, "customers of a service transformer", RADIAL,
        down("transformers"), low=1, high=100)
    size_spread: float = share(0.5, CONSTANT, "how far sizes vary around those, up and down", RADIAL, up("size_spread"),
        high=0.9)
    overhead_share: float = share(0.55, UNCERTAIN, "laterals, transformers and drops above ground",
        "45 % of primary circuit miles underground, Tallahassee 2019 (WTXL)", up("overhead"))
    feeder_sections: int = param(1, "sections", LEVER,
        "sections of a feeder in a row, each behind a switch, where the grid is not the user's",
        "switching spared 8-22 % of would-be outages in Florida storms; that there is none: assumption",
        down("feeder_customers"), low=1, high=10)
    by_length: float = share(1.0, UNCERTAIN,
        "how much of a line's failures goes with its length, where the grid is not the user's",
        "failures of overhead lines grow with length: Chang, Emanuel & Amin 2021, arXiv 2105.03497; share: assumption",
        up("faults:length"))
    critical_share: float = share(0.02, UNCERTAIN, "laterals that feed a hospital, shelter, water plant or the like",
        ASSUMED, up("critical"))
    nodes: str = param("", "file", CONSTANT, "node table (CSV: id, x_km, y_km, customers) of a grid of one's own",
        "user's file", unclear(A_FILE))
    edges: str = param("", "file", CONSTANT, "edge table (CSV: id, from_node, to_node, kind, length_km)", "user's file",
        unclear(A_FILE))
    graphml: str = param("", "file", CONSTANT, "GraphML file of a grid of one's own", "user's file", unclear(A_FILE))
    line_km: float = param(0.3, "km", CONSTANT,
        "length of line that counts as one lateral's exposure, in imported grids", ASSUMED,
        down("faults", "in grids with lengths of lines"), low=0.001, high=100.0)  # fmt: skip


class FailureRates(Section):
    """Expected faults of one overhead device of each level at the reference gust, and of a substation's supply."""

    transmission: float = param(0.0, "faults", UNCERTAIN, "transmission behind which a substation has no supply",
        "6 of 26 substations off line, 60 % of transmission lines out in Michael (news-press.com, 11 Oct 2018)",
        up("supply_lost"), low=0.0, high=20.0)
    substation: float = param(0.25, "faults", UNCERTAIN, "substation",
        "6 of 26 substations off line in Michael", up("faults"), low=0.0, high=20.0)
    feeder: float = param(1.3, "faults", UNCERTAIN, "feeder", "73 % of circuits damaged in Michael", up("faults"),
        low=0.0, high=20.0)
    lateral: float = param(0.9, "faults", UNCERTAIN, "lateral",
        "one trouble spot per 15-60 customers out (Sandy, Irene)", up("faults"), low=0.0, high=20.0)
    transformer: float = param(0.02, "faults", UNCERTAIN, "service transformer",
        "214 transformers replaced in Tallahassee after Michael, of some 17,000 (assumption: one for seven customers)",
        up("faults"), low=0.0, high=20.0)
    drop: float = param(0.016, "faults", UNCERTAIN, "service drop",
        "17-34 jobs for 1,000 customers affected in six storms, less those at all else: assumption", up("faults"),
        low=0.0, high=20.0)  # fmt: skip


class RepairHours(Section):
    """Median hours of work on one fault once it is found; lognormal. Larger outages are not quicker to clear."""

    transmission: float = param(18.0, "h", UNCERTAIN, "transmission", REPAIR, up("repair_h", "where supply is lost"),
        low=0.1, high=240.0)
    substation: float = param(18.0, "h", UNCERTAIN, "substation", REPAIR, up("repair_h"), low=0.1, high=240.0)
    feeder: float = param(6.0, "h", UNCERTAIN, "feeder section", REPAIR, up("repair_h"), low=0.1, high=96.0)
    lateral: float = param(4.0, "h", UNCERTAIN, "lateral: pole and wire", REPAIR, up("repair_h"), low=0.1, high=96.0)
    transformer: float = param(3.0, "h", UNCERTAIN, "service transformer", REPAIR, up("repair_h"), low=0.1, high=96.0)
    drop: float = param(1.5, "h", UNCERTAIN, "service drop", REPAIR, up("repair_h"), low=0.1, high=96.0)
    temporary: float = param(0.5, "h", UNCERTAIN, "temporary fault: seen to be gone, and switched on again",
        "0.3-1 h: assumption", up("repair_h"), low=0.05, high=8.0)
    sigma: float = param(0.6, "log points", UNCERTAIN, "spread of log repair hours", REPAIR, up("repair_spread"),
        low=0.0, high=1.5)  # fmt: skip


class Storm(Section):
    """Peak gusts, what they break, when, and how much work that is; or a damage table of one's own.

    Faults of a device are Poisson with mean ``rate * exposure * (gust / reference) ** gust_exponent``, times
    ``underground_factor`` where the device lies underground.
    """

    peak_at: str = param("2018-10-10T18:00", "local time", CONSTANT,
        "wall clock at hour 0, the storm's peak at the city", "set by the scenario",
        unclear("turns the clock against the storm, round and round"))
    gust_m_per_s: float = param(31.7, "m/s", CONSTANT, "peak gust everywhere, when neither track nor table is given",
        "gusts to 71 mph in Tallahassee, Michael", up("faults"), low=0.0, high=120.0)
    track: list[list[float | str]] = param([], "rows", CONSTANT,
        "best-track rows [time UTC, latitude, longitude, max wind kt, radius of max wind km]", "HURDAT2",
        unclear("its rows are nearer or farther, stronger or weaker"))
    gust_table: str = param("", "file", CONSTANT, "CSV with columns neighbourhood, gust_m_per_s", "user's file",
        unclear(A_FILE))
    damage_table: str = param("", "file", CONSTANT,
        "CSV with columns device, onset_h, repair_h (optionally sensed_h, supply, owner); replaces all drawn damage",
        "user's file", unclear(A_FILE))
    holland_b: float = param(1.3, "1", UNCERTAIN, "peakedness of the wind profile", "Holland 1980: 1 to 2.5",
        down("gust_m_per_s", "off the radius of maximum wind"), low=0.5, high=3.0)
    land_factor: float = param(0.6, "factor", UNCERTAIN, "sustained wind over wooded land against open water", ASSUMED,
        up("gust_m_per_s"), low=0.2, high=1.2)
    gust_factor: float = param(1.5, "factor", UNCERTAIN, "gust against sustained wind", "usual range 1.3-1.7 over land",
        up("gust_m_per_s"), low=1.0, high=2.5)
    reference_gust_m_per_s: float = param(31.7, "m/s", CONSTANT, "gust at which the failure rates hold",
        "gusts to 71 mph in Tallahassee, Michael", down("faults"), low=5.0, high=100.0)
    gust_exponent: float = param(2.0, "exponent", UNCERTAIN, "growth of failures with gust",
        "Chang, Emanuel & Amin 2021, arXiv 2105.03497: quadratic", up("faults", "above the reference gust"), low=0.0,
        high=10.0)
    underground_factor: float = share(0.25, UNCERTAIN, "failures underground against overhead",
        "main lines with an outage in Irma: 18 % underground, 69-82 % overhead (Florida Power & Light)", up("faults"))
    temporary_share: float = share(0.35, UNCERTAIN,
        "faults of lines and transformers that have gone by themselves, at the reference gust",
        "0.5-0.8 in fair weather (MidAmerican; Orlando Utilities); 0.2-0.5 in a hurricane: general knowledge",
        up("temporary"), high=0.8)
    temporary_exponent: float = param(1.0, "exponent", UNCERTAIN, "how fast that share falls with the gust", ASSUMED,
        up("temporary", "below the reference gust"), low=0.0, high=5.0)
    owner_share: float = share(0.4, UNCERTAIN,
        "damaged overhead service drops that tear off what the household owns: weatherhead, mast or meter base",
        "held back for such damage: 0.2-1 % of those out at tropical-storm gusts (Tallahassee), 4-7 % in ice storms "
        "(Oklahoma 2007), 9-15 % near an eyewall (Michael), press; share of drops: assumption", up("owner_faults"))
    meter_base_share: float = share(0.4, UNCERTAIN, "of these, the meter base has to be replaced, not the mast alone",
        ASSUMED, up("meter_bases"))
    onset_window_h: float = param(10.0, "h", UNCERTAIN, "devices fail within this window",
        "Michael, Tallahassee: most of the losses between 2 pm and midnight", up("onset_spread_h"), low=0.0, high=48.0)
    onset_middle_h: float = param(0.0, "h", UNCERTAIN, "middle of the window, from the peak", ASSUMED, up("onset_h"),
        low=-24.0, high=24.0)
    failures: FailureRates = Field(default=FailureRates())
    repair_h: RepairHours = Field(default=RepairHours())  # fmt: skip
