"""Three seeds: the world (people, grid), the storm, and behaviour; a study can hold any of them fixed."""

from typing import Any, NamedTuple

import numpy as np

from sim.core.errors import ScenarioError


class Seeds(NamedTuple):
    """Seeds of one run, each non-negative and below 2**64."""

    world: int
    storm: int
    behaviour: int

    @classmethod
    def all(cls, seed: int) -> "Seeds":
        """The same number for all three; the purposes of the draws keep them apart."""
        return cls(seed, seed, seed)

    @classmethod
    def checked(cls, given: Any, where: str) -> "Seeds":
        """One number for all three, or three, as somebody gave them.

        Raises
        ------
        ScenarioError    not whole, negative or beyond 64 bits; ``where`` stands first in the message
        """
        numbers = given if isinstance(given, Seeds) else (given,) * 3
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number < 2**64:
                raise ScenarioError(f"{where}: the seed must be whole and from 0 to 2**64 - 1, not {given!r}")
        return cls(*map(int, numbers))
