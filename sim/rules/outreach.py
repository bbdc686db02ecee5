"""Outreach: whom each programme reaches, who takes it in, and what changes for them.

A programme is meant for the households that pass all of its filters and that its means can reach; of these it takes a
share, by lot or least aware first, and reaches a share of those. A household reached takes it in with chance::

    effect * ratio [poor or limited English] * (1 - scale_penalty * share of city reached) * 2 ** (-months / half-life)

where the last two factors hold for messages only. Who takes a message in knows the channels that it tells about, and
knows better how to use them; with some chance it tells a tie of the channels. The other programmes lift a constraint
of materials. All luck hangs on household and programme, so that more reach only adds households, and a programme of
no reach leaves no trace.
"""

from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from sim.core.columns import Households, Place
from sim.core.compiled import entry
from sim.core.errors import ScenarioError, nearest
from sim.core.household_rows import CHANGE
from sim.core.luck import Purpose, column
from sim.core.rows import rows as rows_of
from sim.inputs.parameters.channels import CHANNELS, HOTLINE, INFORMAL, SMS
from sim.inputs.parameters.outreach import Message, Outreach, Programme
from sim.inputs.scenario import Scenario
from sim.rules.channels import BY_NOTHING, FORMAL, Access

PROGRAMMES = tuple(name for name, value in Outreach() if isinstance(value, Programme))
HOURS_A_MONTH = 730.5
BY_PHONE = ("sms_cold", "sms_opted_in", "phone", "sms_enrolment")  # need a network during the storm


class Plan(NamedTuple):
    """What outreach does in one run."""

    reached: np.ndarray  # uint16 [household]  programmes, one bit each
    taken_in: np.ndarray  # uint16 [household]
    registered: np.ndarray  # bool [household]  on the medical register when work begins
    changes: np.recarray  # of `sim.core.household_rows.CHANGE`, in order of time


class Contacts(NamedTuple):
    """One programme's contacts."""

    rows: np.ndarray  # int64  households
    time_h: np.ndarray  # float64
    taken: np.ndarray  # bool


def plan(scenario: Scenario, place: Place, cell_back_h: np.ndarray, seed: int, has: Access) -> Plan:
    """Work out all contacts before a run begins.

    Parameters
    ----------
    cell_back_h : float64 [household]   cell service returns; -inf where it was never lost
    seed : int                          of behaviour
    has : Access                        what households know, own and are offered beforehand

    Raises
    ------
    ScenarioError    a filter or channel that does not exist; a registration that comes too late for dispatch
    """
    households = place.households
    reached, taken_in = np.zeros((2, len(households)), dtype=np.uint16)
    registered, changes = households.medical_registered, []
    for number, name in enumerate(PROGRAMMES):
        programme = getattr(scenario.parameters.outreach, name)
        if programme.reach == 0.0:
            continue
        made = _contacts(scenario, place, name, seed, has.aware, cell_back_h)
        reached[made.rows] |= np.uint16(1 << number)
        who, time_h = made.rows[made.taken], made.time_h[made.taken]
        taken_in[who] |= np.uint16(1 << number)
        if name == "medical_registration":
            registered = _register(scenario, registered, who, time_h)
            continue
        changes += _changes(scenario, place, name, seed, who, time_h)
    return Plan(reached, taken_in, registered, _in_order(changes, has))


def _changes(
    scenario: Scenario, place: Place, name: str, seed: int, who: np.ndarray, time_h: np.ndarray
) -> list[np.recarray]:
    """What a programme changes for those who take it in, and for those whom they tell."""
    effect = _effect(scenario, name, place.households, who)
    changes = [_rows(who, time_h, effect)]
    if isinstance(getattr(scenario.parameters.outreach, name), Message) and scenario["outreach.spillover"] > 0.0:
        told, told_h = _told_on(scenario, place, PROGRAMMES.index(name), seed, who, time_h)
        changes.append(_rows(told, told_h, {"learns": effect["learns"]}))
    return changes


def _contacts(
    scenario: Scenario, place: Place, name: str, seed: int, aware: np.ndarray, cell_back_h: np.ndarray
) -> Contacts:
    """Whom a programme reaches, when, and who takes it in."""
    programme, number = getattr(scenario.parameters.outreach, name), PROGRAMMES.index(name)
    ids = place.households.id
    meant = _meant_for(scenario, place, name, seed, aware)
    rows = meant[column(seed, Purpose.REACHED, ids[meant], number) < programme.reach]
    time_h = programme.at_h + programme.over_h * column(seed, Purpose.ROUND, ids[rows], number)
    if name in BY_PHONE:
        wired = place.households.landline[rows] & (name == "phone")
        there = wired | (time_h < 0.0) | (time_h >= cell_back_h[rows])
        rows, time_h = rows[there], time_h[there]
    chance = _chance(scenario, place, name, rows, time_h)
    return Contacts(rows, time_h, column(seed, Purpose.TAKEN_IN, ids[rows], number) < chance)


def _meant_for(scenario: Scenario, place: Place, name: str, seed: int, aware: np.ndarray) -> np.ndarray:
    """Rows of the households that a programme is meant for; int64 [targeted]."""
    programme, number = getattr(scenario.parameters.outreach, name), PROGRAMMES.index(name)
    rows = np.flatnonzero(_eligible(scenario, place, name, aware))
    if programme.target_share == 1.0:
        return rows
    lot = column(seed, Purpose.TARGETED, place.households.id[rows], number)
    if not programme.least_aware_first:
        return rows[lot < programme.target_share]
    known = np.bitwise_count(aware[rows] & FORMAL)  # an official is no channel that one learns of
    first = np.lexsort((lot, known))[: round(programme.target_share * len(rows))]
    return np.sort(rows[first])


def _eligible(scenario: Scenario, place: Place, name: str, aware: np.ndarray) -> np.ndarray:
    """Who passes the filters and can be reached by the means; bool [household]."""
    households, programme = place.households, getattr(scenario.parameters.outreach, name)
    where = f"{scenario.name} [outreach.{name}]"
    means = {
        "sms_cold": households.phone,
        "sms_opted_in": households.phone & (aware >> SMS & 1).astype(bool),
        "phone": households.phone | households.landline,
        "device": ~households.smartphone,
        "sms_enrolment": households.phone,
        "medical_registration": households.medical_device & ~households.medical_registered,
        "hotline_language": households.limited_english,
    }
    yes = means.get(name, np.ones(len(households), dtype=bool)).copy()
    if programme.below_income_usd > 0.0:
        yes &= households.income_usd < programme.below_income_usd
    if programme.above_svi > 0.0:
        yes &= place.neighbourhoods.svi[households.neighbourhood] > programme.above_svi
    if programme.attribute:
        allowed = [f.name for f in fields(households) if getattr(households, f.name).dtype == bool]
        yes &= getattr(households, _known(where, "yes/no attribute", programme.attribute, allowed))
    if programme.neighbourhoods:
        names = [str(label) for label in place.neighbourhoods.name]
        wanted = [names.index(_known(where, "neighbourhood", label, names)) for label in programme.neighbourhoods]
        yes &= np.isin(households.neighbourhood, wanted)
    return yes


def _known(where: str, what: str, given: str, allowed: Any) -> str:
    if given not in allowed:
        raise ScenarioError(f"{where}: no {what} '{given}'{nearest(given, allowed)} (there are: {', '.join(allowed)})")
    return given


def _chance(scenario: Scenario, place: Place, name: str, rows: np.ndarray, time_h: np.ndarray) -> np.ndarray:
    """Chance of taking the programme in; float64 [contact]."""
    programme, households = getattr(scenario.parameters.outreach, name), place.households
    disadvantaged = households.poor[rows] | households.limited_english[rows]
    chance = programme.effect * np.where(disadvantaged, programme.disadvantaged_ratio, 1.0)
    if isinstance(programme, Message):
        months = np.maximum(0.0, -time_h) / HOURS_A_MONTH
        chance = chance * 0.5 ** (months / scenario["outreach.half_life_months"])
        chance = chance * (1.0 - scenario["outreach.scale_penalty"] * len(rows) / len(households))
    return chance


def _effect(scenario: Scenario, name: str, households: Households, who: np.ndarray) -> dict[str, Any]:
    """What changes for those who take a programme in, by field of `sim.core.household_rows.CHANGE`."""
    programme = getattr(scenario.parameters.outreach, name)
    if isinstance(programme, Message):
        where = f"{scenario.name} [outreach.{name}]"
        told = [CHANNELS.index(_known(where, "channel", channel, CHANNELS)) for channel in programme.channels]
        learns = sum(1 << channel for channel in set(told))
        return {"learns": learns, "knowledge": programme.knowledge_gain, "trust": programme.trust_gain}
    if name == "device":
        informal = households.political_capital[who].astype(np.uint8) << np.uint8(INFORMAL)
        return {"gets": informal | (FORMAL & ~BY_NOTHING), "smartphone": True}
    if name == "sms_enrolment":
        return {"learns": 1 << SMS}
    return {"speaks": 1 << HOTLINE}


def _register(scenario: Scenario, registered: np.ndarray, who: np.ndarray, time_h: np.ndarray) -> np.ndarray:
    """The medical register when work begins, bool [household]; dispatchers read it then."""
    safe_h = scenario["crews.safe_h"]
    if len(time_h) and time_h.max() > safe_h:
        raise ScenarioError(
            f"{scenario.name} [outreach.medical_registration]: ends at {time_h.max():g} h, but dispatchers read the "
            f"register when work begins (crews.safe_h = {safe_h:g} h)"
        )
    registered = registered.copy()
    registered[who] = True
    return registered


def _told_on(
    scenario: Scenario, place: Place, number: int, seed: int, who: np.ndarray, time_h: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Households that a tie tells of the channels, and when the first of their ties that know can."""
    takes_in = np.zeros(len(place.households) + 1, dtype=bool)  # the last one stands for no tie
    takes_in[who] = True
    n_telling = np.zeros(len(place.households), dtype=np.int64)
    for tie in place.ties.T:
        n_telling += takes_in[tie]
    hearing = np.flatnonzero(n_telling)
    chance = 1.0 - (1.0 - scenario["outreach.spillover"]) ** n_telling[hearing]
    told = hearing[column(seed, Purpose.TOLD_ON, place.households.id[hearing], number) < chance]
    taken_h = np.full(len(takes_in), np.inf)
    taken_h[who] = time_h
    return told, taken_h[place.ties[told]].min(axis=1, initial=np.inf)


def _rows(who: np.ndarray, time_h: np.ndarray, effect: dict[str, Any]) -> np.recarray:
    rows = rows_of(CHANGE, len(who))
    rows.household, rows.time_h = who, time_h
    for field, value in effect.items():
        rows[field] = value
    return rows


def _in_order(changes: list[np.recarray], has: Access) -> Any:
    """All changes by time, then household, then programme; with what each leaves a household able to use."""
    if not changes:
        return rows_of(CHANGE, 0)
    unsorted = np.concatenate(changes)
    rows = unsorted[np.lexsort((unsorted["household"], unsorted["time_h"]))].view(np.recarray)
    add_up(rows, has.aware.copy(), has.owns.copy(), has.offered)
    return rows


@entry
def add_up(changes, aware, owns, offered):
    """Fill in what each change, after those before it, leaves a household able to use."""
    for number in range(len(changes)):
        change = changes[number]
        aware[change.household] |= change.learns
        owns[change.household] |= change.gets
        change.can = aware[change.household] & owns[change.household] & offered[change.household]
