"""Which grid serves the city: a network of one's own with the households matched to it, or a synthetic one.

Households go to the device or node that their table names; else as many to each node as it has customers; else
to the nearest node with customers. Then the network's tree gets what depends on who is behind a device, on
parameters and on luck: its slice of customers, a place, overhead or not, critical or not.

When several devices of a level are suspected, suspicion rolls up to the *head* (most upstream device) of the
next section of a higher level. A line counts for ``length_km / grid.line_km`` typical devices of its level,
everything else for one; a column ``exposure`` overrides that.
"""

from typing import NamedTuple

import numpy as np

from sim.core import luck
from sim.core.columns import LATERAL, Devices, Households, slice_sums
from sim.core.errors import ScenarioError, nearest
from sim.inputs import tables
from sim.inputs.scenario import Scenario
from sim.world import grid
from sim.world.network_files import Network, from_devices, from_graphml, from_tables
from sim.world.radial import section_heads


class Local(NamedTuple):
    """Shares that differ over the city, float64 [household]; None: the city's everywhere."""

    overhead: np.ndarray | None = None
    critical: np.ndarray | None = None


ALIKE = Local()


def build(
    scenario: Scenario, seed: int, households: Households, local: Local = ALIKE
) -> tuple[np.ndarray, Devices, np.ndarray]:
    """The grid that the scenario names, or a synthetic one where it names none.

    Parameters
    ----------
    scenario : Scenario       ``[tables.devices]``, ``grid.graphml``, or ``grid.nodes`` with ``grid.edges``
    seed : int                of the world
    households : Households   in any order; matched to a network by column ``device`` or ``node`` of their
                              table, else by its customer counts, else to the nearest node with customers
    local : Local             shares of overhead and of critical laterals where households live

    Returns
    -------
    order : int64 [household]      rows in depth-first order of the grid
    devices : Devices
    served_by : int32 [household in that order]   the last device before the meter
    """
    network = read(scenario)
    if network is None:
        x_km, y_km = households.x_km, households.y_km
        return grid.synthesise(scenario, seed, x_km, y_km, households.id, *local, labels=households.label)
    table = tables.read_table(scenario, "households", "place.households", ("household_id", "device", "node"))
    device = _matched(network, households, table)
    order = np.lexsort((households.id, device))
    served_by = device[order].astype(np.int32)
    x_km, y_km = households.x_km[order], households.y_km[order]
    local = Local(*(None if share is None else share[order] for share in local))
    return order, _devices(network, scenario, seed, served_by, x_km, y_km, local), served_by


def read(scenario: Scenario) -> Network | None:
    """The network that the scenario names: None if it names none, an error if it names two."""
    named = [f"grid.{name}" for name in ("nodes", "edges", "graphml") if scenario[f"grid.{name}"]]
    devices = tables.read_table(scenario, "devices", "", ("device",))
    if not named:
        return None if devices is None else from_devices(devices, tables.place_of(scenario, "devices", ""))
    if devices is None and named == ["grid.graphml"]:
        return from_graphml(scenario.path_of("grid.graphml"), scenario.planned.get("grid.graphml", ""))
    if devices is not None or named != ["grid.nodes", "grid.edges"]:
        given = " and ".join(named + ["[tables.devices]"] * (devices is not None))
        legal = "grid.nodes with grid.edges, or grid.graphml, or [tables.devices], or none"
        raise ScenarioError(f"{scenario.name} [grid]: {given} given; allowed are {legal}")
    nodes = tables.read_table(scenario, "nodes", "grid.nodes", ("id",))
    edges = tables.read_table(scenario, "edges", "grid.edges", ("id", "from_node", "to_node", "kind"))
    return from_tables(nodes or {}, edges or {})


def _matched(network: Network, households: Households, table: tables.Table | None) -> np.ndarray:
    """The device that serves each household: as its table says, else by customer counts, else the nearest."""
    for column, names in (("device", network.label), ("node", network.node)):
        if table is not None and column in table:
            return _named(households, table, column, names)
    total = int(network.customers.sum())
    if not total:
        raise ScenarioError(
            "[grid]: nobody is served; give it a column customers, or the household table a column device"
        )
    if table is None or total == len(households):
        return _by_counts(network, households)
    return _nearest(network, households)


def _named(households: Households, table: tables.Table, column: str, names: np.ndarray) -> np.ndarray:
    """Devices by the names in the household table, which may stand in another order than the households."""
    row = {name: i for i, name in enumerate(names)}
    sought = dict(zip((str(i) for i in table["household_id"]), (str(v) for v in table[column])))
    for label in households.label:
        if sought[str(label)] not in row:
            given = sought[str(label)]
            hint = nearest(given, row)
            raise ScenarioError(f"household '{label}': no device serves its {column} '{given}'{hint}")
    return np.array([row[sought[str(label)]] for label in households.label], dtype=np.int64)


def _by_counts(network: Network, households: Households) -> np.ndarray:
    """As many households to a node as it has customers, in proportion if totals differ; near ones first."""
    n, total = len(households), int(network.customers.sum())
    share = network.customers * n
    count, rest = share // total, share % total
    count[np.argsort(-rest, kind="stable")[: n - count.sum()]] += 1
    nodes = np.flatnonzero(count)
    if np.isfinite(network.x_km[nodes]).all() and np.isfinite(network.y_km[nodes]).all():
        along = grid.hilbert(network.x_km[nodes], network.y_km[nodes])
        nodes = nodes[np.argsort(along, kind="stable")]
    device = np.empty(n, dtype=np.int64)
    walk = grid.along_curve(households.x_km, households.y_km, households.id)
    device[walk] = np.repeat(nodes, count[nodes])
    return device


def _nearest(network: Network, households: Households) -> np.ndarray:
    """The nearest node with customers."""
    from scipy.spatial import cKDTree  # half a second that most runs need not spend

    nodes = np.flatnonzero(network.customers)
    places = np.column_stack((network.x_km[nodes], network.y_km[nodes]))
    for i in nodes[~np.isfinite(places).all(axis=1)]:
        raise ScenarioError(
            f"[grid]: '{network.node[i]}' has customers but no x_km, y_km; or give households a column device"
        )
    return nodes[cKDTree(places).query(np.column_stack((households.x_km, households.y_km)))[1]]


def _devices(
    network: Network,
    scenario: Scenario,
    seed: int,
    served_by: np.ndarray,
    x_km: np.ndarray,
    y_km: np.ndarray,
    local: Local = ALIKE,
) -> Devices:
    """The columns of a network with its households attached, who stand in depth-first order."""
    first = np.searchsorted(served_by, np.arange(len(network.level))).astype(np.int32)
    last = np.searchsorted(served_by, network.end).astype(np.int32)
    head = section_heads(network.level, network.parent)
    above = network.parent[head]
    identity = luck.identity(network.label)
    line = np.where(np.isnan(network.length_km), 1.0, network.length_km / scenario["grid.line_km"])
    critical = network.critical == 1.0
    if np.isnan(network.critical).all():
        lateral = (network.level == LATERAL) & (head == np.arange(len(head)))
        share = _behind(local.critical, scenario["grid.critical_share"], first, last)
        lucky = luck.column(seed, luck.Purpose.CRITICAL, identity) < share
        critical = lateral & lucky
    x_km = _position(network.x_km, network.parent, x_km, first, last)
    y_km = _position(network.y_km, network.parent, y_km, first, last)
    overhead_share = _behind(local.overhead, scenario["grid.overhead_share"], first, last)
    across_km = grid.line_km(network.parent, x_km, y_km)
    return Devices(
        label=network.label,
        id=identity,
        level=network.level,
        parent=network.parent,
        end=network.end,
        first=first,
        last=last,
        rollup=np.where(above >= 0, head[above], -1).astype(np.int32),
        x_km=x_km,
        y_km=y_km,
        overhead=_overhead(network, luck.column(seed, luck.Purpose.OVERHEAD, identity) < overhead_share),
        critical=critical,
        exposure=np.where(np.isnan(network.exposure), line, network.exposure),
        line_km=np.where(np.isnan(network.length_km), across_km, network.length_km),
    )


def _position(
    given: np.ndarray, parent: np.ndarray, at_km: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Where a coordinate is not given: the mean of the customers behind, else that of the device above."""
    mean = slice_sums(at_km, first, last) / np.maximum(last - first, 1)
    found = np.where(np.isnan(given) & (last > first), mean, given)
    for i in np.flatnonzero(np.isnan(found)):
        found[i] = found[parent[i]] if parent[i] >= 0 else 0.0
    return found


def _behind(share: np.ndarray | None, city: float, first: np.ndarray, last: np.ndarray) -> float | np.ndarray:
    """Mean of a share [household] over the customers behind each device; the city's where there is none."""
    if share is None:
        return city
    return np.where(last > first, slice_sums(share, first, last) / np.maximum(last - first, 1), city)


def _overhead(network: Network, drawn: np.ndarray) -> np.ndarray:
    """Where not given: overhead down to the feeders, by luck at the head of laterals, as above it below."""
    above_ground = (network.overhead == 1.0).tolist()
    lucky = drawn.tolist()
    level = network.level.tolist()
    for i in np.flatnonzero(np.isnan(network.overhead)).tolist():
        p = int(network.parent[i])
        inherits = p >= 0 and level[p] >= LATERAL
        above_ground[i] = level[i] < LATERAL or (above_ground[p] if inherits else lucky[i])
    return np.array(above_ground)
