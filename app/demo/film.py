"""A whole storm as a few columns of numbers, for the page to play back.

What is sent is one block of bytes: the length of a JSON header (four bytes, little-endian), the header, padding to a
multiple of four, and the columns one after another, each beginning at a multiple of four. The header names each column
with its type, length and place. Hours are 32-bit floats from the storm's peak; infinity means never.
"""

import json
from typing import Any

import numpy as np

from experiments.runs.measures_of_run import members
from sim import Outcomes
from sim.core.columns import LATERAL
from sim.core.outcome_codes import REPORT_OUTCOMES
from sim.engine.settings import peak_hour

GROUPINGS = (
    "minority", "income", "poor", "medical_device", "over65", "disability", "limited_english", "renter", "broadband",
    "svi", "ethnicity",
)  # fmt: skip
TYPES = {"f": "<f4", "u": "<u4", "b": "|u1"}


def film(outcomes: Outcomes) -> bytes:
    """Everything that the page draws of one run."""
    columns = {**_households(outcomes), **_reports(outcomes), **_crews(outcomes), "lines": _lines(outcomes)}
    groups = {by: members(outcomes.place, by) for by in GROUPINGS}
    columns |= {f"group-{by}": ("b", grouping.code) for by, grouping in groups.items()}
    header = {
        "horizon": outcomes.horizon_h,
        "peak_hour": peak_hour(outcomes.scenario),
        "peak_at": outcomes.scenario["storm.peak_at"],
        "groups": {by: {"names": g.names, "reference": g.names.index(g.reference)} for by, g in groups.items()},
        "report_outcomes": REPORT_OUTCOMES,
    }
    return packed(header, columns)


def packed(header: dict[str, Any], columns: dict[str, tuple[str, np.ndarray]]) -> bytes:
    """A header and columns as one block of bytes; each column is a letter of ``TYPES`` and an array."""
    blocks, index, place = [], {}, 0
    for name, (kind, values) in columns.items():
        data = np.ascontiguousarray(values, dtype=TYPES[kind]).tobytes()
        index[name] = [kind, int(np.size(values)), place]
        data += bytes(-len(data) % 4)
        blocks.append(data)
        place += len(data)
    text = json.dumps({**header, "columns": index}, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([len(text).to_bytes(4, "little"), text, *blocks])


def _households(outcomes: Outcomes) -> dict[str, tuple[str, np.ndarray]]:
    """Where they are, and the hours at which something happened to them; see ``repaired``.

    ``crew`` is when a crew set off to the fault on its path that was mended first, ``repaired`` when it was. Who is
    not back by then sits behind another fault: ``known-again`` is when the utility had an order for it,
    ``crew-again`` when a crew set off to the fault that was mended last.
    """
    people, households = outcomes.place.households, outcomes.state.households
    back_h = np.array(households.restored_h)
    (first_crew_h, first_mended_h), (last_crew_h, _) = mended_first_and_last(outcomes)
    repaired_h = np.minimum(first_mended_h, back_h)
    return {
        "x": ("f", people.x_km),
        "y": ("f", people.y_km),
        "out": ("f", households.out_h),
        "known": ("f", households.known_h),
        "crew": ("f", np.minimum(first_crew_h, back_h)),
        "repaired": ("f", repaired_h),
        "known-again": ("f", np.minimum(known_again_h(outcomes, repaired_h), back_h)),
        "crew-again": ("f", np.minimum(last_crew_h, back_h)),
        "restored": ("f", back_h),
        "logged": ("b", households.logged),
    }


def known_again_h(outcomes: Outcomes, since_h: np.ndarray) -> np.ndarray:
    """When, not before ``since_h``, each household was first believed out: an open order at a device that feeds it.

    Parameters
    ----------
    since_h : float [household]

    Returns
    -------
    float [household]; infinity: never
    """
    orders: Any = outcomes.state.orders[: outcomes.state.clock.n_orders[0]]
    devices, found = outcomes.place.devices, np.full(len(since_h), np.inf)
    for at, opened_h, closed_h in zip(orders.at, orders.opened_h, orders.closed_h, strict=True):
        behind = slice(devices.first[at], devices.last[at])
        since = since_h[behind]
        believed = np.where(closed_h > since, np.maximum(opened_h, since), np.inf)
        found[behind] = np.minimum(found[behind], believed)
    return found


def mended_first_and_last(outcomes: Outcomes) -> tuple[np.ndarray, np.ndarray]:
    """When a crew set off to, and when it mended, the first and the last fault on each household's path.

    Returns
    -------
    two float [2, household]; infinity: never. Who was behind no fault has infinity in both
    """
    faults, devices = outcomes.state.faults, outcomes.place.devices
    shape = 2, len(outcomes.state.households)
    first, last = np.full(shape, np.inf), np.full(shape, -np.inf)
    for at, *hours in zip(faults.at, faults.assigned_h, faults.repaired_h, strict=True):
        behind, found = slice(devices.first[at], devices.last[at]), np.array(hours)[:, None]
        first[:, behind] = np.where(hours[1] < first[1, behind], found, first[:, behind])
        last[:, behind] = np.where(hours[1] > last[1, behind], found, last[:, behind])
    return first, np.where(np.isneginf(last), np.inf, last)


def _reports(outcomes: Outcomes) -> dict[str, tuple[str, np.ndarray]]:
    """Reports in the order in which they were begun."""
    reports: Any = outcomes.state.reports[: outcomes.state.clock.n_reports[0]]
    reports = reports[np.argsort(reports.attempted_h, kind="stable")]
    return {
        "report-at": ("f", reports.attempted_h),
        "report-logged": ("f", reports.logged_h),
        "report-household": ("u", reports.household),
        "report-channel": ("b", reports.channel),
        "report-outcome": ("b", reports.outcome),
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
        "job-found": ("f", jobs.found_h),
        "job-done": ("f", jobs.done_h),
        "job-outcome": ("b", jobs.outcome),
        "job-x": ("f", devices.x_km[jobs.at]),
        "job-y": ("f", devices.y_km[jobs.at]),
    }


def _lines(outcomes: Outcomes) -> tuple[str, np.ndarray]:
    """Feeders and laterals as segments: x, y upstream, x, y downstream, and the level. Shape [segment, 5]."""
    devices = outcomes.place.devices
    here = np.flatnonzero((devices.level <= LATERAL) & (devices.parent >= 0))
    above = devices.parent[here]
    ends = (devices.x_km[above], devices.y_km[above], devices.x_km[here], devices.y_km[here], devices.level[here])
    return "f", np.column_stack(ends)
