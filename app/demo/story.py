"""One household for the page: who it is, and its story as `sim.engine.story` tells it, by the clock on the wall."""

import math
from datetime import datetime, timedelta
from typing import Any

from sim import Outcomes
from sim.core.columns import ATTRIBUTES
from sim.engine.story import story as told
from sim.inputs.parameters.channels import CHANNELS


def story(outcomes: Outcomes, household: int) -> dict[str, Any]:
    """The story of a household.

    Returns
    -------
    dict with who it is, its hours out (None: never, or not back in time), and its events with time and kind
    """
    home = outcomes.state.households[household]
    ending, lost = float(home.restored_h), math.isfinite(home.out_h)
    shown = told(outcomes.place, outcomes.state, household, outcomes.horizon_h)
    return {
        "who": who(outcomes, household),
        "lost": lost,
        "hours_out": ending - float(home.out_h) if lost and math.isfinite(ending) else None,
        "events": [{"at": e.at_h, "when": when(outcomes, e.at_h), "words": e.words, "kind": e.kind} for e in shown],
        "ending": "" if not lost or math.isfinite(ending) else f"It is still dark after {outcomes.horizon_h:g} hours.",
    }


def who(outcomes: Outcomes, household: int) -> str:
    """A household in a line: where it lives, its income, what matters for its need and its voice."""
    row = outcomes.place.households[household]
    name = outcomes.place.neighbourhoods.name[row["neighbourhood"]]
    has = [attribute.story for name, attribute in ATTRIBUTES.items() if attribute.story and row[name]]
    lacks = [attribute.without for name, attribute in ATTRIBUTES.items() if attribute.without and not row[name]]
    aware = [c for c in range(len(CHANNELS)) if int(outcomes.state.households[household].can) >> c & 1]
    knows = ", ".join(CHANNELS[c] for c in aware) or "none"
    parts = [f"Neighbourhood {name}", f"income ${row['income_usd']:,.0f} a year", *has, *lacks]
    return "; ".join(parts) + f". Channels it knows and has the means for: {knows}."


def when(outcomes: Outcomes, at_h: float) -> str:
    """Wall clock, such as Thu 14:05."""
    peak = datetime.fromisoformat(outcomes.scenario["storm.peak_at"])
    return f"{peak + timedelta(hours=at_h):%a %H:%M}"
