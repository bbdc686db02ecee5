"""What turns a census table's shares of persons into shares of households; the equation: :mod:`sim.world.census`.

The divisors are persons of a kind per household that has any; a household with two members of 65 or older counts once.
"""

from typing import Any, Literal

from sim.inputs.parameters.declare import CONSTANT, UNCERTAIN, Section, down, param, share, up

GENERAL = "general knowledge"


def persons(default: float, kind: str, source: str, outcome: str) -> Any:
    """Declare a divisor: persons of a kind per household that has any."""
    return param(default, "persons", UNCERTAIN, f"{kind} per household that has any", source, down(outcome), low=1.0,
        high=6.0)  # fmt: skip


class Census(Section):
    """How the columns of a tract table that count persons are read."""

    shares_of: Literal["persons", "households"] = param("persons", "choice", CONSTANT,
        "what share_65_plus, share_under_18, disability_rate and limited_english_share of a tract table are shares of",
        "CDC SVI and ACS profile tables count persons", down("over65"))
    household_size: float = param(2.55, "persons", CONSTANT,
        "persons per household where the tract table has no column population",
        "ACS 2014-18: 288,102 persons and 112,918 households in Leon County FL", up("over65"), low=1.0, high=10.0)
    over65_housed: float = share(0.95, UNCERTAIN, "persons of 65 or older who live in households, not in institutions",
        GENERAL, up("over65"))
    over65_persons: float = persons(1.35, "persons of 65 or older", GENERAL, "over65")
    children_persons: float = persons(1.8, "persons under 18", GENERAL, "children")
    disability_persons: float = persons(1.25, "disabled persons", GENERAL, "disability")
    limited_english_persons: float = persons(1.3, "persons with limited English",
        "assumption: makes 0.7 % of persons 1.4 % of households in Leon County; 1-2 % is general knowledge",
        "limited_english")  # fmt: skip
