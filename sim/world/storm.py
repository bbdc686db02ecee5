"""The storm: gusts by neighbourhood, the devices that they damage, and the telecom that is lost.

Gusts come from a best track by Holland's profile (1980, doi 10.1175/1520-0493(1980)108<1212:AAMOTW>2.0.CO;2)::

    wind(r) = max_wind * sqrt((R / r) ** B * exp(1 - (R / r) ** B))

with R the radius of maximum wind; then ``gust = wind * land_factor * gust_factor``. What gusts do to
devices is drawn by :mod:`sim.world.damage`, or read from a table.
"""

import numpy as np

from sim.core.columns import DROP, LEVELS, NOT_OWNED, OWNED, SUBSTATION, Damage, Devices, Neighbourhoods, Place
from sim.core.errors import ScenarioError, nearest, unknown
from sim.core.luck import Purpose, column
from sim.inputs.scenario import Scenario
from sim.inputs.tables import check_spelling, check_unique, flag, number, read_table
from sim.world.contrast import meter_coverage
from sim.world.damage import Faults, draw, neighbourhood_of
from sim.world.grid import find
from sim.world.track import peak_winds

OPTIONAL = ("sensed_h", "supply", "owner")
"""Columns that a damage table may have."""


def strike(scenario: Scenario, place: Place, seed: int) -> Damage:
    """What the storm does to a place.

    Returns
    -------
    Damage, with faults in device order

    Raises
    ------
    ScenarioError
        a gust or damage table that does not fit the place; a fault that begins after work has begun
    """
    gust = gusts(scenario, place.neighbourhoods)
    table = read_table(scenario, "damage", "storm.damage_table", ids=("device",))
    if table is None:
        faults = draw(scenario, place, gust, seed)
    else:
        faults = _given(scenario, place.devices, table)
    cell_back_h = cell_service(scenario, place.neighbourhoods, seed)
    telemetry_h = telemetry(scenario, place, cell_back_h, seed)
    by_telemetry_h = np.maximum(faults.onset_h, telemetry_h[faults.device])
    return Damage(
        **faults._replace(
            device=faults.device.astype(np.int32),
            sensed_h=np.where(np.isnan(faults.sensed_h), by_telemetry_h, faults.sensed_h),
        )._asdict(),
        gust_m_per_s=gust,
        cell_back_h=cell_back_h,
        telemetry_h=telemetry_h,
        meter_h=meters(scenario, place, seed),
    )


def gusts(scenario: Scenario, neighbourhoods: Neighbourhoods) -> np.ndarray:
    """Peak gusts, m/s [neighbourhood]: from a table, else from the track, else one number."""
    table = read_table(scenario, "gusts", "storm.gust_table", ids=("neighbourhood",))
    if table is not None:
        return _gusts_from_table(scenario, neighbourhoods, table)
    if scenario["storm.track"]:
        wind = peak_winds(scenario, neighbourhoods.x_km, neighbourhoods.y_km)
        return wind * scenario["storm.land_factor"] * scenario["storm.gust_factor"]
    return np.full(len(neighbourhoods), scenario["storm.gust_m_per_s"])


def _gusts_from_table(scenario: Scenario, neighbourhoods: Neighbourhoods, table: dict[str, np.ndarray]) -> np.ndarray:
    where = f"{scenario.name} gust table"
    check_unique(table, "neighbourhood", where)
    values = dict(zip(table["neighbourhood"], number(table, "gust_m_per_s", where, 0.0, 120.0), strict=True))
    names = [str(name) for name in neighbourhoods.name]
    for name in names:
        if name not in values:
            raise ScenarioError(f"{where}: no gust for neighbourhood '{name}'{nearest(name, values)}")
    return np.array([values[name] for name in names])


def _given(scenario: Scenario, devices: Devices, table: dict[str, np.ndarray]) -> Faults:
    where = f"{scenario.name} damage table"
    check_spelling(table, OPTIONAL, where, likeness=0.85)  # less like than that are other words: order, power
    check_unique(table, "device", where)
    device = find(devices, table["device"], where)
    onset_h = number(table, "onset_h", where, -1_000.0, 1_000.0)
    late = onset_h > scenario["crews.safe_h"]
    if late.any():
        row = int(np.argmax(late))
        raise ScenarioError(
            f"{where}: row {row + 1}: device '{table['device'][row]}' fails at {onset_h[row]:g} h, after work begins "
            f"(crews.safe_h = {scenario['crews.safe_h']:g} h)"
        )
    order = np.argsort(device)
    sensed_h = np.full(len(device), np.nan)
    if "sensed_h" in table:
        sensed_h = number(table, "sensed_h", where, -1_000.0, 10_000.0, empty=True)
    repair_h = number(table, "repair_h", where, 0.0, 10_000.0)
    n_faults = np.ones(len(device), dtype=np.int64)
    columns = (
        device,
        n_faults,
        n_faults - 1,
        _supply_given(devices, device, table, where),
        _owner_given(devices, device, table, where),
        onset_h,
        repair_h,
        sensed_h,
    )
    return Faults(*(column[order] for column in columns))


def _supply_given(devices: Devices, device: np.ndarray, table: dict[str, np.ndarray], where: str) -> np.ndarray:
    """Which of the damaged devices have lost their supply, bool [row]: substations at the source of the grid only."""
    if "supply" not in table:
        return np.zeros(len(device), dtype=bool)
    lost = flag(table, "supply", where)
    wrong = lost & ((devices.level[device] != SUBSTATION) | (devices.parent[device] >= 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        below = " behind another device" if devices.parent[device[row]] >= 0 else ""
        raise ScenarioError(
            f"{where}: row {row + 1}: '{table['device'][row]}' is a {LEVELS[devices.level[device[row]]]}{below}; only "
            "a substation at the source of the grid can lose its supply"
        )
    return lost


def _owner_given(devices: Devices, device: np.ndarray, table: dict[str, np.ndarray], where: str) -> np.ndarray:
    """What each of the damaged devices tore off that the household owns, int8 [row]: service drops only."""
    if "owner" not in table:
        return np.full(len(device), NOT_OWNED, dtype=np.int8)
    given = ["" if word is None or word != word else str(word).strip() for word in table["owner"]]  # NaN: an empty cell
    for row, word in enumerate(given, 1):
        if word not in OWNED:
            raise unknown(f"{where}: column 'owner', row {row}", "part", word, OWNED[1:])
    torn = np.array([OWNED.index(word) for word in given], dtype=np.int8)
    wrong = (torn != NOT_OWNED) & ((devices.level[device] != DROP) | (devices.last[device] == devices.first[device]))
    if wrong.any():
        row = int(np.argmax(wrong))
        what = f"a {LEVELS[devices.level[device[row]]]}"
        what += " without customers" if devices.level[device[row]] == DROP else ""
        raise ScenarioError(
            f"{where}: row {row + 1}: '{table['device'][row]}' is {what}; only a service drop can tear off "
            "what a household owns"
        )
    return torn


def telemetry(scenario: Scenario, place: Place, cell_back_h: np.ndarray, seed: int) -> np.ndarray:
    """From when on each device tells the control room whether it is energised; float64 [device].

    A share of each level is telemetered. Where cell service is out (until ``cell_back_h`` [neighbourhood]), a share of
    these is silent as long.
    """
    devices = place.devices
    share = np.array([getattr(scenario.parameters.sensing, name) for name in LEVELS])[devices.level]
    has = column(seed, Purpose.SENSING, devices.id) < share
    from_h = np.where(has, -np.inf, np.inf)
    back_h = cell_back_h[neighbourhood_of(place)[has]]
    silent = column(seed, Purpose.LINK_DOWN, devices.id[has]) < scenario["sensing.link_down_share"]
    from_h[has] = np.where(silent, back_h, -np.inf)
    return from_h


def meters(scenario: Scenario, place: Place, seed: int) -> np.ndarray:
    """From when on each household's meter answers; float64 [household], infinity: never.

    The storm silences all of them; the share that answers again by ``t`` is ``coverage * (1 - 2 ** (-t / half_time))``.
    """
    coverage = meter_coverage(scenario, place)
    people = place.households
    if not coverage.any():
        return np.full(len(people), np.inf)
    has = column(seed, Purpose.METER, people.id) < coverage[people.neighbourhood]
    halves = -np.log2(column(seed, Purpose.METER_BACK, people.id))
    return np.where(has, halves * scenario["sensing.meter_half_time_h"], np.inf)


def cell_service(scenario: Scenario, neighbourhoods: Neighbourhoods, seed: int) -> np.ndarray:
    """When cell service is back, h [neighbourhood]; minus infinity where it was never lost."""
    lost = column(seed, Purpose.CELL_OUT, neighbourhoods.id) < scenario["telecom.cell_out_share"]
    halves = -np.log2(column(seed, Purpose.CELL_BACK, neighbourhoods.id))
    return np.where(lost, halves * scenario["telecom.cell_half_time_h"], -np.inf)
