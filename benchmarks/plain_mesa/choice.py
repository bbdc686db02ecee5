"""What a household makes of reporting: the utilities of the logit, shared by the event-driven and the stepped model.

V[c] = asc[c] + b_need * need(t) + b_duration * log(1 + hours_out) + b_trust * trust
       - b_hassle * hassle[c] * (1 - knowledge) - b_language * [limited English, c not offered in it]
       - b_free * others(t)
"""

from math import inf, log

import mesa

from benchmarks.plain_mesa.things import LATERAL, Channel


class Reporter(mesa.Agent):
    """A household's side of the decision; its attributes are set by the models' own households."""

    def urge(self) -> float:
        """The part of a report's utility that all channels share."""
        p = self.model.parameters.reporting
        hours_out = self.model.now - self.out_h
        odds_against = (self.tolerance_h / hours_out) ** self.model.parameters.need.shape if hours_out > 0.0 else inf
        need = 1.0 / (1.0 + odds_against)
        trust = min(1.0, self.trust + p.trust_gain * self.is_informed)
        return p.b_need * need + p.b_duration * log(1.0 + hours_out) + p.b_trust * trust - p.b_free * self.others()

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
