"""Outreach: whom it reaches, who takes it in, what changes, and when; and nothing where nobody is reached."""

import numpy as np
import pytest

from sim import ScenarioError
from sim.inputs.parameters.channels import APP, HOTLINE, SMS, WEB
from sim.rules.channels import FORMAL, aware
from sim.rules.outreach import PROGRAMMES
from tests.laws.towns import ALL_RULES, SMALL, bytes_of, state_of, town, world

CERTAIN = {"effect": 1.0, "disadvantaged_ratio": 1.0, "at_h": 0.0}
NO_FADING = {"outreach.scale_penalty": 0.0, "outreach.half_life_months": 120.0, "outreach.spillover": 0.0}


def campaign(name, **parameters):
    own = {"reach": 1.0, **parameters}
    return {**NO_FADING, **{f"outreach.{name}.{key}": value for key, value in own.items()}}


def reached_by(state, name):
    return (np.array(state.households.reached) >> PROGRAMMES.index(name) & 1).astype(bool)


def taken_in(state, name):
    return (np.array(state.households.taken_in) >> PROGRAMMES.index(name) & 1).astype(bool)


def can(state, channel):
    return (np.array(state.households.can) >> channel & 1).astype(bool)


def ran(patch, base=SMALL, seed=1):
    scenario = town(patch, base)
    built = world(scenario, seed)
    return built[0], state_of(scenario, seed, built)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme_of_no_reach_changes_no_byte(name):
    nobody = {"reach": 0.0, "target_share": 0.5, "at_h": 3.0, "effect": 0.9, "cost_usd": 99.0, "attribute": "renter"}
    base = town(base=ALL_RULES)
    patched = base.but({f"outreach.{name}.{key}": value for key, value in nobody.items()})
    assert bytes_of(state_of(base)) == bytes_of(state_of(patched))


@pytest.mark.parametrize("name", PROGRAMMES)
def test_more_reach_only_adds_households(name):
    if name == "medical_registration":
        some, more = (ran({**campaign(name, reach=r), "people.medical_device_share": 0.4})[1] for r in (0.3, 0.8))
    elif name == "hotline_language":
        some, more = (ran({**campaign(name, reach=r), "people.limited_english_share": 0.4})[1] for r in (0.3, 0.8))
    elif name == "sms_opted_in":
        some, more = (ran({**campaign(name, reach=r), "channels.sms.awareness": 0.5})[1] for r in (0.3, 0.8))
    else:
        some, more = (ran(campaign(name, reach=r))[1] for r in (0.3, 0.8))
    before, after = reached_by(some, name), reached_by(more, name)
    assert before.any()
    assert not (before & ~after).any()
    assert after.sum() > before.sum()


def test_filters_are_an_intersection():
    place, state = ran(campaign("mailer", below_income_usd=40_000.0, above_svi=0.4, attribute="renter"))
    households = place.households
    svi = place.neighbourhoods.svi[households.neighbourhood]
    meant = (households.income_usd < 40_000.0) & (svi > 0.4) & households.renter
    assert meant.any()
    assert (reached_by(state, "mailer") == meant).all()


def test_named_neighbourhoods_only():
    place, state = ran(campaign("door", neighbourhoods=["N2", "N4"]))
    names = place.neighbourhoods.name[place.households.neighbourhood].astype(str)
    assert (reached_by(state, "door") == np.isin(names, ["N2", "N4"])).all()


def test_means_decide_who_can_be_contacted():
    households = ran({})[0].households
    by_means = {
        "sms_cold": households.phone,
        "phone": households.phone | households.landline,
        "device": ~households.smartphone,
        "sms_enrolment": households.phone,
        "medical_registration": households.medical_device & ~households.medical_registered,
        "hotline_language": households.limited_english,
        "mailer": np.ones(len(households), dtype=bool),
        "door": np.ones(len(households), dtype=bool),
    }
    for name, can_be in by_means.items():
        assert (reached_by(ran(campaign(name))[1], name) == can_be).all(), name


def test_least_aware_first_takes_those_who_know_fewest_channels():
    some_know = {"channels.web.awareness": 0.5, "channels.sms.awareness": 0.5}
    patch = {**some_know, **campaign("mailer", target_share=0.3, least_aware_first=True)}
    place, state = ran(patch)
    known = np.bitwise_count(aware(town(patch), 1, place) & FORMAL)
    chosen = reached_by(state, "mailer")
    assert chosen.sum() == round(0.3 * len(chosen))
    assert known[chosen].max() <= known[~chosen].min()


def test_who_takes_a_message_in_knows_the_channels_that_it_tells_about():
    patch = {f"channels.{name}.awareness": 0.0 for name in ("hotline", "web", "app", "sms")}
    place, state = ran({**patch, **campaign("mailer", **CERTAIN, channels=["app"], knowledge_gain=1.0)})
    assert (can(state, APP) == place.households.smartphone).all()
    assert not can(state, WEB).any()
    assert (np.array(state.households.knowledge) == 1.0).all()


def test_the_effect_is_met_in_the_mean_and_smaller_among_the_disadvantaged():
    patch = {"place.customers": 20_000, "grid.customers_per_feeder": 1_000, "grid.customers_per_substation": 5_000,
             "people.poverty_share": 0.3, "storm.gust_m_per_s": 0.0}  # fmt: skip
    place, state = ran({**patch, **campaign("mailer", effect=0.4, disadvantaged_ratio=0.5, at_h=0.0)})
    poor = place.households.poor | place.households.limited_english
    took = taken_in(state, "mailer")
    for group, chance in ((poor, 0.2), (~poor, 0.4)):
        sd = (chance * (1 - chance) / group.sum()) ** 0.5
        assert abs(took[group].mean() - chance) < 4 * sd


def test_messages_fade_and_lose_strength_at_scale():
    patch = {"place.customers": 20_000, "grid.customers_per_feeder": 1_000, "grid.customers_per_substation": 5_000,
             "storm.gust_m_per_s": 0.0}  # fmt: skip
    eleven_months_before = campaign("mailer", effect=0.8, disadvantaged_ratio=1.0, at_h=-11 * 730.5)
    halved = {**patch, **eleven_months_before, "outreach.half_life_months": 11.0}
    at_scale = {**halved, "outreach.scale_penalty": 0.5}
    sd = (0.25 / 20_000) ** 0.5
    assert abs(taken_in(ran(halved)[1], "mailer").mean() - 0.4) < 4 * sd
    assert abs(taken_in(ran(at_scale)[1], "mailer").mean() - 0.2) < 4 * sd
    materials = {**patch, **campaign("device", effect=0.4, at_h=-11 * 730.5), "outreach.scale_penalty": 0.5}
    _, state = ran(materials)
    n = reached_by(state, "device").sum()
    assert abs(taken_in(state, "device").sum() / n - 0.4) < 4 * (0.25 / n) ** 0.5


def test_materials_lift_their_constraint():
    place, state = ran({**campaign("device"), "channels.app.awareness": 1.0, "people.smartphone_share": 0.3})
    assert not place.households.smartphone.all()
    assert can(state, APP).all()
    place, state = ran({**campaign("sms_enrolment"), "channels.sms.awareness": 0.0})
    assert (can(state, SMS) == place.households.phone).all()
    place, state = ran({**campaign("hotline_language"), "people.limited_english_share": 0.3})
    assert place.households.limited_english.any()
    assert (np.array(state.households.spoken) >> HOTLINE & 1).all()
    assert not (np.array(state.households.spoken) >> WEB & 1)[place.households.limited_english].any()


def test_registration_counts_in_dispatch_and_must_be_over_when_work_begins():
    medical = {"dispatch.policy": "medical-first", "people.medical_device_share": 0.3}
    plain, registered = ran(medical)[1], ran({**medical, **campaign("medical_registration")})[1]
    assert (registered.devices.static_score >= plain.devices.static_score).all()
    assert (registered.devices.static_score > plain.devices.static_score).any()
    with pytest.raises(ScenarioError, match="register when work begins"):
        ran(campaign("medical_registration", at_h=100.0))


def test_a_tie_is_told_only_of_channels():
    silent = {"channels.app.awareness": 0.0, "people.smartphone_share": 1.0, "ties.word_of_mouth": 0.0}
    some = campaign("mailer", reach=0.2, **CERTAIN, channels=["app"])
    _, alone = ran({**silent, **some})
    _, telling = ran({**silent, **some, "outreach.spillover": 0.9})
    assert (can(alone, APP) == taken_in(alone, "mailer")).all()
    heard = can(telling, APP) & ~taken_in(telling, "mailer")
    assert heard.any()
    same = np.array(telling.households.knowledge)[heard] == np.array(alone.households.knowledge)[heard]
    assert same.all()


def test_who_has_no_ties_tells_nobody():
    alone = {"ties.neighbours": 0, "people.smartphone_share": 1.0}
    some = campaign("mailer", reach=0.2, **CERTAIN, channels=["app"])
    _, silent = ran({**alone, **some})
    _, telling = ran({**alone, **some, "outreach.spillover": 0.9})
    assert (can(telling, APP) == can(silent, APP)).all()


def test_during_the_storm_it_counts_from_the_hour_it_arrives():
    unheard_of = {f"channels.{name}.awareness": 0.0 for name in ("hotline", "web", "app", "sms")}
    unheard_of |= {"channels.informal.availability": 0.0, "telecom.cell_out_share": 0.0, "telecom.battery_h": 240.0}
    told = campaign("door", **{**CERTAIN, "at_h": 20.0, "over_h": 10.0})
    _, state = ran({**unheard_of, **told})
    first_h = np.array(state.households.first_report_h)
    reported = np.isfinite(first_h)
    assert reported.any()
    assert first_h[reported].min() > 20.0
    changes_h = np.full(len(first_h), np.inf)
    changes_h[state.changes.household] = state.changes.time_h
    assert (changes_h[reported] < first_h[reported]).all()


def test_who_hears_late_has_the_moments_that_it_would_have_had_anyway():
    """Told at the hour it went dark or long before is the same: attention hangs on luck, not on when one was told."""
    unheard_of = {f"channels.{name}.awareness": 0.0 for name in ("hotline", "web", "app", "sms")}
    unheard_of |= {"channels.informal.availability": 0.0, "outreach.half_life_months": 120.0}
    early = campaign("door", effect=1.0, disadvantaged_ratio=1.0, at_h=-0.5)
    storm_first = {"storm.onset_window_h": 0.0, "storm.onset_middle_h": 0.0}
    late = {**early, "outreach.door.at_h": 0.25, "reporting.attention_per_h": 0.05}
    early = {**early, "reporting.attention_per_h": 0.05}
    _, before = ran({**unheard_of, **early, **storm_first})
    _, after = ran({**unheard_of, **late, **storm_first})
    first, second = np.array(before.households.first_report_h), np.array(after.households.first_report_h)
    waited = first > 0.25
    assert np.isfinite(first[waited]).any()
    quiet = waited & (np.isfinite(first) == np.isfinite(second))
    assert np.mean(first[quiet & np.isfinite(first)] == second[quiet & np.isfinite(first)]) > 0.9


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"outreach.mailer.attribute": "rentr"}, "did you mean 'renter'"),
        ({"outreach.mailer.attribute": "income_usd"}, "no yes/no attribute 'income_usd'"),
        ({"outreach.mailer.channels": ["ap"]}, "did you mean 'app'"),
        ({"outreach.mailer.neighbourhoods": ["N99"]}, "no neighbourhood 'N99'"),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest(patch, message):
    with pytest.raises(ScenarioError, match=r"outreach\.mailer") as said:
        ran({"outreach.mailer.reach": 0.5, "outreach.mailer.effect": 0.9, **patch})
    assert message in str(said.value)
