"""What programmes and arms change, and for whom, at three levels of voice."""

import numpy as np

from analysis.contrasts.intervals import paired
from evidence.reading import (
    GAP,
    GROUPS,
    OTHERS,
    POOR,
    VOICES,
    Get,
    Patch,
    change,
    grid,
    level,
    voiced,
)
from experiments.findings.net_costs import BILL, NET, OUTLAY, TOTAL, with_net
from sim import load_change

ARMS = {"arms/closing": "closing", "arms/widening": "widening"}
POOR_REPORT, HOURS = "poor:poor:report_rate", "all:all:customer_hours"
COSTS = (OUTLAY, TOTAL, BILL)
MONEY = ("outlay, $1,000", "net cost at the baseline's crews' bill, $1,000", "as simulated, $1,000",
         "US$ for a household-hour")  # fmt: skip
ARM_POLICIES = ("standard", "most-reports", "pressure")
NO_WEB_OR_APP = {"channels.web.availability": 0.0, "channels.app.availability": 0.0}
PROGRAMMES = {
    "information alone": "outreach/information-only",
    "knowledge and materials": "outreach/knowledge-and-materials",
    "SMS by default": "outreach/sms-opt-in-default",
    "weatherhead repair": "outreach/weatherhead-repair",
}


def arms(get: Get) -> list[str]:
    rows = []
    for city, label in ARMS.items():
        for policy in ARM_POLICIES:
            for voice in VOICES:
                after = voiced(voice, {"dispatch.policy": policy})
                before = {**after, **NO_WEB_OR_APP}
                cells = [level(get(before, GAP, city), 2)]
                cells += [change(get(after, name, city) - get(before, name, city)) for name in (GAP, *GROUPS)]
                rows.append([label, policy, voice, *cells])
    return grid(["arm", "policy", "voice", "gap before", "change of the gap", "minority: hours", "others: hours"], rows)


def outreach(get: Get) -> list[str]:
    """Hours of poor households and of all others, and what it costs to budget, net, and for an hour of power."""
    rows = []
    for voice in VOICES:
        base = voiced(voice)
        for name, shipped in PROGRAMMES.items():
            arm = voiced(voice, load_change(shipped).patch)
            poor, others = (get(arm, group) - get(base, group) for group in (POOR, OTHERS))
            reports = 100.0 * (get(arm, POOR_REPORT) - get(base, POOR_REPORT))
            rows.append([voice, name, change(poor), change(others), change(poor - others), change(reports, 1),
                         *_money(get, base, arm)])  # fmt: skip
    head = ["voice", "programme", "poor: hours", "others: hours", "gap", "poor who report, points", *MONEY]
    return grid(head, rows)


def _money(get: Get, base: Patch, arm: Patch) -> list[str]:
    """Outlay, net cost at the baseline's crews' bill and as simulated, and the former for a household-hour saved."""
    of_base, of_arm = (np.stack([get(patch, name) for name in COSTS], axis=1) for patch in (base, arm))
    names, before, after = with_net(COSTS, of_base, of_arm[np.newaxis], [False])
    more = dict(zip(names, (after[0] - before).T, strict=True))
    net, saved = more[NET], paired(get(base, HOURS) - get(arm, HOURS))
    price = f"{paired(net).mean / saved.mean:,.2f}" if saved.low > 0.0 else "none saved beyond chance"
    cells = [f"{paired(more[OUTLAY]).mean / 1e3:,.0f}", change(net / 1e3, 0), change(more[TOTAL] / 1e3, 0)]
    return [*cells, price]
