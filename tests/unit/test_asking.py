"""Informal requests: made once, by who knows an official and is at home, and apart from every channel."""

import numpy as np
import pytest

from sim import run
from tests.laws.towns import town

# Everybody is dark from the start and stays so.
DARK = {
    "place.customers": 2_000,
    "storm.failures.substation": 20.0,
    "crews.line.own": 0,
    "crews.trouble.own": 0,
    "reporting.attention_per_h": 0.5,
    "people.political_capital_share": 0.5,
    "channels.informal.asc": -1.0,
    "channels.app.awareness": 0.0,
    "channels.sms.awareness": 0.0,
    "run.horizon_h": 60.0,
}


def requests(patch=None, seed=3):
    outcomes = run(town({**DARK, **(patch or {})}), seed=seed)
    return outcomes, outcomes.reports.query("channel == 'informal'")


def asked_at(reports):
    return dict(zip(reports.household_id, reports.attempted_h, strict=True))


def with_and_without_new_channels(patch):
    """When each asked an official: without app and SMS, and with both for all."""
    before, plain = requests(patch)
    both = {f"channels.{name}.{what}": 1.0 for name in ("app", "sms") for what in ("availability", "awareness")}
    after, with_channels = requests({**patch, **both})
    assert len(after.reports) > 1.1 * len(before.reports)
    assert len(plain) > 200
    return asked_at(plain), asked_at(with_channels)


def test_a_new_channel_takes_no_request_from_officials_and_adds_none():
    """However much the answers of two-way channels add to trust, and whatever closures in error take from it."""
    plain, with_channels = with_and_without_new_channels({"reporting.trust_gain": 0.5, "reporting.trust_loss": 0.5})
    assert with_channels == plain


def test_only_who_knows_an_official_asks_and_each_once_and_the_official_passes_it_on_after_the_delay():
    outcomes, informal = requests({"reporting.informal_delay_h": 7.0})
    households = outcomes.households
    assert households.asked.any()
    assert not households.asked[~households.political_capital].any()
    assert informal.household_id.is_unique
    assert set(informal.household_id) <= set(households.household_id[households.asked])
    np.testing.assert_allclose(informal.logged_h - informal.attempted_h, 7.0, rtol=0, atol=1e-9)
    late = households.household_id[households.asked & ~households.household_id.isin(informal.household_id)]
    assert len(late) < 0.2 * len(informal)  # asked in the last seven hours: not yet passed on


def test_nobody_asks_while_away_or_out_of_office_hours():
    away = {"away.left_before_share": 0.5, "away.stays_h": 10.0}
    outcomes, informal = requests({**away, "channels.informal.opens_hour": 9.0, "channels.informal.closes_hour": 17.0})
    households = outcomes.households.set_index("household_id").loc[informal.household_id]
    attempted_h = informal.attempted_h.to_numpy()
    assert np.isneginf(households.away_h).sum() > 50
    assert not ((attempted_h >= households.away_h) & (attempted_h < households.returns_h)).any()
    hour = (attempted_h + 18.0) % 24.0  # the storm's peak is at 18:00
    assert hour.min() >= 9.0
    assert hour.max() < 17.0


@pytest.mark.parametrize("louder", [-2.0, 2.0])
def test_a_louder_city_asks_more_as_it_reports_more(louder):
    quiet, loud = sorted((0.0, louder))
    fewer, more = (len(requests({"reporting.willingness": shift})[1]) for shift in (quiet, loud))
    assert fewer < more
