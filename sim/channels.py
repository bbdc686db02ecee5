"""Channels: who could use which at all, and who can use which at this moment.

A channel is in a household's choice set if the household knows it, it is offered, the household owns what it needs,
and all that works now:

==========  ==========================================================================
hotline     a landline, or a charged phone with cell service
web         a charged smartphone with cell service, or (by chance) internet elsewhere
app         a charged smartphone with cell service
SMS         a charged phone with cell service
liaison     nothing but daylight hours
informal    political capital; and a landline, or a charged phone with cell service
==========  ==========================================================================

Digital access is thus an outcome of the storm as well as an attribute of a household.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import expit

from sim import dependence
from sim.columns import APP, CHANNELS, HOTLINE, INFORMAL, LIAISON, SMS, WEB, Households
from sim.compiled import rule
from sim.luck import Purpose, column, uniform
from sim.scenario import Scenario

AWAY_LUCK = np.uint64(Purpose.AWAY)
RECHARGE_LUCK = np.uint64(Purpose.RECHARGE)

DIGITAL = (WEB, APP, SMS)
PHONE_BITS = np.uint8((1 << HOTLINE) | (1 << INFORMAL))
SMART_BITS = np.uint8((1 << WEB) | (1 << APP))


@rule
def hour_of_day(time_h, rules):
    """Wall-clock hour, 0 to 24."""
    return (time_h + rules.peak_hour) % 24.0


@rule
def is_open(channel, hour):
    """Whether a channel is staffed at an hour of the day; equal hours mean always."""
    if channel.opens == channel.closes or (channel.opens == 0.0 and channel.closes == 24.0):
        return True
    if channel.opens < channel.closes:
        return channel.opens <= hour < channel.closes
    return hour >= channel.opens or hour < channel.closes


@rule
def is_charged(person, time_h, rules):
    """Whether a phone works: its battery lasts a while, then it is recharged on some days."""
    flat_h = time_h - person.out_h - person.battery_h
    if flat_h < 0.0:
        return True
    day = math.floor(flat_h / 24.0)
    return uniform(rules.storm_seed, RECHARGE_LUCK, person.id, int(day)) < rules.recharge_chance


@rule
def usable(person, time_h, moment, rules):
    """Channels in the choice set now, one bit each; ``moment`` numbers the moment of attention."""
    can = int(person.can)
    mobile_bits = (1 << HOTLINE) | (1 << WEB) | (1 << APP) | (1 << SMS) | (1 << INFORMAL)
    if can & mobile_bits:
        covered = time_h >= person.cell_back_h
        if not (covered and is_charged(person, time_h, rules)):
            keep = (1 << LIAISON) | (1 << WEB)
            if person.landline:
                keep |= (1 << HOTLINE) | (1 << INFORMAL)
            can &= keep
            if can & (1 << WEB) and not is_away(person, moment, rules):
                can &= ~(1 << WEB)
        elif can & (1 << WEB) and not person.smartphone and not is_away(person, moment, rules):
            can &= ~(1 << WEB)
    return can


@rule
def is_away(person, moment, rules):
    """Whether an internet household happens to be somewhere with power and internet."""
    if not person.broadband:
        return False
    return uniform(rules.behaviour_seed, AWAY_LUCK, person.id, moment) < rules.web_away_chance


def owned(folk: Households) -> np.ndarray:
    """Channels that each household owns the means for, one bit each. Returns uint8 [household]."""
    phone = folk.phone | folk.landline
    means = {
        HOTLINE: phone,
        WEB: folk.smartphone | folk.broadband,
        APP: folk.smartphone,
        SMS: folk.phone,
        LIAISON: np.ones(len(folk), dtype=bool),
        INFORMAL: phone & folk.political_capital,
    }
    return _bits(means)


def offered(scenario: Scenario, seed: int, folk: Households) -> np.ndarray:
    """Channels offered to each household: a share of them, by luck, each channel apart. Returns uint8 [household]."""
    share = {c: scenario[f"channels.{name}.availability"] for c, name in enumerate(CHANNELS)}
    return _bits({c: _by_luck(seed, Purpose.OFFERED, folk, c, share[c]) for c in share})


def aware(scenario: Scenario, seed: int, folk: Households, ties: np.ndarray) -> np.ndarray:
    """Channels that each household knows: its own awareness, and what its ties passed on. Returns uint8 [household]."""
    county = dependence.county_composition(scenario)
    chance = {c: _awareness(scenario, county, folk, c) for c in range(len(CHANNELS))}
    known = {c: _by_luck(seed, Purpose.AWARENESS, folk, c, chance[c]) for c in chance}
    passed_on = scenario["ties.word_of_mouth"]
    if passed_on > 0.0 and ties.shape[1] > 0:
        told = {c: 1.0 - (1.0 - passed_on) ** _knowing(known[c], ties) for c in known if not known[c].all()}
        known |= {c: known[c] | _by_luck(seed, Purpose.WORD_OF_MOUTH, folk, c, told[c]) for c in told}
    return _bits(known)


def _by_luck(seed: int, purpose: Purpose, folk: Households, channel: int, chance: float | np.ndarray) -> np.ndarray:
    """Who is lucky, bool [household]; nothing is drawn where it is certain."""
    if np.ndim(chance) == 0 and chance in (0.0, 1.0):
        return np.full(len(folk), bool(chance))
    return column(seed, purpose, folk.id, channel) < chance


def _awareness(scenario: Scenario, county: np.ndarray, folk: Households, channel: int) -> float | np.ndarray:
    """Chance of knowing a channel, by odds ratios around its share in a county of the expected composition."""
    share = scenario[f"channels.{CHANNELS[channel]}.awareness"]
    if channel == INFORMAL:  # who has an informal route knows it
        return share
    odds = {
        "minority": scenario["knowledge.awareness_minority_odds"],
        "poor": scenario["knowledge.awareness_poor_odds"],
        "over65": scenario["knowledge.digital_over65_odds"] if channel in DIGITAL else 1.0,
    }
    foreign, hard = scenario["people.limited_english_share"], scenario["knowledge.awareness_limited_english_odds"]
    offset = sum(np.log(odds[trait]) * dependence.HOLDS[trait] for trait in odds)
    weight = np.concatenate([county * (1.0 - foreign), county * foreign])
    base = dependence.intercept(np.array([share]), weight[None, :], np.concatenate([offset, offset + np.log(hard)]))
    logits = base[0] + sum(np.log(odds[trait]) * getattr(folk, trait) for trait in odds)
    return expit(logits + np.log(hard) * folk.limited_english)


def _knowing(known: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """How many of a household's ties know; int64 [household]."""
    return sum((ties[:, tie] >= 0) & known[ties[:, tie]] for tie in range(ties.shape[1]))


def _bits(columns: Mapping[Any, np.ndarray]) -> np.ndarray:
    bits = np.zeros(len(columns[0]), dtype=np.uint8)
    for channel, yes in columns.items():
        bits |= yes.astype(np.uint8) << np.uint8(channel)
    return bits
