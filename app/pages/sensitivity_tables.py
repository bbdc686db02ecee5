"""The table of an outcome's indices, the parameters that matter most on top."""

from analysis.sensitivity.given import NOTHING
from analysis.sensitivity.sample import MAIN
from app.pages.page import Row, Table
from app.pages.sensitivity_words import amount, floor_of, is_driver, is_next_to_nothing, meaning, of_index, ranked
from app.say.names import subject
from app.say.numbers import NONE
from experiments.found import Found

INDICES = {  # of each method, with its head
    "sobol": {"S1": "share it explains by itself (S1)", "ST": "share it explains, alone or with others (ST)"},
    "hdmr": {"S1": "share it explains by itself (S1)", "ST": "share it explains, alone or with another (ST)"},
    "rbd-fast": {"S1": "share it explains by itself (S1)"},
    "morris": {
        "mu_star": "mean change over its whole range, up or down (mu*)",
        "mu": "the same with its direction (mu)",
        "sigma": "spread of that change (sigma)",
    },
    "pawn": {"pawn": "how far it moves the outcome, 0 to 1 (distance)"},
    "delta": {"delta": "how far it moves the outcome, 0 to 1 (area)"},
}
NO_INFLUENCE = "cannot be told from no influence"


def indices_table(study: Found, outcome: Row) -> Table:
    """Every parameter with its indices, their 95 % intervals, and what can be said."""
    found, kinds = study.summary, INDICES[study.summary["method"]]
    tables = {index: of_index(outcome, index) for index in kinds}
    rows = ranked(found, outcome)
    cells = [_cells(study, outcome, tables, row["parameter"], reading(found, outcome, row)) for row in rows]
    if NOTHING in tables[MAIN[found["method"]]]:
        cells.append(_cells(study, outcome, tables, NOTHING, "what chance alone scores"))
    unit = f", in {outcome['unit']}" if found["method"] == "morris" else ""
    baseline = study.made["scenario"]["name"]
    caption = f"What drives {subject(outcome['outcome'])}{unit}, with 95 % intervals; baseline {baseline}"
    heads = ("what was varied", *kinds.values(), "what can be said")
    return Table(caption, heads, cells, (len(heads) - 1,))


def _cells(study: Found, outcome: Row, tables: dict[str, dict[str, Row]], name: str, said: str) -> tuple[str, ...]:
    indices = [amount(study.summary, outcome, of[name]) if name in of else NONE for of in tables.values()]
    return (meaning(study, name), *indices, said)


def reading(found: Row, outcome: Row, row: Row) -> str:
    """What the indices of a parameter allow to say."""
    alone = of_index(outcome, "S1").get(row["parameter"]) if row["index"] == "ST" else None
    if is_next_to_nothing(found, row):
        return "next to nothing"
    if not is_driver(row, floor_of(found, outcome)):
        return NO_INFLUENCE
    if alone is None:
        return "matters"
    with_others = row["low"] > alone["high"]
    if is_driver(alone, 0.0):
        return "matters, by itself and with others" if with_others else "matters, mostly by itself"
    return "matters with others" if with_others else "matters; whether by itself cannot be told"
