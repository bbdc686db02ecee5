"""Reports against closed forms: exponential times to the first report, who is away, and logit shares of channels."""

from itertools import cycle

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import kstest

from sim.inputs.parameters.channels import CHANNELS, INFORMAL, VOICES
from tests.laws.towns import PLAIN, rows_of, state_of, world

# Everybody is dark from the start and stays so; whatever could make utility vary is switched off.
DARK = {
    "place.customers": 20_000,
    "storm.failures.substation": 20.0,
    "crews.line.own": 0,
    "crews.trouble.own": 0,
    "patrol.teams": 0,
    "away.left_before_share": 0.0,
    "away.leaves_share": 0.0,
    **{f"need.{name}_odds": 1.0 for name in ("medical", "children", "over65", "no_substitute")},
    "reporting.proxy_chance": 0.0,
    "reporting.b_need": 0.0,
    "reporting.b_duration": 0.0,
    "reporting.b_trust": 0.0,
    "reporting.b_hassle": 0.0,
    "reporting.b_language": 0.0,
    "reporting.b_free": 0.0,
    "reporting.attention_per_h": 0.5,
    "run.horizon_h": 400.0,
}
NO_CHANNEL = {f"channels.{name}.availability": 0.0 for name in CHANNELS}
# A liaison's address needs nothing that the storm could take; nobody walks rounds.
ONE_CHANNEL = {
    **DARK, **NO_CHANNEL, "channels.liaison.availability": 1.0, "channels.liaison.awareness": 1.0,
    "channels.liaison.asc": -1.0, "channels.liaison.opens_hour": 0.0, "channels.liaison.closes_hour": 24.0,
}  # fmt: skip
MIDDLE = VOICES["middle"]
REPORT = expit(-1.0 + MIDDLE)
ONE_IN_A_THOUSAND = 1.95  # critical value of sqrt(n) times the Kolmogorov-Smirnov distance


def households_after(patch, seed):
    scenario = PLAIN.but(patch)
    built = world(scenario, seed)
    return built[0].households, rows_of(state_of(scenario, seed, built))["households"]


def attended(start_h, end_h, day_starts, day_ends, night_factor, peak_hour):
    """Hours by day plus ``night_factor`` times hours by night, summed in steps of a minute."""
    hours = np.arange(0.0, 24.0, 1 / 60) + 1 / 120
    weight = np.where((hours >= day_starts) & (hours < day_ends), 1.0, night_factor)
    total = np.concatenate([[0.0], np.cumsum(weight) / 60])

    def up_to(time_h):
        days, hour = np.divmod(time_h + peak_hour + 240.0, 24.0)
        return days * total[-1] + np.interp(hour, np.arange(len(total)) / 60, total)

    return up_to(end_h) - up_to(start_h)


@pytest.mark.parametrize("seed", [1, 2])
def test_with_one_channel_and_constant_utility_the_first_report_comes_after_an_exponential_time(seed):
    _, households = households_after({**ONE_CHANNEL, "reporting.night_factor": 1.0}, seed)
    waited = households["first_report_h"] - households["out_h"]
    distance = kstest(waited, "expon", args=(0.0, 1.0 / (0.5 * REPORT))).statistic
    assert np.isfinite(waited).all()
    assert distance < ONE_IN_A_THOUSAND / np.sqrt(len(waited))


@pytest.mark.parametrize("seed", [1, 2])
def test_with_nights_the_attention_given_until_the_first_report_is_exponential(seed):
    nights = {"reporting.night_factor": 0.2, "reporting.day_starts_hour": 6.5, "reporting.day_ends_hour": 21.0}
    _, households = households_after({**ONE_CHANNEL, **nights, "storm.peak_at": "2018-10-10T18:30"}, seed)
    spent = attended(households["out_h"], households["first_report_h"], 6.5, 21.0, 0.2, 18.5)
    distance = kstest(spent, "expon", args=(0.0, 1.0 / (0.5 * REPORT))).statistic
    assert distance < ONE_IN_A_THOUSAND / np.sqrt(len(spent))


@pytest.mark.parametrize("asc", [-3.0, 0.0, 2.0])
@pytest.mark.parametrize(("voice", "willingness"), [("middle", 0.0), ("low", 0.0), ("high", 0.0), ("middle", 1.5)])
def test_the_rate_of_first_reports_is_attention_times_the_logit_chance(asc, voice, willingness):
    loud = {"reporting.voice": voice, "reporting.willingness": willingness, "reporting.night_factor": 1.0}
    _, households = households_after({**ONE_CHANNEL, **loud, "channels.liaison.asc": asc}, 3)
    assert_as_many_as_expected(early(households), reported_by(4.0, asc + VOICES[voice] + willingness))


@pytest.mark.parametrize("has", ["medical_device", "children", "over65", "substitute"])
def test_what_a_household_has_multiplies_its_odds_of_telling_at_any_moment(has):
    odds = {
        "need.medical_odds": 3.0,
        "need.children_odds": 2.0,
        "need.over65_odds": 0.5,
        "need.no_substitute_odds": 1.5,
    }
    people, households = households_after({**ONE_CHANNEL, **odds, "reporting.night_factor": 1.0}, 4)
    utility = -1.0 + MIDDLE + np.log(3.0) * people.medical_device + np.log(2.0) * people.children
    utility += np.log(0.5) * people.over65 + np.log(1.5) * ~people.substitute
    for group in (getattr(people, has), ~getattr(people, has)):
        assert group.sum() > 300
        assert_as_many_as_expected(early(households)[group], reported_by(4.0, utility)[group])


def test_who_left_before_the_storm_reports_an_exponential_time_after_an_exponential_return():
    away = {"away.left_before_share": 1.0, "away.stays_h": 20.0, "reporting.night_factor": 1.0}
    _, households = households_after({**ONE_CHANNEL, **away}, 6)
    home, told = 1.0 / 20.0, 0.5 * REPORT

    def hypoexponential(time_h):
        return 1.0 - (told * np.exp(-home * time_h) - home * np.exp(-told * time_h)) / (told - home)

    waited = households["first_report_h"] - households["out_h"]
    assert (households["first_report_h"] >= households["returns_h"]).all()
    assert kstest(waited, hypoexponential).statistic < ONE_IN_A_THOUSAND / np.sqrt(len(waited))


def test_who_leaves_while_it_is_dark_reports_before_leaving_or_after_returning():
    """They leave after ``a (1 + E)`` hours, E exponential: at a rate r, ``exp(-ra) / (1 + ra)`` tell nothing before."""
    away = {"away.leaves_share": 1.0, "away.leaves_after_h": 10.0, "away.stays_h": 30.0, "reporting.night_factor": 1.0}
    _, households = households_after({**ONE_CHANNEL, **away}, 7)
    first = households["first_report_h"]
    assert not ((first >= households["away_h"]) & (first < households["returns_h"])).any()
    silent = np.exp(-5.0 * REPORT) / (1.0 + 5.0 * REPORT)
    assert_as_many_as_expected(first < households["away_h"], np.full(len(households), 1.0 - silent))


def early(households):
    """Who reported within four hours."""
    return households["first_report_h"] - households["out_h"] < 4.0


def reported_by(hours, utility):
    """Chance of a first report by then, at half a moment of attention an hour."""
    return 1.0 - np.exp(-0.5 * expit(utility) * hours)


def assert_as_many_as_expected(happened, chance):
    chance = np.broadcast_to(chance, happened.shape)
    assert abs(happened.sum() - chance.sum()) < 4.0 * np.sqrt((chance * (1.0 - chance)).sum())


def test_channels_are_chosen_in_the_proportions_of_the_logit_and_officials_are_asked_beside_it():
    """Each household by its own knowledge, trust and language; phones, smartphones and landlines for all.

    To report and to ask an official are two clocks of one pace that tick apart; what comes first is in proportion to
    the chances at a tick.
    """
    asc = dict(zip(CHANNELS, cycle((-2.0, -1.0, 0.0, -0.5, -1.5, -2.5))))
    hassle = dict(zip(CHANNELS, cycle((0.8, 1.0, 0.6, 0.3, 0.2, 2.0))))
    everybody = {
        **DARK, "reporting.b_hassle": 1.5, "reporting.b_trust": 0.7, "reporting.b_language": 1.0,
        "reporting.trust_gain": 0.0, "reporting.informal_delay_h": 0.0,
        "people.smartphone_share": 1.0, "people.phone_share": 1.0, "people.landline_share": 1.0,
        "people.political_capital_share": 1.0, "people.limited_english_share": 0.3,
        "telecom.cell_out_share": 0.0, "telecom.recharge_chance": 1.0,
        "knowledge.awareness_minority_odds": 1.0, "knowledge.awareness_poor_odds": 1.0,
        "knowledge.awareness_limited_english_odds": 1.0, "knowledge.digital_over65_odds": 1.0,
        "channels.sms.other_languages": True, "hotline.call_takers": 4_000, "hotline.lines": 5_000,
    }  # fmt: skip
    for name in CHANNELS:
        everybody |= {f"channels.{name}.availability": 1.0, f"channels.{name}.awareness": 1.0}
        everybody |= {f"channels.{name}.opens_hour": 0.0, f"channels.{name}.closes_hour": 24.0}
        everybody |= {f"channels.{name}.asc": asc[name], f"channels.{name}.hassle": hassle[name]}
    people, households = households_after(everybody, 5)
    utility = np.array([asc[name] - 1.5 * hassle[name] * (1.0 - people.knowledge) for name in CHANNELS])
    utility += MIDDLE + 0.7 * people.trust
    spoken = np.isin(CHANNELS, ("sms", "liaison", "informal"))
    weight = np.exp(utility - 1.0 * people.limited_english[None, :] * ~spoken[:, None])
    formal = np.delete(weight, INFORMAL, axis=0).sum(axis=0)
    chance = weight / (1.0 + np.where(np.arange(len(CHANNELS))[:, None] == INFORMAL, weight, formal))
    chance /= chance.sum(axis=0)
    counts = np.bincount(households["first_channel"], minlength=len(CHANNELS))
    spread = np.sqrt((chance * (1.0 - chance)).sum(axis=1))
    assert counts.sum() == len(households)
    assert (np.abs(counts - chance.sum(axis=1)) < 4.0 * spread).all()
