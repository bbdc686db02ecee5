"""The words of the page of a comparison: what an arm does to the gap, to everybody, and to the bill."""

from analysis.contrasts.multiplicity import told_apart
from app.pages.page import Finding, Row
from app.say import names
from app.say.names import gap_pair, quoted
from app.say.numbers import around_zero, change_of_time, dollars, is_sure, known, plain, signed
from app.say.together import interval_of
from experiments.findings.net_costs import HELD, NET, OUTLAY, TOTAL, is_held
from experiments.outcome_names import OutcomeName

SAME = "as before"
MANY_ARMS = 4  # beyond, the answer tells of each arm's gap only


def row_of(found: Row, arm: str, name: str) -> Row | None:
    """The line of an arm and a measure by its full name."""
    if not name:
        return None
    key = (arm, *OutcomeName.parse(name))
    return next(
        (r for r in found["changes"] if (r["arm"], r["grouping"], r["group"], r["measure"]) == key), None
    )  # fmt: skip


def answer(found: Row) -> list[Finding]:
    """What is sure of every arm first: the main gap with its reason, or the whole city; then the rest and the bill."""
    arms = [arm["name"] for arm in found["arms"]]
    told = [_of_arm(found, arm, short=len(arms) > MANY_ARMS) for arm in arms]
    if len(arms) > MANY_ARMS:
        told.append(Finding("What each option costs stands in the tables below."))
    return told


def refused(found: Row, arm: str) -> str:
    """Why nothing may be claimed of an arm; "": it may."""
    return str(next(row["refused"] for row in found["arms"] if row["name"] == arm))


def all_refused(found: Row) -> str:
    """Why nothing may be claimed of any arm, each reason once; "": of some it may."""
    reasons = [row["refused"] for row in found["arms"]]
    return " ".join(dict.fromkeys(reasons)) if all(reasons) else ""


def _of_arm(found: Row, arm: str, short: bool) -> Finding:
    if refused(found, arm):
        return Finding(f"{quoted(arm)}: {refused(found, arm)}")
    gap = [of_gap(found, arm), because(found, arm)] if found["main_gap"] else []
    mean = [of_mean(found, arm)]
    row, city = row_of(found, arm, found["main_gap"] or ""), row_of(found, arm, "all:all:mean_h")
    if not (row and told_apart(row["p_holm"])) and city and told_apart(city["p_holm"]):
        gap, mean = mean, gap
    lines = [line for line in (*gap, *mean, "" if short else of_cost(found, arm)) if line]
    return Finding(lines[0] if lines else f"{quoted(arm)}: nothing can be said.", lines[1:])


def of_gap(found: Row, arm: str) -> str:
    """What an arm does to the main gap; a gap narrows or widens only where it is sure before and after."""
    row = row_of(found, arm, found["main_gap"])
    us, them = gap_pair(found["main_gap"])
    base, arm = quoted(found["baseline"]["name"]), quoted(arm)
    if row is None or not known(row["change"]):
        why = f": {row['note']}" if row and row["note"] else ""
        return f"With {arm}, {us} cannot be compared with {them}{why}."
    low, high = row["low"], row["high"]
    if row["change"] == low == high == 0.0:
        return f"{arm} changes nothing between {us} and {them}: the gap is the same in every pair."
    if not told_apart(row["p_holm"]):
        low, high = row["low_together"], row["high_together"]
        return (
            f"We cannot tell whether {arm} changes the gap between {us} and {them}. Compared with {base}, the wait of "
            f"{us}, relative to {them}, may change by {around_zero(low, high, 'less', 'more')} "
            f"({interval_of(row['looked_at'], 'changes')})."
        )
    amount, interval = change_of_time(row["change"], low, high)
    word = _word(row)
    if word:
        levels = f"from {plain(abs(row['baseline_mean']))} to {plain(abs(row['arm_mean']))} hours"
        return f"{arm} {word} the gap between {us} and {them} by {amount} ({interval}), {levels}."
    way = "longer" if row["change"] > 0.0 else "less"
    return (
        f"With {arm}, {us} wait {amount} {way} than with {base}, relative to {them} ({interval}). The gap itself goes "
        f"from {signed(row['baseline_mean'])} to {signed(row['arm_mean'])} hours."
    )


def _word(row: Row) -> str:
    """Shortened or widened, where the gap has a sure sign before and after, and the same one."""
    sure = all(is_sure(row[f"{side}_low"], row[f"{side}_high"]) for side in ("baseline", "arm"))
    before, after = row["baseline_mean"], row["arm_mean"]
    if not sure or before * after <= 0.0:
        return ""
    return "widens" if abs(after) > abs(before) else "narrows"


def because(found: Row, arm: str) -> str:
    """Which part of the wait moved most; called the reason only where its interval and its size allow it."""
    gap = row_of(found, arm, found["main_gap"]) if found["main_gap"] else None
    if gap is None or not told_apart(gap["p_holm"]):
        return ""
    rows = [r for r in found["gap_parts"] if r["arm"] == arm and r["gap"] == found["main_gap"] and known(r["change"])]
    sure = [row for row in rows if told_apart(row["p_holm"])]
    if not sure:
        return "No single part of the wait can be made out as the reason: each may have stayed as it was."
    row = max(sure, key=lambda r: abs(r["change"]))
    amount, interval = change_of_time(row["change"], row["low"], row["high"])
    us, them = gap_pair(found["main_gap"])
    way = "longer" if row["change"] > 0.0 else "shorter"
    told = f"{names.PARTS[row['part']][2]} becomes {amount} {way} for {us}, relative to {them} ({interval})"
    mostly = row["change"] * gap["change"] > 0.0 and abs(row["change"]) >= abs(gap["change"]) / 2.0
    return f"Mostly because {told}." if mostly else f"The part of the wait that moves most: {told}."


def of_mean(found: Row, arm: str) -> str:
    """The whole city."""
    row = row_of(found, arm, "all:all:mean_h")
    if row is None or not known(row["change"]) or row["change"] == row["low"] == 0.0:
        return ""
    base, arm = quoted(found["baseline"]["name"]), quoted(arm)
    if not told_apart(row["p_holm"]):
        fits = around_zero(row["low_together"], row["high_together"], "shorter", "longer")
        return f"Whether all households together wait longer or shorter with {arm} cannot be told: {fits} would fit."
    amount, interval = change_of_time(row["change"], row["low"], row["high"])
    return f"Over all households, the average wait is {amount} {_way(row)} with {arm} than with {base} ({interval})."


def _way(row: Row) -> str:
    return "longer" if row["change"] > 0.0 else "shorter"


def of_cost(found: Row, arm: str) -> str:
    """What to budget, the net cost to city and utility both ways, and the price of an hour where there is one."""
    rows = {name: row_of(found, arm, name) for name in (OUTLAY, NET, TOTAL)}
    told = {name: _amount(row) for name, row in rows.items() if row is not None and known(row["change"])}
    outlay = f"To be budgeted: {told[OUTLAY]}. " if told.get(OUTLAY, SAME) != SAME else ""
    if TOTAL not in told or set(told.values()) == {SAME}:
        return outlay.rstrip()
    if not is_held(rows[NET], rows[TOTAL]):
        return f"{outlay}Net cost to city and utility, as simulated: {told[TOTAL]}{_price(found, arm)}."
    price = _price(found, arm, f"{HELD}, ")
    return f"{outlay}Net cost to city and utility: {HELD}, {told[NET]}; as simulated, {told[TOTAL]}{price}."


def _amount(row: Row) -> str:
    """A change of a sum of money."""
    if row["change"] == row["low"] == row["high"] == 0.0:
        return SAME
    if not told_apart(row["p_holm"]):
        less, more = dollars(row["low_together"]), dollars(row["high_together"])
        return f"cannot be told, {less} less to {more} more would fit"
    near, far = sorted((abs(row["low"]), abs(row["high"])))
    way = "more" if row["change"] > 0.0 else "less"
    return f"{dollars(row['change'])} {way} ({dollars(near)} to {dollars(far)})"


def _price(found: Row, arm: str, where: str = "") -> str:
    """The price of a household-hour, told only where something is bought: dearer and surely shorter."""
    rows = [r for r in found["prices"] or [] if r["arm"] == arm and r["effect"] == "household-hours"]
    if not rows or not known(rows[0]["price_usd"]) or not rows[0]["added_cost_low"] > 0.0:
        return ""
    price = dollars(rows[0]["price_usd"])
    return f": {where}{price} for each household-hour without power that is saved"
