"""Attributes of households, drawn for everyone at once.

Each yes-or-no attribute is decided by one number of luck, ``u < chance``; the chance depends on the cell of
the household (minority, poor, 65+, disabled) and on its neighbourhood: see :mod:`sim.world.dependence`. The rest:

    income    = median * exp(sigma * (z - score + line)), z = ndtri(rank); the poor have a cell's lowest ranks
    knowledge = logistic(logit(mean) + shifts + spread * ndtri(u)), and trust alike; shifts average to zero
    tolerance = median * product of the factors that apply * exp(sigma * ndtri(u))
    location  = uniform over a disc of the neighbourhood's area

All luck hangs on the household's id. A change of a share therefore moves only households near the threshold.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import logit, ndtri

from sim.core import luck
from sim.core.columns import ATTRIBUTES, Households, Neighbourhoods
from sim.core.luck import Purpose
from sim.inputs.scenario import Scenario
from sim.world import dependence
from sim.world.census import INCOME_RATIO, Targets
from sim.world.dependence import DRAWN, TRAITS, Chances

PURPOSES = {name: purpose for name in DRAWN if (purpose := ATTRIBUTES[name].luck)}
"""The decisions, in the order in which they are made."""

Attributes = dict[str, np.ndarray]


class Frame(NamedTuple):
    """Households before they have attributes. Arrays have shape [household]."""

    seed: int
    id: np.ndarray  # uint64   identity for luck
    neighbourhood: np.ndarray  # int32
    chances: Chances
    targets: Targets
    given: Attributes  # attributes that the user's table states


def draw(scenario: Scenario, frame: Frame, label: np.ndarray, places: Neighbourhoods) -> Households:
    """All attributes of the households in a frame; what the user gave stays as it is."""
    attributes, cell = _decisions(scenario, frame)
    made = {
        **attributes,
        **_phones(scenario, frame, attributes),
        **_minds(scenario, frame, attributes),
        "income_usd": _income_usd(scenario, frame, attributes["poor"], cell),
        "ethnicity": _ethnicity(frame, attributes["minority"]),
        "tolerance_h": _tolerance_h(scenario, frame, attributes),
        **_location(frame, places),
        **frame.given,
    }
    return Households(label=label, id=frame.id, neighbourhood=frame.neighbourhood, **made)


def _decisions(scenario: Scenario, frame: Frame) -> tuple[Attributes, np.ndarray]:
    """All yes-or-no attributes that have a chance by cell, and the cells."""
    known = dict(frame.given)
    if "income_usd" in known and "poor" not in known:
        known["poor"] = known["income_usd"] < poverty_line_usd(scenario, frame.chances)
    cell = np.zeros(len(frame.id), dtype=np.int64)
    made: Attributes = {}
    for attribute, purpose in PURPOSES.items():
        if attribute in known:
            made[attribute] = known[attribute]
        else:
            chance = _by_household(frame, frame.chances.chance[attribute], cell)
            made[attribute] = luck.column(frame.seed, purpose, frame.id) < chance
        if attribute in TRAITS:
            cell += made[attribute].astype(np.int64) << TRAITS.index(attribute)
    registered = luck.column(frame.seed, Purpose.REGISTERED, frame.id) < scenario["people.medical_registered_share"]
    made["medical_registered"] = made["medical_device"] & registered
    made["student"] = _students(frame, cell)
    return made, cell


def _students(frame: Frame, cell: np.ndarray) -> np.ndarray:
    """Which of the poor are poor for being students; nobody in a city without them."""
    if "student" not in frame.chances.chance:
        return np.zeros(len(frame.id), dtype=bool)
    chance = _by_household(frame, frame.chances.chance["student"], cell)
    return luck.column(frame.seed, Purpose.STUDENT, frame.id) < chance


def _by_household(frame: Frame, table: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Look up a table [neighbourhood or 1, cell] for every household."""
    row = frame.neighbourhood * np.int64(table.shape[1]) if len(table) > 1 else 0
    return table.ravel()[row + cell]


def _phones(scenario: Scenario, frame: Frame, attributes: Attributes) -> Attributes:
    """A smartphone is a phone, and so is a telephone at home; shares that contradict that are bent."""
    smart_share = scenario["people.smartphone_share"]
    phone_share = max(scenario["people.phone_share"], smart_share)
    other = (phone_share - smart_share) / max(1.0 - smart_share, 1e-12)
    wired = min(scenario["people.landline_share"] / max(phone_share, 1e-12), 1.0)
    smartphone = attributes["smartphone"]
    landline = frame.given.get("landline", luck.column(frame.seed, Purpose.LANDLINE, frame.id) < wired)
    voip_share = min(scenario["people.voip_share"] / max(phone_share * (1.0 - wired), 1e-12), 1.0)
    voip = frame.given.get("voip", ~landline & (luck.column(frame.seed, Purpose.VOIP, frame.id) < voip_share))
    phone = smartphone | (luck.column(frame.seed, Purpose.PHONE, frame.id) < other)
    for name in ("landline", "voip"):
        if name in frame.given:
            phone |= frame.given[name]
    phone = frame.given.get("phone", phone)
    return {"smartphone": smartphone & phone, "phone": phone, "landline": landline & phone, "voip": voip & phone}


def poverty_line_usd(scenario: Scenario, chances: Chances) -> float:
    """Income below which a household of the county counts as poor."""
    _, line = dependence.poverty_scores(chances)
    return float(scenario["people.median_income_usd"] * np.exp(scenario["people.income_sigma"] * line[0]))


def _income_usd(scenario: Scenario, frame: Frame, poor: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Lognormal income, the poor below the line and the others above it; see dependence.poverty_scores."""
    if "income_usd" in frame.given:
        return frame.given["income_usd"]
    score, line = dependence.poverty_scores(frame.chances)
    below = np.clip(_by_household(frame, frame.chances.chance["poor"], cell), 1e-9, 1.0 - 1e-9)
    u = luck.column(frame.seed, Purpose.INCOME, frame.id)
    rank = np.where(poor, u * below, below + u * (1.0 - below))
    z = ndtri(np.minimum(rank, 1.0 - 1e-16)) + _by_household(frame, line[:, None] - score, cell)
    ratio = frame.targets.get(INCOME_RATIO)
    scale = 1.0 if ratio is None else np.asarray(ratio)[frame.neighbourhood]
    return scenario["people.median_income_usd"] * scale * np.exp(scenario["people.income_sigma"] * z)


def _ethnicity(frame: Frame, minority: np.ndarray) -> np.ndarray:
    """Which minority: Black, Hispanic or other, in proportion to their shares. Index into ETHNICITIES."""
    black, hispanic = frame.targets["black"], frame.targets["hispanic"]
    whole = np.maximum(np.maximum(frame.targets["minority"], black + hispanic), 1e-12)
    first, second = np.atleast_1d(black / whole), np.atleast_1d((black + hispanic) / whole)
    u = luck.column(frame.seed, Purpose.ETHNICITY, frame.id)
    if len(first) > 1:
        first, second = first[frame.neighbourhood], second[frame.neighbourhood]
    return np.where(minority, 1 + (u >= first) + (u >= second), 0).astype(np.int8)


def _minds(scenario: Scenario, frame: Frame, attributes: Attributes) -> Attributes:
    """Knowledge and trust. Shifts are centred on the county: they open a gap but do not move the middle."""
    county = frame.chances.county
    off = {t: attributes[t] - county[dependence.HOLDS[t]].sum() for t in ("minority", "poor")}

    def share(name: str, purpose: Purpose, shift: np.ndarray) -> np.ndarray:
        middle = logit(np.clip(scenario[f"knowledge.{name}_mean"], 1e-6, 1.0 - 1e-6))
        u = luck.column(frame.seed, purpose, frame.id)
        return luck.logit_normal(u, middle + shift, scenario[f"knowledge.{name}_spread"])

    knowledge = scenario["knowledge.knowledge_minority_shift"] * off["minority"]
    knowledge = knowledge + scenario["knowledge.knowledge_poor_shift"] * off["poor"]
    trust = scenario["knowledge.trust_minority_shift"] * off["minority"]
    return {
        "knowledge": share("knowledge", Purpose.KNOWLEDGE, knowledge),
        "trust": share("trust", Purpose.TRUST, trust),
    }


def _tolerance_h(scenario: Scenario, frame: Frame, attributes: Attributes) -> np.ndarray:
    """Hours out at which need is one half."""
    median_h = np.full(len(frame.id), scenario["need.tolerance_h"])
    for name, holds in (
        ("medical", attributes["medical_device"]),
        ("children", attributes["children"]),
        ("over65", attributes["over65"]),
        ("no_substitute", ~attributes["substitute"]),
    ):
        median_h *= np.where(holds, scenario[f"need.{name}_factor"], 1.0)
    u = luck.column(frame.seed, Purpose.TOLERANCE, frame.id)
    return luck.lognormal(u, median_h, scenario["need.tolerance_sigma"])


def _location(frame: Frame, places: Neighbourhoods) -> Attributes:
    radius_km = np.sqrt(places.area_km2 / np.pi)[frame.neighbourhood]
    east_km, north_km = on_disc(frame.seed, Purpose.LOCATION, frame.id, radius_km)
    return {
        "x_km": places.x_km[frame.neighbourhood] + east_km,
        "y_km": places.y_km[frame.neighbourhood] + north_km,
    }


def on_disc(
    seed: int, purpose: Purpose, ids: np.ndarray, radius_km: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Uniform on a disc around the origin, from draws 0 and 1 of the purpose."""
    distance_km = radius_km * np.sqrt(luck.column(seed, purpose, ids, 0))
    angle = 2.0 * np.pi * luck.column(seed, purpose, ids, 1)
    return distance_km * np.cos(angle), distance_km * np.sin(angle)
