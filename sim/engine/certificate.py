"""The birth certificate of a run: everything that is needed to run it again."""

import platform
from datetime import datetime
from typing import Any

from sim.core.canonical import plain
from sim.core.seeds import Seeds
from sim.core.sources import version_of
from sim.inputs.scenario import Scenario

RECORDED = ("coproduce", "numpy", "scipy", "numba", "pydantic")


def certificate(scenario: Scenario, seeds: Seeds, started: datetime, seconds: dict[str, float]) -> dict[str, Any]:
    """Content, digest, seeds, versions, platform, time taken; fit for JSON."""
    return {
        "scenario": scenario.name,
        "digest": scenario.digest,
        "content": plain(scenario.as_dict()),
        "seeds": seeds._asdict(),
        "versions": {"python": platform.python_version(), **{name: version_of(name) for name in RECORDED}},
        "platform": platform.platform(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }
