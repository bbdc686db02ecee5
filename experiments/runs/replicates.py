"""Seeds of replicates: three make a run (world, storm, behaviour), and replicate N takes N for all three."""

from sim import ScenarioError, Seeds
from sim.core.limits import REPLICATES


def seeds_of(first: int, number: int, world: int | None = None, storm: int | None = None) -> list[Seeds]:
    """Seeds of ``number`` replicates from ``first`` on; ``world`` and ``storm`` hold those two fixed."""
    if number > REPLICATES:
        raise ScenarioError(f"replicates: {number:,} are more than {REPLICATES:,}")
    return [
        Seeds(seed if world is None else world, seed if storm is None else storm, seed)
        for seed in range(first, first + number)
    ]
