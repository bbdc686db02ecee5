"""Two models of the same storm as a Mesa user would write them: one agent per household, one event or step each.

``events``    exact times, driven by Mesa's own discrete-event simulator; equal to the engine on the rules it has
``stepped``   the usual way: every agent takes its ``step()`` every quarter of an hour

They know the core of the model: households who decide to report, or are away; trouble-call inference with roll-up,
merging, refusal and withdrawal; dispatch by score, line crews, patrols, nested outages; meters and call-backs that
check who is back, and false closures. Only the one with exact times divides the city into districts, along the
grid, splits line crews into trucks, sends mutual aid home, and knows of damage to what households own. They lack the
hotline's queue, proxies, liaisons and officials.

Modules stand in layers, and each imports only those below: words (``kinds``), what is dealt with (``channels``,
``things``), time (``clock``), one household or crew (``choice``, ``account``, ``household``, ``districts``, ``patrol``,
``duty``, ``crew``), the utility (``control_room``, ``checks``, ``dispatch``, ``utility``), the models.
"""

from collections.abc import Mapping
from typing import Any

CORE_RULES: Mapping[str, Any] = {
    "hotline.call_takers": 10_000,
    "hotline.lines": 100_000,
    "reporting.proxy_chance": 0.0,
    "liaison.liaisons": 0,
    "channels.liaison.availability": 0.0,
    "channels.informal.availability": 0.0,
    "crews.trouble.own": 0,
    "crews.trouble.staged": 0,
    "crews.trouble.mutual_aid": 0,
}
"""Patch that leaves a scenario with the rules that the plain models have."""
