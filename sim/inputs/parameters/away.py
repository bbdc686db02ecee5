"""Who is not at home, by means and by need.

Each share is that of a household like the city's middle; odds ratios open a gap between households around it::

    logit(chance) = logit(share) + sum over k of log(odds[k]) * (has k - city's share of k)
                    + log(income odds) * log2(income / city's median income)
"""

from typing import Any

from sim.inputs.parameters.declare import UNCERTAIN, Section, down, odds, param, share, up
from sim.inputs.parameters.people import ASSUMED

POOLED = (
    "assumption: no difference. Pooled over 36 studies, income and vehicle are not among the significant predictors of "
    "evacuation (Karaye et al. 2021, doi 10.1017/dmp.2021.24)"
)
LATER = "more leave with income and a car: general knowledge; how many more: assumption"
NEED = "assumption: no difference; nobody has measured it"


def left(who: str, source: str, outcome: str) -> Any:
    """Declare an odds ratio of having left before the storm."""
    return odds(1.0, f"having left before the storm, {who}", source, up(f"left_before:{outcome}"))


def leaves(default: float, who: str, source: str, outcome: str) -> Any:
    """Declare an odds ratio of leaving while power is out."""
    return odds(default, f"leaving while power is out, {who}", source, up(f"leaves:{outcome}"))


class Away(Section):
    """Who is not at home: they neither notice that power is out nor report it."""

    left_before_share: float = share(0.12, UNCERTAIN, "households that have left before the storm",
        "24 % of those at risk in the Panhandle left before Michael; 10-20 % of households inland: general knowledge",
        down("report_rate"))
    student_left_before_share: float = share(0.45, UNCERTAIN, "households of students that have left before the storm",
        "30-60 %: general knowledge; classes in Tallahassee were off from the day before Michael for a week",
        up("left_before:student"))
    leaves_share: float = share(0.10, UNCERTAIN, "households that leave while power is out",
        "5-15 % in an outage of several days: general knowledge", down("report_rate"))
    leaves_after_h: float = param(24.0, "h", UNCERTAIN,
        "they leave after this at the earliest, and as long again on average", ASSUMED, up("report_rate"), low=0.0,
        high=240.0)
    stays_h: float = param(96.0, "h", UNCERTAIN, "mean time away, from the loss of power or from leaving",
        "most stayed with family or friends for a few days (Florida 2004); value assumed", down("report_rate"),
        low=1.0, high=1_000.0)
    left_before_income_odds: float = left("for each doubling of income", POOLED, "income")
    left_before_no_vehicle_odds: float = left("without a vehicle against with", POOLED, "no_vehicle")
    left_before_medical_odds: float = left("with a medical device against without", NEED, "medical_device")
    left_before_children_odds: float = left("with anyone under 18 against without", NEED, "children")
    leaves_income_odds: float = leaves(1.2, "for each doubling of income", LATER, "income")
    leaves_no_vehicle_odds: float = leaves(0.6, "without a vehicle against with", LATER, "no_vehicle")
    leaves_medical_odds: float = leaves(1.0, "with a medical device against without", NEED, "medical_device")
    leaves_children_odds: float = leaves(1.0, "with anyone under 18 against without", NEED, "children")  # fmt: skip
