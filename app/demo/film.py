"""A whole storm as a few columns of numbers, for the page to play back.

What is sent is one block of bytes: the length of a JSON header (four bytes, little-endian), the header, padding to a
multiple of four, and the columns one after another, each beginning at a multiple of four. The header names each column
with its type, length and place. Hours are 32-bit floats from the storm's peak; infinity means never. What neighbours
share is sent once: such a column is the first rows of stretches of equal rows, then the value of each stretch.
"""

import hashlib
import json
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from app.demo.paths import known_again_h, mended_first_and_last
from experiments.runs.measures_of_run import members
from sim import Outcomes
from sim.core.columns import LATERAL, Households, Place
from sim.core.outcome_codes import REPORT_OUTCOMES
from sim.engine.settings import peak_hour

GROUPINGS = (
    "minority", "income", "poor", "medical_device", "over65", "disability", "limited_english", "renter", "broadband",
    "svi", "ethnicity",
)  # fmt: skip
TYPES = {"f": "<f4", "u": "<u4", "b": "|u1"}
SHARED = "s"  # floats that neighbours share


_worlds: WeakKeyDictionary[Households, "World"] = WeakKeyDictionary()


class World(NamedTuple):
    """What of a film is the same for every run in a world."""

    mark: str  # digest of the rest
    groups: dict[str, Any]  # names by grouping, and which is the reference
    columns: dict[str, tuple[str, np.ndarray]]


def film(outcomes: Outcomes, held: Any = None) -> bytes:
    """Everything that the page draws of one run, but for its world where the page holds that already.

    Parameters
    ----------
    held : mark of the world that the page holds; None: it holds none
    """
    world = world_of(outcomes.place)
    columns = {**_households(outcomes), **_reports(outcomes), **_crews(outcomes)}
    header = {
        "horizon": outcomes.horizon_h,
        "peak_hour": peak_hour(outcomes.scenario),
        "peak_at": outcomes.scenario["storm.peak_at"],
        "report_outcomes": REPORT_OUTCOMES,
        "world": world.mark,
    }
    if held == world.mark:
        return packed(header, columns)
    return packed({**header, "groups": world.groups}, {**columns, **world.columns})


def world_of(place: Place) -> World:
    """What all films in a world share, made once for each world."""
    if place.households not in _worlds:
        people, by = place.households, {by: members(place, by) for by in GROUPINGS}
        found = {"x": ("f", people.x_km), "y": ("f", people.y_km), "lines": _lines(place)}
        found |= {f"group-{name}": ("b", grouping.code) for name, grouping in by.items()}
        columns = {name: (kind, np.ascontiguousarray(values, TYPES[kind])) for name, (kind, values) in found.items()}
        groups = {name: {"names": g.names, "reference": g.names.index(g.reference)} for name, g in by.items()}
        mark = hashlib.blake2b(packed({"groups": groups}, columns), digest_size=16).hexdigest()
        _worlds[people] = World(mark, groups, columns)
    return _worlds[place.households]


def packed(header: dict[str, Any], columns: dict[str, tuple[str, np.ndarray]]) -> bytes:
    """A header and columns as one block of bytes; each column is a letter of ``TYPES`` or ``SHARED``, and an array."""
    blocks: list[Any] = []
    index, place = {}, 0
    for name, (kind, values) in columns.items():
        parts = stretches(values) if kind == SHARED else [np.ascontiguousarray(values, dtype=TYPES[kind])]
        size = sum(part.nbytes for part in parts)
        index[name] = [kind, int(np.size(values)), place, len(parts[0])]
        blocks += [*parts, bytes(-size % 4)]
        place += size + -size % 4
    text = json.dumps({**header, "columns": index}, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([len(text).to_bytes(4, "little"), text, *blocks])


def stretches(values: np.ndarray) -> list[np.ndarray]:
    """The first row of every stretch of equal rows, and its value."""
    floats = np.asarray(values, dtype=TYPES["f"])
    first = np.flatnonzero(np.concatenate([[True], floats[1:] != floats[:-1]])[: len(floats)])
    return [first.astype(TYPES["u"]), floats[first]]


def _households(outcomes: Outcomes) -> dict[str, tuple[str, np.ndarray]]:
    """The hours at which something happened to them; see ``repaired``.

    ``crew`` is when a crew set off to the fault on its path that was mended first, ``repaired`` when it was. Who is
    not back by then sits behind another fault: ``known-again`` is when the utility had an order for it,
    ``crew-again`` when a crew set off to the fault that was mended last.
    """
    households = outcomes.state.households
    back_h = np.array(households.restored_h)
    (first_crew_h, first_mended_h), (last_crew_h, _) = mended_first_and_last(outcomes)
    repaired_h = np.minimum(first_mended_h, back_h)
    return {
        "out": (SHARED, households.out_h),
        "known": (SHARED, households.known_h),
        "crew": (SHARED, np.minimum(first_crew_h, back_h)),
        "repaired": (SHARED, repaired_h),
        "known-again": (SHARED, np.minimum(known_again_h(outcomes, repaired_h), back_h)),
        "crew-again": (SHARED, np.minimum(last_crew_h, back_h)),
        "restored": (SHARED, back_h),
        "logged": ("b", households.logged),
    }


def _reports(outcomes: Outcomes) -> dict[str, tuple[str, np.ndarray]]:
    """Reports in the order in which they were begun."""
    reports: Any = outcomes.state.reports[: outcomes.state.clock.n_reports[0]]
    order = np.argsort(reports.attempted_h, kind="stable")  # then column by column: whole rows take five times as long
    return {
        "report-at": ("f", reports.attempted_h[order]),
        "report-household": ("u", reports.household[order]),
        "report-channel": ("b", reports.channel[order]),
        "report-outcome": ("b", reports.outcome[order]),
    }


def _crews(outcomes: Outcomes) -> dict[str, tuple[str, np.ndarray]]:
    """Crews, and their jobs crew by crew in the order of time. A job's place is the device that it was sent to."""
    jobs: Any = outcomes.state.jobs[: outcomes.state.clock.n_jobs[0]]
    jobs = jobs[np.lexsort([jobs.dispatched_h, jobs.crew])]
    devices, crews = outcomes.place.devices, outcomes.state.crews
    return {
        "crew-kind": ("b", crews.kind),
        "crew-arrives": ("f", crews.arrives_h),
        "crew-released": ("f", crews.released_h),
        "job-crew": ("u", jobs.crew),
        "job-dispatched": ("f", jobs.dispatched_h),
        "job-arrived": ("f", jobs.arrived_h),
        "job-done": ("f", jobs.done_h),
        "job-x": ("f", devices.x_km[jobs.at]),
        "job-y": ("f", devices.y_km[jobs.at]),
    }


def _lines(place: Place) -> tuple[str, np.ndarray]:
    """Feeders and laterals as segments: x, y upstream, x, y downstream, and the level. Shape [segment, 5]."""
    devices = place.devices
    here = np.flatnonzero((devices.level <= LATERAL) & (devices.parent >= 0))
    above = devices.parent[here]
    ends = (devices.x_km[above], devices.y_km[above], devices.x_km[here], devices.y_km[here], devices.level[here])
    return "f", np.column_stack(ends)
