"""The tables of a comparison's page."""

from collections.abc import Sequence

from analysis.contrasts.multiplicity import told_apart
from analysis.measures.table import BY_NAME
from app.pages.compare_words import all_refused
from app.pages.doubt import cells as parts_of_doubt
from app.pages.doubt import heads as heads_of_doubt
from app.pages.page import Block, Row, Table, Text
from app.say import names
from app.say.names import capital, gap_pair, quoted, who
from app.say.numbers import NONE, between, digits_of, dollars, is_sure, known, plain, signed, signed_dollars
from app.say.together import TOGETHER, with_p
from experiments.findings.net_costs import HELD, NET, SHOWN, SIMULATED, TOTAL, is_held
from experiments.outcome_names import OutcomeName

INTERVAL = "95 % interval"
SAID = "what can be said"
COSTS_TOLD = (
    "The outlay is what has to be budgeted whatever the storm does: outreach, devices and meters in full, and "
    "channels. The net cost is all that city and utility pay beyond the baseline, devices and meters by the storms "
    f"that they last for. {capital(HELD)} it leaves out what chance adds to or takes from the pay of crews; as "
    "simulated it does not."
)
HOURS, GAP_HOURS = "household-hours", "gap-hours"
DETAILS = tuple(
    (name, f"{BY_NAME[name].plain} (%)" if BY_NAME[name].is_share else BY_NAME[name].plain, BY_NAME[name].factor)
    for name in ("median_h", "p90_h", "beyond_72", "detection_delay_h", "report_rate", "false_closure_rate")
)


def verdict(row: Row | None, less: str, more: str) -> str:
    """What the interval of a change allows to say, together with those looked at beside it."""
    if row is None or not known(row["low"]):
        return "cannot be told"
    if row["low"] == row["high"] == 0.0:
        return "no change"
    return (more if row["low"] > 0.0 else less) if told_apart(row["p_holm"]) else "cannot be told"


def three(row: Row | None, digits: int, factor: float = 1.0) -> tuple[str, str]:
    """A change and its interval."""
    if row is None:
        return NONE, "none"
    change, low, high = (factor * row[n] if known(row[n]) else None for n in ("change", "low", "high"))
    return signed(change, digits), between(low, high, digits)


def find(found: Row, grouping: str, measure: str, group: str | None = None) -> list[Row]:
    """Lines of one measure, of one group or of all."""
    return [
        row
        for row in found["changes"]
        if row["grouping"] == grouping and row["measure"] == measure and group in (None, row["group"])
    ]


def digits_in(rows: Sequence[Row], factor: float = 1.0) -> int:
    """Digits that all changes of a column need."""
    bounds = [tuple(factor * row[n] if known(row[n]) else None for n in ("change", "low", "high")) for row in rows]
    return digits_of(bounds)


def gap_table(found: Row) -> list[Block]:
    """Change of each gap by arm, an arm a row; none where nothing may be claimed."""
    if all_refused(found):
        return [Text(all_refused(found))]
    blocks: list[Block] = [
        Text(
            "A gap is how much longer a group waits than the group it is compared with. Below zero: it waits less. The "
            "change is what the option adds to that."
        )
    ]
    for by, shown in found["groups_shown"].items():
        for group in shown:
            rows = find(found, by, "gap_h", group)
            if rows:
                blocks.append(_one_gap(found, rows, f"{by}:{group}:gap_h"))
    return blocks


def _one_gap(found: Row, rows: Sequence[Row], name: str) -> Table:
    us, them = gap_pair(name)
    base, digits = quoted(found["baseline"]["name"]), digits_in(rows)
    cells = [
        (row["arm"], signed(row["baseline_mean"], digits), signed(row["arm_mean"], digits), *three(row, digits),
         *parts_of_doubt(row, digits), between(row["low_together"], row["high_together"], digits),
         with_p(verdict(row, "relatively shorter wait", "relatively longer wait"), row)) for row in rows
    ]  # fmt: skip
    heads = ("option", f"gap with {base} (hours)", "gap with the option (hours)", "change (hours)", INTERVAL,
             *heads_of_doubt(rows), TOGETHER, SAID)  # fmt: skip
    caption = f"The gap in mean hours out: {us}, compared with {them}; baseline {base}"
    return Table(caption, heads, cells, (len(heads) - 1,))


def parts_table(found: Row) -> list[Block]:
    """Change of the split of the first gap, and folded those of the others."""
    blocks: list[Block] = []
    for gap in dict.fromkeys(row["gap"] for row in found["gap_parts"]):
        for arm in (one for one in found["arms"] if not one["refused"]):
            rows = [row for row in found["gap_parts"] if row["gap"] == gap and row["arm"] == arm["name"]]
            blocks.append(_parts(found, rows, arm["name"], gap, folded=gap != found["main_gap"]))
    return blocks


def _parts(found: Row, rows: Sequence[Row], arm: str, gap: str, folded: bool) -> Table:
    us, them = gap_pair(gap)
    by, group, _ = OutcomeName.parse(gap)
    whole = next((row for row in find(found, by, "gap_h", group) if row["arm"] == arm), None)
    digits = digits_in([*rows, *([whole] if whole else [])])
    cells = [
        (f"{capital(names.PARTS[row['part']][0])}: {names.PARTS[row['part']][1]}", *three(row, digits),
         verdict(row, "shorter", "longer")) for row in rows
    ]  # fmt: skip
    cells.append(("Together: the change of the gap", *three(whole, digits), verdict(whole, "shorter", "longer")))
    base = found["baseline"]["name"]
    caption = f"{quoted(arm)} compared with {quoted(base)}: change of each part of the gap of {us}, relative to {them}"
    fold = caption if folded else ""
    return Table(caption, ("part of the wait", "change in hours", INTERVAL, SAID), cells, (3,), fold)


def group_table(found: Row) -> list[Block]:
    """Change of mean hours out of every group by arm; folded, the other measures."""
    groups = [("all", "all"), *((by, group) for by, shown in found["groups_shown"].items() for group in shown)]
    arms = [arm["name"] for arm in found["arms"]]
    return [*(_by_group(found, arm, groups) for arm in arms), *(_details(found, arm, groups) for arm in arms)]


def _by_group(found: Row, arm: str, groups: Sequence[tuple[str, str]]) -> Table:
    base = found["baseline"]["name"]
    rows = [(by, group, _of(found, arm, by, group, "mean_h")) for by, group in groups]
    there = [(by, group, row) for by, group, row in rows if row]
    digits = digits_in([row for _, _, row in there])
    cells = [
        (who(by, group), plain(row["baseline_mean"]), plain(row["arm_mean"]), *three(row, digits),
         *parts_of_doubt(row, digits), verdict(row, "gains", "loses")) for by, group, row in there
    ]  # fmt: skip
    caption = f"Mean hours without power: {quoted(arm)} compared with {quoted(base)}"
    heads = ("group", base, arm, "change", INTERVAL, *heads_of_doubt([row for *_, row in there]), SAID)
    return Table(caption, heads, cells, (len(heads) - 1,))


def _of(found: Row, arm: str, by: str, group: str, measure: str) -> Row | None:
    return next((row for row in find(found, by, measure, group) if row["arm"] == arm), None)


def _details(found: Row, arm: str, groups: Sequence[tuple[str, str]]) -> Table:
    base = found["baseline"]["name"]
    cells = []
    for measure, head, factor in DETAILS:
        rows = [(by, group, _of(found, arm, by, group, measure)) for by, group in groups]
        digits = digits_in([row for _, _, row in rows if row], factor)
        for by, group, row in rows:
            if row:
                means = [row[n] * factor if known(row[n]) else None for n in ("baseline_mean", "arm_mean")]
                cells.append((f"{capital(head)}: {who(by, group)}", *map(plain, means), *three(row, digits, factor)))
    caption = f"Other measures by group: {quoted(arm)} compared with {quoted(base)}"
    return Table(caption, ("measure and group", base, arm, "change", INTERVAL), cells, (), caption)


def city_table(found: Row) -> list[Block]:
    """The bill by arm."""
    base = found["baseline"]["name"]
    rows = {head: find(found, "cost", "usd", OutcomeName.parse(name).group) for name, head in SHOWN.items()}
    simulated = {row["arm"]: row for row in rows[SHOWN[TOTAL]]}
    rows[SHOWN[NET]] = [row for row in rows[SHOWN[NET]] if is_held(row, simulated.get(row["arm"]))]
    cells = [
        (f"{row['arm']}: {head}", dollars(row["baseline_mean"]), dollars(row["arm_mean"]),
         signed_dollars(row["change"]), _dollars_between(row), verdict(row, "cheaper", "dearer"))
        for head, some in rows.items() for row in some
    ]  # fmt: skip
    if not cells:
        return []
    heads = ("option and cost", base, "with the option", "change", INTERVAL, SAID)
    return [Text(COSTS_TOLD), Table(f"Costs of one storm, compared with {quoted(base)}", heads, cells, (5,))]


def _dollars_between(row: Row) -> str:
    if not known(row["low"]):
        return "none"
    same = row["low"] == row["high"] == 0.0
    return "$0 in every pair" if same else f"{signed_dollars(row['low'])} to {signed_dollars(row['high'])}"


def price_table(found: Row) -> list[Block]:
    """What an hour costs, where a price has a meaning."""
    base = found["baseline"]["name"]
    kinds = {
        HOURS: "an hour without power saved, for one household",
        GAP_HOURS: "an hour of the gap closed, for one household",
    }
    cells = [
        (f"{row['arm']}: {kinds.get(row['effect'], row['effect'])}", plain(row["gained"], 0), _price(row), _remark(row))
        for row in found["prices"]
    ]
    simulated = list(dict.fromkeys(row["arm"] for row in found["prices"] if row["priced_by"] == SIMULATED))
    heads = ("option and what is bought", "hours saved or closed in one storm", "price of one such hour", "remark")
    text = (
        f"The price is the net cost to city and utility {HELD}, divided by the hours saved. Where no hour is surely "
        "saved there is no price. A price below zero means that money is saved as well."
    )
    if simulated:
        text += f" Priced {SIMULATED}, for no crews' bill is held: {', '.join(simulated)}."
    return [Text(text), Table(f"What an hour costs, compared with {quoted(base)}", heads, cells, (3,))]


def _price(row: Row) -> str:
    if not known(row["price_usd"]):
        return "none"
    bounds = [row["price_fieller_low"], row["price_fieller_high"]]
    sign = "-" if row["price_usd"] < 0.0 else ""
    text = f"{sign}{dollars(row['price_usd'])}"
    if not all(map(known, bounds)):
        return f"{text} (no bounds)"
    low, high = (f"{'-' if b < 0.0 else ''}{dollars(b)}" for b in bounds)
    return f"{text} ({low} to {high})"


def _remark(row: Row) -> str:
    if row["note"]:
        return capital(str(row["note"]))
    if row["surely"]:
        return f"{row['dominated_by']} costs no more and saves no fewer hours"
    if row["added_cost_high"] is not None and row["added_cost_high"] < 0.0:
        return "Saves money as well"
    return "" if is_sure(row["added_cost_low"], row["added_cost_high"]) else "The added cost may be zero"
