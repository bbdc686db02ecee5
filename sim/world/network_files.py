"""Grids of one's own: node and edge tables, GraphML, networkx graphs and device tables all become one Network.

An edge becomes a device, and so does a row of a device table; ``sim.world.radial`` checks that they form a tree and
gives them levels. The way back leads to networkx, and from there to the same tree again.
"""

import io
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.core.columns import LEVELS, Devices
from sim.core.errors import ScenarioError
from sim.core.limits import GRAPH_BYTES
from sim.core.notices import notice
from sim.core.planned import content
from sim.world import radial
from sim.world.sheets import Sheet, as_word

# What networkx and the parser below it make of a file that is no GraphML (a SyntaxError of the parser's), of unknown
# types and encodings, of values that are not of their type, of parts that are missing. No code of ours runs there.
NOT_GRAPHML = (SyntaxError, LookupError, ValueError, TypeError, AttributeError)


class Network(NamedTuple):
    """A tree of devices in depth-first order, without households. Shape [device]; NaN: not given."""

    label: np.ndarray  # object   device, or edge
    node: np.ndarray  # object    node that it leads to; its own label where there are no nodes
    level: np.ndarray  # int8
    parent: np.ndarray  # int32
    end: np.ndarray  # int32      devices below are [self, end)
    customers: np.ndarray  # int64    at its node
    x_km: np.ndarray  # float64
    y_km: np.ndarray  # float64
    length_km: np.ndarray  # float64  of lines
    overhead: np.ndarray  # float64   0 or 1
    critical: np.ndarray  # float64   0 or 1
    exposure: np.ndarray  # float64


def from_tables(nodes: Mapping[str, Any], edges: Mapping[str, Any]) -> Network:
    """A network from a node and an edge table.

    Parameters
    ----------
    nodes : columns id, and if known x_km, y_km, customers, source (true at sources: no other node may be one)
    edges : columns id, from_node (nearer the source), to_node, kind or level, and if known length_km,
        overhead, critical, exposure

    Raises
    ------
    ScenarioError   not a forest of trees, or a value that cannot be used; names the offender
    """
    node, edge = Sheet(nodes, "grid.nodes", "node", "id"), Sheet(edges, "grid.edges", "edge", "id")
    row = {name: i for i, name in enumerate(node.names)}
    start, to = edge.rows("from_node", row), edge.rows("to_node", row)
    into = radial.edge_into(node, edge, start, to)
    customers = node.counts("customers")
    radial.check_roots(node, into, start, customers)
    order, parent, end = radial.depth_first(edge, into[start])
    level, length_km = radial.given_levels(edge, order, parent), np.full(len(order), np.nan)
    if level is None:
        kind = edge.words("kind", radial.RANK)[order]
        level, line = radial.levels_of_kinds(kind, parent, start[order]), kind == "line"
        length_km[line] = edge.lengths(order[line])
    at = to[order]
    x_km, y_km = node.places()
    place = (node.names[at], level, parent, end, customers[at], x_km[at], y_km[at], length_km)
    return Network(edge.names[order], *place, *edge.qualities(order))


def from_devices(table: Mapping[str, Any], where: str = "[tables.devices]") -> Network:
    """A network from one table of devices.

    Parameters
    ----------
    table : columns device, parent ("" at a source), level (substation, feeder, lateral, transformer, drop),
        and if known customers, x_km, y_km, overhead, critical, exposure
    where : str   what messages call the table

    Raises
    ------
    ScenarioError   not a forest of trees, or a value that cannot be used; names the offender
    """
    device = Sheet(table, where, "device", "device")
    above = device.rows("parent", {name: i for i, name in enumerate(device.names)} | {"": -1})
    order, parent, end = radial.depth_first(device, above)
    level = radial.given_levels(device, order, parent)
    if level is None:
        raise ScenarioError(f"{where}: column 'level' is missing")
    label, length_km = device.names[order], np.full(len(order), np.nan)
    x_km, y_km = device.places()
    place = (label, level, parent, end, device.counts("customers")[order], x_km[order], y_km[order], length_km)
    return Network(label, *place, *device.qualities(order))


def from_graphml(path: Any, planned: str = "") -> Network:
    """A network from a GraphML file: :func:`from_graph` says what is read, `sim.core.planned.content` how."""
    import networkx

    data = io.BytesIO(content(path, "grid.graphml", GRAPH_BYTES, planned))
    try:
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            graph = networkx.read_graphml(data)
    except NOT_GRAPHML + (networkx.NetworkXError,) as bad:
        reason = (str(bad).splitlines() or [type(bad).__name__])[0]
        raise ScenarioError(f"grid.graphml: {path} is not GraphML: {reason}") from None
    for remark in remarks:
        notice(f"grid.graphml ({path}): {remark.message}")
    return from_graph(graph)


def from_graph(graph: Any) -> Network:
    """A network from a networkx graph with the attributes of the two tables of :func:`from_tables`.

    Edges of a directed graph point away from the source; in an undirected one, the sources are the nodes
    whose attribute ``source`` is true. An edge without attribute ``id`` is called ``from-to``.
    """
    ends = list(graph.edges(data=True)) if graph.is_directed() else _away_from_sources(graph)
    nodes: dict[str, list] = {"id": [str(name) for name in graph]}
    for column in ("x_km", "y_km", "customers", "source"):
        if any(column in data for _, data in graph.nodes(data=True)):
            blank: Any = 0 if column in ("customers", "source") else np.nan
            nodes[column] = [data.get(column, blank) for _, data in graph.nodes(data=True)]
    edges: dict[str, list] = {
        "from_node": [str(a) for a, _, _ in ends],
        "to_node": [str(b) for _, b, _ in ends],
    }
    edges["id"] = [str(data.get("id", f"{a}-{b}")) for a, b, data in ends]
    for column in ("kind", "level", "length_km", "overhead", "critical", "exposure"):
        if any(column in data for _, _, data in ends):
            edges[column] = [data.get(column, "") for _, _, data in ends]
    return from_tables(nodes, edges)


def to_networkx(devices: Devices, served_by: np.ndarray) -> Any:
    """The grid as a networkx DiGraph that :func:`from_graph` reads back to the same tree.

    Parameters
    ----------
    devices : Devices
    served_by : int32 [household]

    Returns
    -------
    networkx.DiGraph   a node per device (where it leads to: x_km, y_km, customers served there) and one
        source; an edge per device (id, level, overhead, critical, exposure)
    """
    import networkx

    label = [str(name) for name in devices.label]
    source = "source"
    while source in set(label):
        source += "_"
    customers = np.bincount(served_by, minlength=len(devices)).tolist()
    graph = networkx.DiGraph()
    graph.add_node(source, customers=0, source=True)
    for i, name in enumerate(label):
        place = {"x_km": float(devices.x_km[i]), "y_km": float(devices.y_km[i])}
        graph.add_node(name, customers=customers[i], **place)
        above = source if devices.parent[i] < 0 else label[devices.parent[i]]
        flags = {"overhead": bool(devices.overhead[i]), "critical": bool(devices.critical[i])}
        exposure = float(devices.exposure[i])
        graph.add_edge(above, name, id=name, level=LEVELS[devices.level[i]], exposure=exposure, **flags)
    return graph


def _away_from_sources(graph: Any) -> list[tuple]:
    """Edges of an undirected graph, turned away from the source; those that close a loop too."""
    queue = [name for name, data in graph.nodes(data=True) if as_word(data.get("source")).lower() in ("true", "1")]
    if not queue:
        raise ScenarioError("grid: no node of the undirected graph has the attribute source = true")
    rank = {name: i for i, name in enumerate(queue)}
    ends, done = [], set()
    for name in queue:  # grows while it is read: breadth first
        for _, other, *key in graph.edges(name, keys=True) if graph.is_multigraph() else graph.edges(name):
            edge = (frozenset((name, other)), *key)
            if edge in done:
                continue
            done.add(edge)
            ends.append((name, other, graph.get_edge_data(name, other, *key)))
            if other not in rank:
                rank[other] = len(queue)
                queue.append(other)
    return ends
