"""What programmes and arms change, and for whom, at three levels of voice."""

from experiments.evidence.reading import GAP, GROUPS, OTHERS, POOR, VOICES, Get, change, grid, level, voiced
from sim import load_change

ARMS = {"arms/closing": "closing", "arms/widening": "widening"}
ARM_POLICIES = ("standard", "most-reports", "pressure")
NO_WEB_OR_APP = {"channels.web.availability": 0.0, "channels.app.availability": 0.0}
PROGRAMMES = {
    "information alone": "outreach/information-only",
    "knowledge and materials": "outreach/knowledge-and-materials",
    "SMS by default": "outreach/sms-opt-in-default",
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
    rows = []
    for voice in VOICES:
        base = voiced(voice)
        for name, shipped in PROGRAMMES.items():
            arm = voiced(voice, load_change(shipped).patch)
            cells = [change(get(arm, group) - get(base, group)) for group in (POOR, OTHERS)]
            gap = change((get(arm, POOR) - get(arm, OTHERS)) - (get(base, POOR) - get(base, OTHERS)))
            reports = change(100.0 * (get(arm, "poor:poor:report_rate") - get(base, "poor:poor:report_rate")), 1)
            rows.append([voice, name, *cells, gap, reports])
    head = ["voice", "programme", "poor: hours", "others: hours", "gap", "poor who report, points"]
    return grid(head, rows)
