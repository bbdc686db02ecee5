"""A comparison in plain words that never claim more than the interval allows.

"Waits longer" and "costs more" are said only where the change can be told apart from zero, together with all changes of
the same measure that are looked at (`analysis.contrasts.multiplicity`); "the gap widened" or "narrowed" only where,
besides, the gap itself has the same sure sign before and after. A change of a gap from below zero to above it is
neither.
"""

import math
import re
from collections.abc import Sequence

import pandas as pd

from analysis.contrasts.multiplicity import told_apart
from app import together
from app.numbers import around, digits_for, dollars, hours, signed
from app.words import people
from experiments.outcome_names import reference_of
from experiments.studies.compare_costs import HOUSEHOLD_HOURS
from experiments.studies.compare_table import line_of, three_parts
from experiments.studies.net_costs import (
    HELD,
    NET,
    OUTLAY,
    SIMULATED,
    TOTAL,
    is_held,
)
from experiments.studies.pairs import Growth

FIFTH = re.compile(r"\b(lowest|second|middle|fourth|highest) fifth")


def gap_name(by: str, group: str) -> str:
    """A gap as the head of a column: ``lowest income fifth minus highest income fifth``."""
    return f"{group_name(by, group)} minus {group_name(by, reference_of(by))}"


def group_name(by: str, group: str) -> str:
    """A group by a name that says of what a fifth is one."""
    return FIFTH.sub(r"\1 income fifth", group) if "income" in by.split(",") else group


def gap_of(name: str) -> str:
    """The same from a gap's full name."""
    return gap_name(*three_parts(name)[:2])


def in_short(table: pd.DataFrame, arm: str, baseline: str, gap: str | None) -> str:
    """One arm against the baseline: the gap, then the whole city, then the cost.

    Parameters
    ----------
    table : `experiments.studies.compare_table.tidy`
    gap : full name of the gap, such as ``minority:minority:gap_h``; None where there is none
    """
    mean = line_of(table, arm, "all:all:mean_h")
    parts = [] if gap is None else [_gap(table, arm, gap, baseline)]
    parts += [] if mean is None else [_mean(mean)]
    return f"{arm}: " + " ".join([*parts, *_costs(table, arm)])


def _gap(table: pd.DataFrame, arm: str, gap: str, baseline: str) -> str:
    """Who waits longer relative to whom, and whether that is a wider gap."""
    row = line_of(table, arm, gap)
    by, group, _ = three_parts(gap)
    us, them = people(group_name(by, group)), people(group_name(by, reference_of(by)))
    if row is None:
        return f"{us} cannot be compared with {them}: no value."
    if math.isnan(row["change"]):
        return f"{us} cannot be compared with {them}: {row['note'] or 'no value'}."
    if zero_throughout(row):
        return f"the gap between {us} and {them} is the same in every pair."
    amount = hours(abs(row["change"]), digits_for([row]))
    more = "longer" if row["change"] > 0.0 else "less"
    if not is_sure(row):
        return f"no change of the gap between {us} and {them} can be told apart from zero ({_unsure(row)})."
    return f"relative to {them}, {us} wait {amount} {more} than in {baseline} ({_bounds(row)}): {_from_to(row)}."


def _from_to(row: pd.Series) -> str:
    """The gap before and after; a word for it only where its sign is sure both times and the same."""
    before, after = row["baseline_mean"], row["arm_mean"]
    digits = digits_for([row])
    levels = f"from {signed(before, digits)} to {signed(after, digits)} h"
    sure = all(row[f"{name}_low"] > 0.0 or row[f"{name}_high"] < 0.0 for name in ("baseline", "arm"))
    if not sure or before * after <= 0.0:
        return f"the gap goes {levels}"
    return f"the gap {'widens' if abs(after) > abs(before) else 'narrows'}, {levels}"


def _mean(row: pd.Series) -> str:
    if math.isnan(row["change"]) or math.isinf(row["change"]):
        return "The city's mean hours out cannot be compared."
    if zero_throughout(row):
        return "The city's mean hours out are the same in every pair."
    way = "shorter" if row["change"] < 0.0 else "longer"
    if not is_sure(row):
        return f"No change of the city's mean hours out can be told apart from zero ({_unsure(row)})."
    return f"Over the whole city, hours out are {hours(abs(row['change']), digits_for([row]))} {way} ({_bounds(row)})."


def _costs(table: pd.DataFrame, arm: str) -> list[str]:
    """The outlay, and the net cost to city and utility, once with the crews' bill held and once as simulated."""
    found = {name: line_of(table, arm, name) for name in (OUTLAY, NET, TOTAL)}
    told = {name: _cost(row) for name, row in found.items() if row is not None and not math.isnan(row["change"])}
    outlay = [f"Outlay: {told[OUTLAY]}."] if OUTLAY in told else []
    if TOTAL not in told:
        return outlay
    if not is_held(found[NET], found[TOTAL]):
        return [*outlay, f"Net cost to city and utility, as simulated: {told[TOTAL]}."]
    return [*outlay, f"Net cost to city and utility: {HELD}, {told[NET]}; as simulated, {told[TOTAL]}."]


def _cost(row: pd.Series) -> str:
    """A change of a sum of money."""
    if zero_throughout(row):
        return "as before"
    if not is_sure(row):
        low, high = dollars(row["low_together"], row["high_together"], sign=True)
        return f"no change that can be told apart from zero ({low} to {high})"
    way = "more" if row["change"] > 0.0 else "less"
    amount, low, high = dollars(*(abs(row[name]) for name in ("change", *nearest_first(row))))
    return f"{amount} {way} ({low} to {high}{together.among(row)})"


def nearest_first(row: pd.Series) -> tuple[str, str]:
    """Names of the bounds of a change, the one nearer to zero first."""
    return ("low", "high") if row["change"] > 0.0 else ("high", "low")


def price_text(row: pd.Series) -> str:
    """The price of an hour with Fieller's interval, as a cell of a table.

    Fieller's leaves out zero exactly where the t-interval of the added cost does, so words and table agree.
    """
    if math.isnan(row["price_usd"]):
        return "none (see below)"
    if math.isnan(row["price_fieller_low"]):
        return f"{dollars(row['price_usd'])[0]} (no bounds)"
    names = ("price_usd", "price_fieller_low", "price_fieller_high")
    price, low, high = dollars(*(row[name] for name in names), digits=2 if abs(row["price_usd"]) < 10.0 else 0)
    return f"{price} ({low} to {high})"


def prices_in_words(prices: pd.DataFrame) -> list[str]:
    """Why some hours have no price, and what surely needs no weighing of dollars against hours."""
    missing = prices[prices["price_usd"].isna()].groupby(["effect", "note"], sort=False)["arm"]
    lines = [f"No price of {effect} for {', '.join(arms)}: {note}." for (effect, note), arms in missing]
    simulated = list(prices.loc[prices["priced_by"] == SIMULATED, "arm"].drop_duplicates())
    if simulated:
        lines.append(f"Priced as simulated, for no crews' bill is held: {', '.join(simulated)}.")
    for row in prices.itertuples():
        if row.added_cost_high < 0.0 < row.gained_low:
            lines.append(f"{row.arm}: money is saved along with {row.effect}.")
        if row.surely:
            saves = "saves" if row.effect == HOUSEHOLD_HOURS else "closes"
            lines.append(f"{row.arm}: {row.dominated_by} costs no more and {saves} no fewer {row.effect}.")
    return lines


def is_sure(row: pd.Series) -> bool:
    """Whether a change can be told apart from zero, together with those looked at beside it."""
    return told_apart(row["p_holm"])


def _unsure(row: pd.Series) -> str:
    """A change that cannot be told apart from zero, with the interval that holds it."""
    joint = pd.Series({"change": row["change"], "low": row["low_together"], "high": row["high_together"]})
    return f"{around(joint)}, {together.which(row)}"


def zero_throughout(row: pd.Series) -> bool:
    """Whether a change was zero in every pair, which makes its interval a point."""
    return bool(row["change"] == row["low"] == row["high"] == 0.0)


def _bounds(row: pd.Series) -> str:
    """The interval of a change known to be above or below zero, as amounts."""
    low, high = (abs(row[name]) for name in nearest_first(row))
    digits = digits_for([row])
    return f"95 % interval {low:.{digits}f} to {high:.{digits}f} h{together.among(row)}"


def of_growth(growth: Growth, gap: str) -> list[str]:
    """How many pairs it took, or that they were not enough."""
    widest = float(growth.half_widths.max())
    half = f"{widest:.3g} h" if math.isfinite(widest) else "not known"
    pairs, asked = growth.steps[-1], f"{growth.asked:g} h"
    steps = ", ".join(str(n) for n in growth.steps)
    if growth.reached:
        first = f"Half-width of the interval of the change of the gap ({gap}): {half}, at most {asked} as asked for, "
        first += f"after {pairs} pairs (looked at after {steps})."
    else:
        first = (
            f"Cap reached: after {pairs} pairs (--max-replicates {growth.most}) the half-width of the interval of the "
            f"change of the gap ({gap}) is {half}, not {asked}; by the spread so far, that takes about "
            f"{growth.needed:,} pairs."
        )
    second = (
        f"Pairs were added by the width of the interval alone, never by where it lies, and after {growth.steps[0]} of "
        "them at least; it still covers the truth about 95 times in 100 (Chow & Robbins 1965; with few pairs, nearly)."
    )
    return [first, second]


def of_detectable(smallest_h: float, pairs: int, gap: str, arms: int) -> str:
    """The smallest change of the gap that as many pairs would probably have shown."""
    every, alone = (" in any arm", ", looked at by itself,") if arms > 1 else ("", "")
    return (
        f"A true change of the gap ({gap}) of {smallest_h:.2g} h or more{every} would have been told apart from zero"
        f"{alone} in at least 80 of 100 studies of {pairs} pairs; smaller ones may well have been missed."
    )


def of_failures(failed: Sequence[tuple[str, int, int]]) -> list[str]:
    """Pairs that are missing, arm by arm."""
    return [
        f"{arm}: {count} of {pairs} pairs failed and are left out; runs.csv says why."
        for arm, count, pairs in failed
        if count
    ]
