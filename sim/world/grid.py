"""The radial grid of a city without a network file: neighbours grouped, and groups grouped again.

Households are laid on a Hilbert curve, which keeps neighbours together; ties are broken by household id, so
that the order of rows never matters. The line is cut into substations, each of these into feeders, laterals
and service transformers, and every household gets a service drop of its own. A stretch of ``n`` customers is
cut into ``k = round(n / customers_per_...)`` pieces, at least one, the ``i``-th of which begins at

    i + round((i + jitter[i]) * (n - k) / k),   jitter uniform within +-size_spread / 2,   jitter[0] = 0,

so pieces nest exactly, hold at least one customer, and differ from the even share ``n / k`` by no more than
``size_spread`` of it and one customer for rounding.

Luck belongs to the *path* (third transformer of the second lateral of ...), not to a row. A lateral is
overhead or underground by ``overhead_share``; what hangs below it shares its fate, what is above is overhead.
"""

from typing import Any

import numpy as np

from sim.core import luck
from sim.core.columns import DROP, FEEDER, LATERAL, LEVELS, SUBSTATION, TRANSFORMER, Devices, slice_sums
from sim.core.errors import ScenarioError, nearest, shortened
from sim.inputs.scenario import Scenario
from sim.world.labels import Labels
from sim.world.lengths import exposure
from sim.world.sections import cut_feeders

TARGETS = tuple(f"grid.customers_per_{level}" for level in LEVELS[:DROP])
HILBERT_BITS = 16
ROW_BITS = np.uint64(64 - 2 * HILBERT_BITS)  # are left in a word for the number of a row
Tier = dict[str, np.ndarray]  # the devices of one level


def synthesise(
    scenario: Scenario,
    seed: int,
    x_km: np.ndarray,
    y_km: np.ndarray,
    ids: np.ndarray,
    overhead_share_of_household: np.ndarray | None = None,
    critical_share_of_household: np.ndarray | None = None,
    labels: np.ndarray | None = None,
) -> tuple[np.ndarray, Devices, np.ndarray]:
    """Group neighbours into a radial tree.

    Parameters
    ----------
    scenario : Scenario          section ``grid``: sizes, their spread, overhead and critical shares
    seed : int                   of the world
    x_km, y_km : float [household]   where they live
    ids : uint64 [household]     identities for luck, each once
    overhead_share_of_household : float [household] or None
        chance that the lateral there is overhead, if it differs over the city; None: ``grid.overhead_share``
    critical_share_of_household : float [household] or None
        chance that the lateral there feeds a critical facility, alike; None: ``grid.critical_share``
    labels : [household] or None     household names used in the labels of drops; None: the ids

    Returns
    -------
    order : int64 [household]    rows in depth-first order of the grid
    devices : Devices            substation > feeder > lateral > transformer > drop
    served_by : int32 [household in that order]   its drop
    """
    order = along_curve(x_km, y_km, ids)
    x_km, y_km, ids = x_km[order], y_km[order], np.asarray(ids, dtype=np.uint64)[order]
    names = ids if labels is None else np.asarray(labels)[order]
    tiers = _tiers(scenario, seed, ids)
    overhead_share = _of_laterals(tiers, overhead_share_of_household, order, scenario["grid.overhead_share"])
    critical_share = _of_laterals(tiers, critical_share_of_household, order, scenario["grid.critical_share"])
    index, end = _depth_first(tiers, len(ids))
    columns = _assemble(tiers, index, end, x_km, y_km)
    columns["overhead"] = _overhead(tiers, index, seed, overhead_share)
    columns["critical"] = np.zeros(len(columns["level"]), dtype=bool)
    lucky = luck.column(seed, luck.Purpose.CRITICAL, tiers[LATERAL]["id"]) < critical_share
    columns["critical"][index[LATERAL]] = lucky
    columns, moved = cut_feeders(columns, scenario["grid.feeder_sections"], _of_sections)
    is_new = np.ones(len(columns["level"]), dtype=bool)
    is_new[moved] = False
    put_in = np.flatnonzero(is_new)
    first, last = columns["first"][put_in], columns["last"][put_in]
    for name, of_household in (("x_km", x_km), ("y_km", y_km)):
        columns[name][put_in] = slice_sums(of_household, first, last) / (last - first)
    label = Labels(columns["level"], columns["parent"], columns.pop("number"), names)
    columns["line_km"] = line_km(columns["parent"], columns["x_km"], columns["y_km"])
    tree = [columns[name] for name in ("level", "parent", "x_km", "y_km")]
    columns["exposure"] = exposure(scenario["grid.by_length"], *tree)
    devices = Devices(label=label, **columns)  # type: ignore[arg-type]
    return order, devices, moved[index[DROP]].astype(np.int32)


def hilbert(x_km: np.ndarray, y_km: np.ndarray) -> np.ndarray:
    """Position of every point along a Hilbert curve over the square that holds them all.

    Parameters
    ----------
    x_km, y_km : float [point]

    Returns
    -------
    uint64 [point], below 4 ** 16; points in one cell (a 65,536th of the city's width) share a position

    Notes
    -----
    Bit by bit from the coarsest quadrant; lower bits are seen mirrored and swapped as the curve turns
    (Hilbert 1891, doi 10.1007/BF01199431).
    """
    if not len(x_km):
        return np.empty(0, dtype=np.uint64)
    span = max(np.ptp(x_km), np.ptp(y_km)) or 1.0
    cells = 2**HILBERT_BITS * (1.0 - 1e-12)
    x, y = (((c - np.min(c)) / span * cells).astype(np.uint32) for c in (x_km, y_km))
    key = np.zeros(len(x), dtype=np.uint64)
    swapped = np.zeros(len(x), dtype=np.uint8)
    mirrored = np.zeros(len(x), dtype=np.uint8)
    for bit in range(HILBERT_BITS - 1, -1, -1):
        east, north = (((c >> bit) & 1).astype(np.uint8) for c in (x, y))
        turn = (east ^ north) & swapped
        east, north = east ^ turn ^ mirrored, north ^ turn ^ mirrored
        key = (key << np.uint64(2)) | ((3 * east) ^ north)
        swapped ^= 1 - north
        mirrored ^= east & (1 - north)
    return key


def along_curve(x_km: np.ndarray, y_km: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Rows in the order of the Hilbert curve, those at one position by id; int64 [point]."""
    by_id = np.argsort(ids, kind="stable")
    position = hilbert(x_km, y_km)[by_id] << ROW_BITS
    both = np.sort(position | np.arange(len(by_id), dtype=np.uint64))  # much quicker than to find the order of two keys
    return by_id[both & ((np.uint64(1) << ROW_BITS) - np.uint64(1))]


def line_km(parent: np.ndarray, x_km: np.ndarray, y_km: np.ndarray) -> np.ndarray:
    """Line from the device above to each device as the crow flies, none at a source. Returns float64 [device]."""
    above = np.where(parent >= 0, parent, np.arange(len(parent)))
    return np.hypot(x_km - x_km[above], y_km - y_km[above])


def find(devices: Devices, names: Any, where: str) -> np.ndarray:
    """Rows (int32 [name]) of devices by label (text [name]); ``where`` opens a complaint about an unknown one."""
    row = {str(label): i for i, label in enumerate(devices.label)}
    for name in names:
        if str(name) not in row:
            raise ScenarioError(f"{where}: unknown device '{shortened(name)}'{nearest(name, row)}")
    return np.array([row[str(name)] for name in names], dtype=np.int32)


def _tiers(scenario: Scenario, seed: int, ids: np.ndarray) -> list[Tier]:
    """Per level: first customer, how many, number within its owner (the device above), owner, identity."""
    spread = scenario["grid.size_spread"]
    n = len(ids)
    above = {"first": np.zeros(1, dtype=np.int64), "count": np.array([n]), "id": np.zeros(1, dtype=np.uint64)}
    tiers = []
    for level in range(SUBSTATION, DROP):
        above = _cut(above, scenario[TARGETS[level]], spread, seed, level)
        tiers.append(above)
    household = np.arange(n)
    drops = {"first": household, "count": np.ones(n, dtype=np.int64), "number": household}
    drops["owner"] = np.repeat(np.arange(len(above["count"])), above["count"])
    drops["id"] = _tagged(ids, DROP)  # a household's own luck, wherever the tree puts it
    return [*tiers, drops]


def _cut(above: Tier, target: int, spread: float, seed: int, level: int) -> Tier:
    """Cut every stretch into pieces of about ``target`` customers; formula at the head of this file."""
    count = above["count"]
    pieces = np.clip(np.floor(count / target + 0.5), 1, np.maximum(count, 1)).astype(np.int64)
    owner = np.repeat(np.arange(len(count)), pieces)
    number = np.arange(len(owner)) - (np.cumsum(pieces) - pieces)[owner]
    identity = _path(above["id"][owner], number, level)
    jitter = spread * (luck.column(seed, luck.Purpose.GRID_SIZE, identity) - 0.5)
    jitter[number == 0] = 0.0
    spare = ((count - pieces) / pieces)[owner]
    first = above["first"][owner] + number + np.floor((number + jitter) * spare + 0.5).astype(np.int64)
    size = np.diff(first, append=above["first"][-1] + count[-1])
    return {"first": first, "count": size, "number": number, "owner": owner, "id": identity}


def _of_sections(feeder: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Identities of sections of feeders."""
    return _path(feeder, number, int(FEEDER))


def _path(above: np.ndarray, number: np.ndarray, level: int) -> np.ndarray:
    """Identity of the ``number``-th device below ``above``: mixed by the finaliser of SplitMix64."""
    word = above ^ ((number.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return _tagged(word ^ (word >> np.uint64(31)), level)


def _tagged(word: np.ndarray, level: int | np.integer) -> np.ndarray:
    return (word & np.uint64(2**60 - 1)) | np.uint64((level + 1) << 60)


def _depth_first(tiers: list[Tier], n: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Per level, the row of each device and the row after its last descendant.

    Where a substation begins, a feeder, a lateral, a transformer and a drop begin too; so the devices that
    begin at a household are the levels from some ``top`` down to its drop, and rows follow by counting.
    """
    top = np.full(n, DROP)
    for level in (TRANSFORMER, LATERAL, FEEDER, SUBSTATION):
        top[tiers[level]["first"]] = level
    before = np.concatenate(([0], np.cumsum(DROP + 1 - top)))
    index = [before[t["first"]] + level - top[t["first"]] for level, t in enumerate(tiers)]
    end = [before[t["first"] + t["count"]] for t in tiers]
    return index, end


def _assemble(tiers: list[Tier], index: list, end: list, x_km: np.ndarray, y_km: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of Devices that follow from the tree alone, level by level into depth-first rows."""
    kinds: dict[str, Any] = dict.fromkeys(("parent", "end", "first", "last", "number"), np.int32)
    kinds |= {"id": np.uint64, "level": np.int8, "x_km": float, "y_km": float}
    columns = {name: np.empty(sum(map(len, index)), dtype=kind) for name, kind in kinds.items()}
    for level, tier in enumerate(tiers):
        first, count = tier["first"], tier["count"]
        values = {"id": tier["id"], "level": level, "end": end[level], "first": first, "last": first + count}
        values["parent"] = index[level - 1][tier["owner"]] if level else -1
        values["number"] = tier["number"]
        values["x_km"], values["y_km"] = (np.add.reduceat(c, first) / count for c in (x_km, y_km))
        for name, value in values.items():
            columns[name][index[level]] = value
    return columns


def _of_laterals(tiers: list[Tier], share: np.ndarray | None, order: np.ndarray, city: float) -> float | np.ndarray:
    """A share [household] as the mean over the customers of each lateral; the city's where there is none."""
    laterals = tiers[LATERAL]
    return city if share is None else np.add.reduceat(share[order], laterals["first"]) / laterals["count"]


def _overhead(tiers: list[Tier], index: list, seed: int, share: float | np.ndarray) -> np.ndarray:
    laterals = tiers[LATERAL]
    above_ground = luck.column(seed, luck.Purpose.OVERHEAD, laterals["id"]) < share
    of_household = np.repeat(above_ground, laterals["count"])
    overhead = np.ones(sum(map(len, index)), dtype=bool)
    for level in (LATERAL, TRANSFORMER, DROP):
        overhead[index[level]] = of_household[tiers[level]["first"]]
    return overhead
