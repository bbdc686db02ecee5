"""What a household makes of reporting: shared by the event-driven and the stepped model.

V[c] = asc[c] + willingness + b_need * need(t) + b_duration * log(1 + hours_out) + b_trust * trust
       + urgency + b_closed * [a report of its own was closed in error]
       - b_hassle * hassle[c] * (1 - knowledge) - b_language * [limited English, c not offered in it]
       - b_free * others(t)
"""

from collections.abc import Mapping, Sequence
from math import inf, log, log2
from typing import Any

import mesa
import numpy as np

from benchmarks.plain_mesa.channels import Channel
from sim.core import luck
from sim.core.columns import LATERAL, Households
from sim.core.luck import Purpose
from sim.inputs.scenario import Scenario


def standing_need(scenario: Scenario, people: Households) -> list[float]:
    """The part of need that does not depend on the hours out, household by household: logs of odds ratios, added."""
    p = scenario.parameters.need
    has = zip(people.medical_device, people.children, people.over65, ~people.substitute, strict=True)
    odds = (p.medical_odds, p.children_odds, p.over65_odds, p.no_substitute_odds)
    return [sum(log(ratio) for ratio, holds in zip(odds, row, strict=True) if holds) for row in has]


def absence_h(model: mesa.Model, who: Mapping[str, Any]) -> tuple[float, float]:
    """Hours of its outage between which nobody is at home; some have left before the storm, some leave later."""
    p = model.parameters.away
    identity = np.uint64(who["id"])

    def u(purpose: Purpose, draw: int = 0) -> float:
        return luck.uniform(model.behaviour, np.uint64(purpose), identity, draw)

    stays_h = -p.stays_h * log(u(Purpose.RETURNS))
    if u(Purpose.LEFT_BEFORE) < inclined(
        model, who, p.student_left_before_share if who["student"] else p.left_before_share,
        (p.left_before_no_vehicle_odds, p.left_before_medical_odds, p.left_before_children_odds),
        p.left_before_income_odds,
    ):  # fmt: skip
        return -inf, stays_h
    own = (p.leaves_no_vehicle_odds, p.leaves_medical_odds, p.leaves_children_odds)
    if u(Purpose.LEAVES) < inclined(model, who, p.leaves_share, own, p.leaves_income_odds):
        leaves_h = p.leaves_after_h * (1.0 - log(u(Purpose.LEAVES, 1)))
        return leaves_h, leaves_h + stays_h
    return inf, inf


def inclined(model: mesa.Model, who: Mapping[str, Any], share: float, ratios: Sequence[float], income: float) -> float:
    """How likely it is to go: the odds of the share, times each ratio to the power of what it has beyond the city."""
    if share in (0.0, 1.0):
        return share
    p = model.parameters.people
    city = (p.no_vehicle_share, p.medical_device_share, p.children_share)
    odds = share / (1.0 - share)
    for name, ratio, common in zip(("no_vehicle", "medical_device", "children"), ratios, city, strict=True):
        odds *= ratio ** (float(who[name]) - common)
    odds *= income ** log2(max(who["income_usd"], 1.0) / p.median_income_usd)
    return odds / (1.0 + odds)


class Reporter(mesa.Agent):
    """A household's side of the decision; its attributes are set by the models' own households."""

    def urge(self) -> float:
        """The part of a report's utility that all channels share."""
        p = self.model.parameters.reporting
        hours_out = self.model.now - self.out_h
        odds_against = (self.tolerance_h / hours_out) ** self.model.parameters.need.shape if hours_out > 0.0 else inf
        need = 1.0 / (1.0 + odds_against)
        trust = min(1.0, self.trust + p.trust_gain * self.is_informed)
        pull = p.b_need * need + p.b_duration * log(1.0 + hours_out) + p.b_trust * trust
        return pull + self.urgency + p.b_closed * self.is_wronged - p.b_free * self.others()

    def is_at_home(self) -> bool:
        """Whether anybody is there to notice."""
        leaves_h, returns_h = self.absence_h
        return not leaves_h <= self.model.now - self.out_h < returns_h

    def appeal(self, channel: Channel) -> float:
        """What sets a channel apart."""
        p = self.model.parameters.reporting
        foreign = self.limited_english and not channel.other_languages
        return channel.asc - p.b_hassle * channel.hassle * (1.0 - self.knowledge) - p.b_language * foreign

    def others(self) -> float:
        """Belief that somebody else has reported: one sees the dark neighbours on one's own lateral."""
        top, visible = self.served_by, 1
        for device in self.served_by.upwards():
            if device.level >= LATERAL:
                top = device
            if device.has_failed:
                visible = len(top.customers)
        return 1.0 - (1.0 - self.model.parameters.reporting.believed_neighbour_share) ** (visible - 1)

    def is_heard(self) -> None:
        """The utility has a report of this household, its own or from a call-back."""
        self.report_is_open = self.has_been_heard = True
        self.is_wronged = False

    def is_disappointed(self) -> None:
        """Its report was closed, and it is still dark: it trusts less, and tells again sooner."""
        self.is_wronged = True
        self.trust *= 1.0 - self.model.parameters.reporting.trust_loss
        self.be_restless()

    def be_restless(self) -> None:
        """Content with nothing that was reported before."""
        self.quiet_until_h = min(self.quiet_until_h, self.model.now)
