"""What a storm costs, item by item: the one declaration of the bill, of its sums, and of the words for both."""

from typing import NamedTuple


class CostItem(NamedTuple):
    """One item of the bill of city and utility."""

    words: str
    is_outlay: bool = False  # a council must budget it, whatever the storm does
    is_crew_bill: bool = False  # follows the crews' hours or number


BILL = {
    "outreach": CostItem("cost of outreach", is_outlay=True),
    "channels": CostItem("cost of offering channels", is_outlay=True),
    "meters": CostItem("cost of meters", is_outlay=True),
    "crews": CostItem("cost of crews", is_crew_bill=True),
    "tree_crews": CostItem("cost of tree crews", is_crew_bill=True),
    "mobilisation": CostItem("cost of mobilisation", is_crew_bill=True),
    "materials": CostItem("cost of materials"),
    "call_takers": CostItem("cost of call-takers"),
    "contacts": CostItem("cost of contacts"),
    "patrols": CostItem("cost of patrols"),
    "liaisons": CostItem("cost of liaisons"),
    "credits": CostItem("cost of credits"),
}
ITEMS = tuple(BILL)
RESIDENTS = "residents"
SUMS = {
    "total": "cost to city and utility",
    "outlay": "outlay for programmes",
    "crew_bill": "crews' bill",
}
WORDS = {**SUMS, **{name: item.words for name, item in BILL.items()}, RESIDENTS: "cost to residents"}


def measure(item: str) -> str:
    """Full name of the measure of an item or a sum: ``cost:total:usd``."""
    return f"cost:{item}:usd"
