"""Three seeds: the world (people, grid), the storm, and behaviour; a study can hold any of them fixed."""

from typing import NamedTuple


class Seeds(NamedTuple):
    """Seeds of one run, each non-negative and below 2**64."""

    world: int
    storm: int
    behaviour: int

    @classmethod
    def all(cls, seed: int) -> "Seeds":
        """The same number for all three; the purposes of the draws keep them apart."""
        return cls(seed, seed, seed)
