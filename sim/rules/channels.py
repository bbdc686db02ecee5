"""Channels: who could use which at all, and who can use which at this moment.

A channel is in a household's choice set if the household knows it, it is offered, the household owns what it needs
(`sim.inputs.parameters.channels.Channels`), and all that works now:

============  ==========================================================================
telephone     a line-powered one, one over the internet while its battery lasts, or a charged phone with service
mobile phone  a charged phone with cell service
smartphone    a charged smartphone with cell service
internet      a charged smartphone with cell service, or (by chance) internet elsewhere
nothing       always, within the hours of the channel
============  ==========================================================================

An informal request also needs political capital; see :mod:`sim.rules.asking`. Digital access is thus an outcome of the
storm as well as an attribute of a household.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from sim.core.columns import Households, Place
from sim.core.compiled import rule
from sim.core.luck import Purpose, column, uniform
from sim.inputs.parameters.channels import CHANNELS, INFORMAL, WAYS, Need
from sim.inputs.scenario import Scenario
from sim.world import dependence

AWAY_LUCK = np.uint64(Purpose.AWAY)
RECHARGE_LUCK = np.uint64(Purpose.RECHARGE)

ALL_BITS = (1 << len(CHANNELS)) - 1
FORMAL = ALL_BITS & ~(1 << int(INFORMAL))


def needing(*needs: Need) -> list[int]:
    """The channels that need one of these, but for informal requests."""
    return [c for c, way in enumerate(WAYS.values()) if way.needs in needs and c != INFORMAL]


DIGITAL, OTHERS = needing("mobile phone", "smartphone", "internet"), needing("telephone", "nothing")
BY_TELEPHONE = sum(1 << c for c in needing("telephone")) | 1 << int(INFORMAL)
BY_INTERNET, BY_NOTHING = (sum(1 << c for c in needing(need)) for need in ("internet", "nothing"))


@rule
def hour_of_day(time_h, parameters):
    """Wall-clock hour, 0 to 24; the remainder by a floor, which is as exact and much quicker."""
    hour = time_h + parameters.derived.peak_hour
    hour -= 24.0 * math.floor(hour / 24.0)
    return hour + 24.0 if hour < 0.0 else hour - 24.0 if hour >= 24.0 else hour


@rule
def is_open(channel, hour):
    """Whether a channel is staffed at an hour of the day; equal hours mean always."""
    if channel.opens == channel.closes or (channel.opens == 0.0 and channel.closes == 24.0):
        return True
    if channel.opens < channel.closes:
        return channel.opens <= hour < channel.closes
    return hour >= channel.opens or hour < channel.closes


@rule
def is_charged(person, time_h, parameters):
    """Whether a phone works: its battery lasts a while, then it is recharged on some days."""
    flat_h = time_h - person.out_h - person.battery_h
    if flat_h < 0.0:
        return True
    day = math.floor(flat_h / 24.0)
    return (
        uniform(parameters.derived.storm_seed, RECHARGE_LUCK, person.id, int(day)) < parameters.telecom.recharge_chance
    )


@rule
def usable(person, time_h, moment, parameters):
    """Channels in the choice set now, one bit each; ``moment`` numbers the moment of attention."""
    can = int(person.can)
    if can & ~BY_NOTHING:
        covered = time_h >= person.cell_back_h
        if not (covered and is_charged(person, time_h, parameters)):
            keep = BY_NOTHING | BY_INTERNET
            if person.landline or (person.voip and time_h < person.out_h + parameters.telecom.voip_battery_h):
                keep |= BY_TELEPHONE
            can &= keep
            if can & BY_INTERNET and not is_away(person, moment, parameters):
                can &= ~BY_INTERNET
        elif can & BY_INTERNET and not person.smartphone and not is_away(person, moment, parameters):
            can &= ~BY_INTERNET
    return can


@rule
def is_away(person, moment, parameters):
    """Whether an internet household happens to be somewhere with power and internet."""
    if not person.broadband:
        return False
    return (
        uniform(parameters.derived.behaviour_seed, AWAY_LUCK, person.id, moment) < parameters.reporting.web_away_chance
    )


class Access(NamedTuple):
    """What stands between households and channels, each uint8 [household], one bit a channel."""

    aware: np.ndarray
    owns: np.ndarray  # the means for it
    offered: np.ndarray


def owned(households: Households) -> np.ndarray:
    """Channels that each household owns the means for, one bit each. Returns uint8 [household]."""
    has = {
        "telephone": households.phone | households.landline,
        "mobile phone": households.phone,
        "smartphone": households.smartphone,
        "internet": households.smartphone | households.broadband,
        "nothing": np.ones(len(households), dtype=bool),
    }
    means = {c: has[way.needs] for c, way in enumerate(WAYS.values())}
    means[int(INFORMAL)] = means[int(INFORMAL)] & households.political_capital
    return _bits(means, len(households))


def spoken(scenario: Scenario, households: Households) -> np.ndarray:
    """Channels offered in a language that is spoken at home, one bit each. Returns uint8 [household]."""
    others = sum(scenario[f"channels.{name}.other_languages"] << c for c, name in enumerate(CHANNELS))
    return np.where(households.limited_english, np.uint8(others), np.uint8(ALL_BITS))


def offered(scenario: Scenario, seed: int, place: Place) -> np.ndarray:
    """Channels offered to each household: a share of them, by luck, each channel apart. Returns uint8 [household]."""
    ids = place.households.id
    share = {c: scenario[f"channels.{name}.availability"] for c, name in enumerate(CHANNELS)}
    to_all = sum(1 << c for c in share if share[c] == 1.0)
    by_luck = {c: column(seed, Purpose.OFFERED, ids, c) < share[c] for c in share if 0.0 < share[c] < 1.0}
    return _bits(by_luck, len(ids), to_all)


def aware(scenario: Scenario, seed: int, place: Place) -> np.ndarray:
    """Channels that each household knows: its own awareness, and what its ties passed on. Returns uint8 [household].

    Kept with the place, not to be written to.
    """
    given = scenario.parameters.channels, scenario.parameters.knowledge, scenario["people.limited_english_share"]
    chance = place.kept.get("awareness", given, lambda: awareness(scenario, place))
    passed_on = scenario["ties.word_of_mouth"]
    version = seed, passed_on, chance.tobytes()
    return place.kept.get("aware", version, lambda: _after_talking(_known(seed, place, chance), seed, place, passed_on))


def _known(seed: int, place: Place, chance: np.ndarray) -> np.ndarray:
    """Channels that each household knows by itself."""
    trait, ids = _traits(place.households), place.households.id
    known = {c: column(seed, Purpose.AWARENESS, ids, c) < chance[c][trait] for c in range(len(CHANNELS))}
    return _bits(known, len(ids))


def _after_talking(known: np.ndarray, seed: int, place: Place, passed_on: float) -> np.ndarray:
    """Channels that each household knows once its ties have talked: by luck, the likelier the more of them know."""
    if passed_on == 0.0 or place.ties.shape[1] == 0:
        return known
    chance = 1.0 - (1.0 - passed_on) ** np.arange(place.ties.shape[1] + 1)
    told, of_ties = known.copy(), np.append(known, np.uint8(0))  # the last one stands for no tie
    for channel in range(len(CHANNELS)):
        luck = column(seed, Purpose.WORD_OF_MOUTH, place.households.id, channel)
        may = np.flatnonzero((luck < chance.max()) & (known >> channel & 1 == 0))  # learn it, were it all of their ties
        n_knowing = (of_ties[place.ties[may]] >> channel & 1).sum(axis=1, dtype=np.int64)
        told[may[luck[may] < chance[n_knowing]]] |= np.uint8(1 << channel)
    return told


def awareness(scenario: Scenario, place: Place) -> np.ndarray:
    """Chance of knowing each channel, by odds ratios around its share in a county of the expected composition.

    Returns
    -------
    float64 [channel, traits of a household] (see `_traits`)
    """
    county = place.kept.get("county", 0, lambda: dependence.county_composition(scenario))
    foreign, hard = scenario["people.limited_english_share"], scenario["knowledge.awareness_limited_english_odds"]
    weight = np.concatenate([county * (1.0 - foreign), county * foreign])
    share = np.array([scenario[f"channels.{name}.awareness"] for name in CHANNELS])
    chance = np.repeat(share[:, None], len(weight), axis=1)  # who has an informal route knows it
    for channels in (DIGITAL, OTHERS):
        odds = {
            "minority": scenario["knowledge.awareness_minority_odds"],
            "poor": scenario["knowledge.awareness_poor_odds"],
            "over65": scenario["knowledge.digital_over65_odds"] if channels is DIGITAL else 1.0,
        }
        offset = sum(np.log(odds[trait]) * dependence.HOLDS[trait] for trait in odds)
        both = np.concatenate([offset, offset + np.log(hard)])
        middle = share[channels]
        base = dependence.intercept(middle, np.repeat(weight[None, :], len(middle), axis=0), both)
        chance[channels] = expit(base[:, None] + both)
    return chance


def _traits(households: Households) -> np.ndarray:
    """Position of every household among the traits that awareness depends on; int64 [household]."""
    cell = households.limited_english.astype(np.int64) * len(dependence.CELLS)
    for bit, trait in enumerate(dependence.TRAITS):
        cell += getattr(households, trait) * np.int64(1 << bit)
    return cell


def _bits(columns: Mapping[int, np.ndarray], n: int, more: int = 0) -> np.ndarray:
    """Columns of yes and no [household], one for each channel, as one bit each; and ``more`` bits for all."""
    bits = np.full(n, more, dtype=np.uint8)
    for channel, yes in columns.items():
        bits |= yes.view(np.uint8) << np.uint8(channel)
    return bits
