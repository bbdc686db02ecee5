"""The tree that a grid must be: checks, depth-first order, levels, heads of sections.

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

A column ``level`` overrides all this. A *section* is a connected piece of one level.
"""

from typing import Any

import numpy as np

from sim.core.columns import DROP, FEEDER, LATERAL, LEVELS, SUBSTATION, TRANSFORMER
from sim.core.errors import ScenarioError
from sim.inputs.identifiers import in_order
from sim.world.sheets import Sheet, as_word

SWITCHGEAR = ("breaker", "recloser", "switch", "regulator")
RANK = dict.fromkeys(SWITCHGEAR, FEEDER) | {"line": LATERAL, "fuse": LATERAL}
RANK |= {"transformer": TRANSFORMER, "service": DROP}


def edge_into(node: Sheet, edge: Sheet, start: np.ndarray, to: np.ndarray) -> np.ndarray:
    """The edge into each node (int64 [node]), -1 where none; two would make two paths.

    ``start`` and ``to`` (int64 [edge]) are the rows of the nodes at its ends.
    """
    into = np.full(len(node.names), -1)
    into[to] = np.arange(len(to))
    for e in np.flatnonzero(into[to] != np.arange(len(to))):
        raise _second_path(node, edge, start, into, to[e], e)
    return into


def check_roots(node: Sheet, into: np.ndarray, start: np.ndarray, customers: np.ndarray) -> None:
    """Sources feed something, serve nobody themselves and, if the table marks sources, are marked."""
    feeds = np.zeros(len(into), dtype=bool)
    feeds[start] = True
    marked = feeds
    if "source" in node.table:
        marked = np.array([as_word(v).lower() not in ("", "0", "false") for v in node.table["source"]])
    for i in np.flatnonzero((into < 0) & (customers > 0)):
        raise node.complaint(i, f"has {customers[i]} customers but no edge leads to it: no path from the source")
    for i in np.flatnonzero((into < 0) & ~(feeds & marked)):
        raise node.complaint(i, "is not reachable from the source: no edge leads to it")


def depth_first(sheet: Sheet, parent: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows (int64) in depth-first order; parents and ends (int32) in that order. ``parent``: -1 at a source.

    Children stand by name, so that the order of rows never matters. A stack in place of recursion:
    real feeders are hundreds of edges deep.
    """
    above = parent.tolist()
    children: list[list[int]] = [[] for _ in range(len(above) + 1)]  # the last list holds the roots
    for row in reversed(in_order(sheet.names).tolist()):
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


def given_levels(sheet: Sheet, order: np.ndarray, parent: np.ndarray) -> np.ndarray | None:
    """Column ``level`` (int8 [device in the given order]), none above its parent's; None: no such column."""
    if "level" not in sheet.table:
        return None
    level = np.array([LEVELS.index(word) for word in sheet.words("level", LEVELS)[order]], dtype=np.int8)
    for i in np.flatnonzero((parent >= 0) & (level < level[parent])):
        above = f"'{sheet.names[order[parent[i]]]}', a {LEVELS[level[parent[i]]]}"
        raise sheet.complaint(order[i], f"is a {LEVELS[level[i]]} below {above}; levels go down only")
    return level


def levels_of_kinds(kind: np.ndarray, parent: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Levels (int8 [device]) from kinds, by the rules at the head of this file; devices in depth-first order.

    ``start``, the node where a device begins, tells edges of one source apart.
    """
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


def section_heads(level: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """The most upstream device of each device's section (connected, of one level). Shape [device]."""
    head = list(range(len(level)))
    levels = level.tolist()
    for i, p in enumerate(parent.tolist()):
        if p >= 0 and levels[p] == levels[i]:
            head[i] = head[p]
    return np.array(head, dtype=np.int64)


def _extend_substations(level: list[np.int64], kinds: list[str], above: list[int]) -> None:
    """Carry substations on along the unbranched run below them, to the last larger transformer in it."""
    children = np.bincount(np.array(above) + 1, minlength=len(above) + 1)[1:]
    for i in [i for i, p in enumerate(above) if p < 0 and level[i] == SUBSTATION]:
        last = row = i
        while children[row] == 1:
            row += 1  # in depth-first order the only child is the next row
            if kinds[row] == "transformer" and level[row] == FEEDER:
                last = row
        level[i : last + 1] = [SUBSTATION] * (last + 1 - i)


def _second_path(node: Sheet, edge: Sheet, start: np.ndarray, into: np.ndarray, at: Any, e: Any) -> ScenarioError:
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


def _cycle(sheet: Sheet, above: list[int], lost: set[int]) -> ScenarioError:
    path, last, on_path = list[int](), min(lost), set[int]()
    while last not in on_path:
        path.append(last)
        on_path.add(last)
        last = above[last]
    ring = [*path[path.index(last) :], last][::-1]
    return sheet.complaint(ring[0], f"has no path from a source; it lies on the cycle {_chain(sheet.names[ring])}")


def _chain(names: Any) -> str:
    words = [str(name) for name in names]
    return " > ".join(words if len(words) <= 7 else [*words[:4], "...", *words[-2:]])
