"""Grids of one's own: node and edge tables, GraphML, networkx graphs, device tables; checked to be trees.

Every edge, pointing away from its source, becomes a device that serves the customers of the node it leads to.
Its level follows from its kind and from what lies behind it:

* breaker, recloser, switch, regulator: feeder; so is a line with one of these behind it (the trunk), unless a
  fuse stands between, and a line at a source of several edges
* other line, fuse: lateral
* transformer: service transformer, or feeder where switchgear or another transformer lies behind it
* service: service drop
* the only edge at a source: substation, and so is the unbranched run from it up to its last such larger
  transformer; but a fuse, a service drop or a service transformer keeps its own level there too
* whatever the kind, never a higher level than the device above: a switch behind a fuse is part of a lateral

A column ``level`` overrides all this. When several devices of a level are suspected, suspicion rolls up to
the *head* (most upstream device) of the next section of a higher level. A line counts for ``length_km /
grid.line_km`` typical devices of its level, everything else for one; a column ``exposure`` overrides that.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim import grid, luck, tables
from sim.columns import DROP, FEEDER, LATERAL, LEVELS, SUBSTATION, TRANSFORMER, Devices, Households
from sim.errors import ScenarioError, nearest
from sim.scenario import Scenario

SWITCHGEAR = ("breaker", "recloser", "switch", "regulator")
RANK = dict.fromkeys(SWITCHGEAR, FEEDER) | {"line": LATERAL, "fuse": LATERAL}
RANK |= {"transformer": TRANSFORMER, "service": DROP}
OPTIONAL = ("customers", "x_km", "y_km", "length_km", "overhead", "critical", "exposure", "level", "kind")


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


def build(scenario: Scenario, seed: int, households: Households) -> tuple[np.ndarray, Devices, np.ndarray]:
    """The grid that the scenario names, or a synthetic one where it names none.

    Parameters
    ----------
    scenario : Scenario       ``[tables.devices]``, ``grid.graphml``, or ``grid.nodes`` with ``grid.edges``
    seed : int                of the world
    households : Households   in any order; matched to a network by column ``device`` or ``node`` of their
                              table, else by its customer counts, else to the nearest node with customers

    Returns
    -------
    order : int64 [household]      rows in depth-first order of the grid
    devices : Devices
    served_by : int32 [household in that order]   the last device before the meter
    """
    network = read(scenario)
    if network is None:
        x_km, y_km = households.x_km, households.y_km
        return grid.synthesise(scenario, seed, x_km, y_km, households.id, labels=households.label)
    table = tables.read_table(scenario, "households", "place.households", ("household_id", "device", "node"))
    device = _matched(network, households, table)
    order = np.lexsort((households.id, device))
    served_by = device[order].astype(np.int32)
    x_km, y_km = households.x_km[order], households.y_km[order]
    return order, _devices(network, scenario, seed, served_by, x_km, y_km), served_by


def read(scenario: Scenario) -> Network | None:
    """The network that the scenario names: None if it names none, an error if it names two."""
    named = [f"grid.{name}" for name in ("nodes", "edges", "graphml") if scenario[f"grid.{name}"]]
    devices = tables.read_table(scenario, "devices", "", ("device",))
    if not named:
        return None if devices is None else from_devices(devices)
    if devices is None and named == ["grid.graphml"]:
        return from_graphml(scenario.path_of("grid.graphml"))
    if devices is not None or named != ["grid.nodes", "grid.edges"]:
        given = " and ".join(named + ["[tables.devices]"] * (devices is not None))
        legal = "grid.nodes with grid.edges, or grid.graphml, or [tables.devices], or none"
        raise ScenarioError(f"[grid]: {given} given; allowed are {legal}")
    nodes = tables.read_table(scenario, "nodes", "grid.nodes", ("id",))
    edges = tables.read_table(scenario, "edges", "grid.edges", ("id", "from_node", "to_node", "kind"))
    return from_tables(nodes or {}, edges or {})


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
    node, edge = _Sheet(nodes, "grid.nodes", "node", "id"), _Sheet(edges, "grid.edges", "edge", "id")
    row = {name: i for i, name in enumerate(node.names)}
    start, to = edge.rows("from_node", row), edge.rows("to_node", row)
    into = _into(node, edge, start, to)
    customers = node.counts("customers")
    _check_roots(node, into, start, customers)
    order, parent, end = _depth_first(edge, into[start])
    level, length_km = edge.levels(order, parent), np.full(len(order), np.nan)
    if level is None:
        kind = edge.words("kind", RANK)[order]
        level, line = _levels(kind, parent, start[order]), kind == "line"
        length_km[line] = edge.lengths(order[line])
    at = to[order]
    x_km, y_km = node.numbers("x_km")[at], node.numbers("y_km")[at]
    place = (node.names[at], level, parent, end, customers[at], x_km, y_km, length_km)
    return Network(edge.names[order], *place, *edge.qualities(order))


def from_devices(table: Mapping[str, Any]) -> Network:
    """A network from one table of devices.

    Parameters
    ----------
    table : columns device, parent ("" at a source), level (substation, feeder, lateral, transformer, drop),
        and if known customers, x_km, y_km, overhead, critical, exposure

    Raises
    ------
    ScenarioError   not a forest of trees, or a value that cannot be used; names the offender
    """
    device = _Sheet(table, "[tables.devices]", "device", "device")
    above = device.rows("parent", {name: i for i, name in enumerate(device.names)} | {"": -1})
    order, parent, end = _depth_first(device, above)
    level = device.levels(order, parent)
    if level is None:
        raise ScenarioError("[tables.devices]: column 'level' is missing")
    label, length_km = device.names[order], np.full(len(order), np.nan)
    place = (device.numbers("x_km")[order], device.numbers("y_km")[order], length_km)
    return Network(
        label, label, level, parent, end, device.counts("customers")[order], *place, *device.qualities(order)
    )


def from_graphml(path: Any) -> Network:
    """A network from a GraphML file: :func:`from_graph` says which attributes are read."""
    import networkx

    try:
        return from_graph(networkx.read_graphml(path))
    except OSError as bad:
        raise ScenarioError(f"grid.graphml: cannot read {path}: {bad.strerror}") from None
    except (networkx.NetworkXError, SyntaxError) as bad:  # the parser's error is a SyntaxError
        raise ScenarioError(f"grid.graphml: {path} is not GraphML: {str(bad).splitlines()[0]}") from None


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
    queue = [name for name, data in graph.nodes(data=True) if _word(data.get("source")).lower() in ("true", "1")]
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


class _Sheet:
    """One table with named rows, whose complaints name the row's node, edge or device."""

    def __init__(self, table: Mapping[str, Any], where: str, what: str, name: str):
        self.table = {str(c): np.asarray(table[c], dtype=object) for c in table}
        self.where, self.what = where, what
        self.names = tables.text(self.table, name, where)
        tables.check_unique(self.table | {name: self.names}, name, where)
        tables.check_spelling(self.table, OPTIONAL, where)

    def complaint(self, row: Any, text: str) -> ScenarioError:
        return ScenarioError(f"{self.where}: {self.what} '{self.names[row]}' {text}")

    def rows(self, column: str, row: dict[str, int]) -> np.ndarray:
        """Rows of another table that the names in a column stand for."""
        given = [_word(v) for v in tables.column(self.table, column, self.where)]
        for i, name in enumerate(given):
            if name not in row:
                raise self.complaint(i, f"has unknown {column} '{name}'{nearest(name, list(row)[: grid.HINTS])}")
        return np.array([row[name] for name in given], dtype=np.int64)

    def words(self, column: str, allowed: Any) -> np.ndarray:
        """Words in a column, of which only some are allowed."""
        given = [str(v).strip().lower() for v in tables.column(self.table, column, self.where)]
        for i, word in enumerate(given):
            if word not in allowed:
                hint = nearest(word, allowed)
                raise self.complaint(i, f"has unknown {column} '{word}'{hint} (allowed: {', '.join(allowed)})")
        return np.array(given, dtype=object)

    def numbers(self, column: str) -> np.ndarray:
        """Numbers in a column; NaN where there are none."""
        if column not in self.table:
            return np.full(len(self.names), np.nan)
        return tables.number(self.table, column, self.where, empty=True)

    def amounts(self, column: str) -> np.ndarray:
        """Numbers that cannot be negative; NaN where there are none."""
        values = self.numbers(column)
        for i in np.flatnonzero(values < 0.0):
            raise self.complaint(i, f"has {column} {values[i]:g}; must be 0 or more")
        return values

    def counts(self, column: str) -> np.ndarray:
        """Whole numbers, 0 or more; all 0 where there is no such column."""
        if column not in self.table:
            return np.zeros(len(self.names), dtype=np.int64)
        values = self.amounts(column)
        for i in np.flatnonzero(~(values == np.floor(values))):  # NaN too
            given = "empty" if np.isnan(values[i]) else f"{values[i]:g}"
            raise self.complaint(i, f"has {column} {given}; must be a whole number, 0 or more")
        return values.astype(np.int64)

    def lengths(self, rows: np.ndarray) -> np.ndarray:
        """Lengths of lines in the given order: each known, or none."""
        values = self.amounts("length_km")[rows]
        for i in rows[np.isnan(values)] if "length_km" in self.table else ():
            raise self.complaint(i, "is a line without length_km; must be a number, 0 or more")
        return values

    def levels(self, order: np.ndarray, parent: np.ndarray) -> np.ndarray | None:
        """Given levels in the given order, none above its parent's; None where there is no such column."""
        if "level" not in self.table:
            return None
        level = np.array([LEVELS.index(word) for word in self.words("level", LEVELS)[order]], dtype=np.int8)
        for i in np.flatnonzero((parent >= 0) & (level < level[parent])):
            above = f"'{self.names[order[parent[i]]]}', a {LEVELS[level[parent[i]]]}"
            raise self.complaint(order[i], f"is a {LEVELS[level[i]]} below {above}; levels go down only")
        return level

    def qualities(self, order: np.ndarray) -> tuple[np.ndarray, ...]:
        """Overhead, critical and exposure in the given order; NaN where not given."""
        flags = []
        for column in ("overhead", "critical"):
            words = [_word(v).lower() for v in self.table.get(column, [""] * len(self.names))]
            for i, word in enumerate(words):
                if word and word not in tables.YES_NO:
                    raise self.complaint(i, f"has {column} '{word}'; must be true or false (or 1 or 0)")
            flags.append(np.array([float(tables.YES_NO[w]) if w else np.nan for w in words])[order])
        return *flags, self.amounts("exposure")[order]


def _word(value: Any) -> str:
    if value is None or value != value:  # only NaN differs from itself
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _into(node: _Sheet, edge: _Sheet, start: np.ndarray, to: np.ndarray) -> np.ndarray:
    """The edge into each node, -1 where none; two would make two paths."""
    into = np.full(len(node.names), -1)
    into[to] = np.arange(len(to))
    for e in np.flatnonzero(into[to] != np.arange(len(to))):
        raise _second_path(node, edge, start, into, to[e], e)
    return into


def _second_path(node: _Sheet, edge: _Sheet, start: np.ndarray, into: np.ndarray, at: Any, e: Any) -> ScenarioError:
    """Two edges lead to one node: a cycle, a second source or a loop."""
    tops = []
    for last in (into[at], e):
        path = [at, start[last]]
        while path[-1] != at and into[path[-1]] >= 0 and len(path) <= len(into):
            path.append(start[into[path[-1]]])
        if path[-1] == at:
            return node.complaint(at, f"feeds itself; cycle {_chain(node.names[path[::-1]])}")
        tops.append(path[-1])
    edges = f"edges '{edge.names[into[at]]}' and '{edge.names[e]}'"
    if tops[0] != tops[1] and len(path) <= len(into):
        one, other = node.names[tops]
        return node.complaint(at, f"is fed from two sources, '{one}' and '{other}' ({edges}); only one is allowed")
    return node.complaint(at, f"is reached by two paths ({edges}); the grid must be a tree")


def _chain(names: Any) -> str:
    words = [str(name) for name in names]
    return " > ".join(words if len(words) <= 7 else [*words[:4], "...", *words[-2:]])


def _check_roots(node: _Sheet, into: np.ndarray, start: np.ndarray, customers: np.ndarray) -> None:
    """Sources feed something, serve nobody themselves and, if the table marks sources, are marked."""
    feeds = np.zeros(len(into), dtype=bool)
    feeds[start] = True
    marked = feeds
    if "source" in node.table:
        marked = np.array([_word(v).lower() not in ("", "0", "false") for v in node.table["source"]])
    for i in np.flatnonzero((into < 0) & (customers > 0)):
        raise node.complaint(i, f"has {customers[i]} customers but no edge leads to it: no path from the source")
    for i in np.flatnonzero((into < 0) & ~(feeds & marked)):
        raise node.complaint(i, "is not reachable from the source: no edge leads to it")


def _depth_first(sheet: _Sheet, parent: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows in depth-first order, and parents and ends in that order.

    Children stand by name, so that the order of rows never matters. A stack in place of recursion:
    real feeders are hundreds of edges deep.
    """
    above = parent.tolist()
    children: list[list[int]] = [[] for _ in range(len(above) + 1)]  # the last list holds the roots
    for row in reversed(tables.in_order(sheet.names).tolist()):
        children[above[row]].append(row)
    stack, order = children[-1].copy(), []
    while stack:
        order.append(stack.pop())
        stack.extend(children[order[-1]])
    if len(order) < len(above):
        raise _cycle(sheet, above, set(range(len(above))) - set(order))
    new = np.full(len(above) + 1, -1)
    new[order] = np.arange(len(order))
    moved = new[parent[order]]
    end = list(range(1, len(order) + 1))
    for row in range(len(order) - 1, -1, -1):
        if moved[row] >= 0:
            end[moved[row]] = max(end[moved[row]], end[row])
    return np.array(order, dtype=np.int64), moved.astype(np.int32), np.array(end, dtype=np.int32)


def _cycle(sheet: _Sheet, above: list[int], lost: set[int]) -> ScenarioError:
    path = [min(lost)]
    while path.count(path[-1]) < 2:
        path.append(above[path[-1]])
    ring = path[path.index(path[-1]) :][::-1]
    return sheet.complaint(ring[0], f"has no path from a source; it lies on the cycle {_chain(sheet.names[ring])}")


def _levels(kind: np.ndarray, parent: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Levels from kinds, by the rules at the head of this file; ``start`` tells edges of one source apart."""
    kinds, above, n = kind.tolist(), parent.tolist(), len(kind)
    trunk = [k in SWITCHGEAR for k in kinds]  # switchgear here or behind
    larger, lines = [False] * n, [False] * n  # a transformer behind; a line behind
    for i in range(n - 1, -1, -1):
        if (p := above[i]) >= 0:
            trunk[p] |= trunk[i] and kinds[p] not in ("fuse", "service")
            larger[p] |= larger[i] or kinds[i] == "transformer"
            lines[p] |= lines[i] or kinds[i] == "line"
    at_source = dict(zip(*np.unique(start[parent < 0], return_counts=True)))
    level = [RANK[k] for k in kinds]
    for i, k in enumerate(kinds):
        alone = above[i] < 0 and at_source[start[i]] == 1
        if (k in ("line", "transformer") and trunk[i]) or (k == "transformer" and larger[i]):
            level[i] = FEEDER
        if alone and (level[i] == FEEDER or k == "line" or (k == "transformer" and lines[i])):
            level[i] = SUBSTATION
        elif above[i] < 0 and k == "line":
            level[i] = FEEDER
        if above[i] >= 0:
            level[i] = max(level[i], level[above[i]])
    _extend_substations(level, kinds, above)
    return np.array(level, dtype=np.int8)


def _extend_substations(level: list[int], kinds: list[str], above: list[int]) -> None:
    """Carry substations on along the unbranched run below them, to the last larger transformer in it."""
    children = np.bincount(np.array(above) + 1, minlength=len(above) + 1)[1:]
    for i in [i for i, p in enumerate(above) if p < 0 and level[i] == SUBSTATION]:
        last = row = i
        while children[row] == 1:
            row += 1  # in depth-first order the only child is the next row
            if kinds[row] == "transformer" and level[row] == FEEDER:
                last = row
        level[i : last + 1] = [SUBSTATION] * (last + 1 - i)


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
            hint = nearest(given, list(row)[: grid.HINTS])
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
    walk = np.lexsort((households.id, grid.hilbert(households.x_km, households.y_km)))
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
    network: Network, scenario: Scenario, seed: int, served_by: np.ndarray, x_km: np.ndarray, y_km: np.ndarray
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
        lucky = luck.column(seed, luck.Purpose.CRITICAL, identity) < scenario["grid.critical_share"]
        critical = lateral & lucky
    return Devices(
        label=network.label,
        id=identity,
        level=network.level,
        parent=network.parent,
        end=network.end,
        first=first,
        last=last,
        rollup=np.where(above >= 0, head[above], -1).astype(np.int32),
        x_km=_position(network.x_km, network.parent, x_km, first, last),
        y_km=_position(network.y_km, network.parent, y_km, first, last),
        overhead=_overhead(network, luck.column(seed, luck.Purpose.OVERHEAD, identity), scenario),
        critical=critical,
        exposure=np.where(np.isnan(network.exposure), line, network.exposure),
    )


def section_heads(level: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """The most upstream device of each device's section (connected, of one level). Shape [device]."""
    head = list(range(len(level)))
    levels = level.tolist()
    for i, p in enumerate(parent.tolist()):
        if p >= 0 and levels[p] == levels[i]:
            head[i] = head[p]
    return np.array(head, dtype=np.int64)


def _position(
    given: np.ndarray, parent: np.ndarray, at_km: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Where a coordinate is not given: the mean of the customers behind, else that of the device above."""
    sums = np.concatenate(([0.0], np.cumsum(at_km)))
    found = np.where(np.isnan(given) & (last > first), (sums[last] - sums[first]) / np.maximum(last - first, 1), given)
    for i in np.flatnonzero(np.isnan(found)):
        found[i] = found[parent[i]] if parent[i] >= 0 else 0.0
    return found


def _overhead(network: Network, u: np.ndarray, scenario: Scenario) -> np.ndarray:
    """Where not given: overhead down to the feeders, by luck at the head of laterals, as above it below."""
    above_ground = (network.overhead == 1.0).tolist()
    lucky = (u < scenario["grid.overhead_share"]).tolist()
    level = network.level.tolist()
    for i in np.flatnonzero(np.isnan(network.overhead)).tolist():
        p = int(network.parent[i])
        inherits = p >= 0 and level[p] >= LATERAL
        above_ground[i] = level[i] < LATERAL or (above_ground[p] if inherits else lucky[i])
    return np.array(above_ground)
