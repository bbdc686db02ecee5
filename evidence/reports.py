"""What reports are worth, how faults become known, who reports, and who goes first, at three levels of voice."""

import numpy as np

from analysis.contrasts.intervals import paired
from analysis.measures.table import PARTS
from evidence.reading import (
    GAP,
    MEAN,
    UNDETECTED,
    VOICES,
    Get,
    Patch,
    change,
    grid,
    level,
    voiced,
)
from sim.core.columns import LEVELS
from sim.core.outcome_codes import SOURCES
from sim.inputs.parameters.channels import CHANNELS

SILENT = {f"channels.{name}.availability": 0.0 for name in CHANNELS}
BLIND = {f"sensing.{level}": 0.0 for level in LEVELS}
SENSING: dict[str, Patch] = {
    "none": BLIND,
    "as it is": {},
    "and meters": {"sensing.meter_coverage": 0.94, "sensing.meter_half_time_h": 12.0},
}
LED = tuple(source for source in SOURCES if source != "perfect knowledge")
PERFECT = {"sensing.knowledge": "perfect"}
POLICIES = ("standard", "most-reports", "voice-corrected")


def headline(get: Get) -> list[str]:
    measures = {
        "mean hours": (MEAN, 1.0, 1),
        "gap, h": (GAP, 1.0, 2),
        "who report, %": ("all:all:report_rate", 100.0, 1),
    }
    measures |= {f"out for more than {h} h, %": (f"all:all:beyond_{h}", 100.0, 1) for h in (72,)}
    measures |= {f"{part.partition('_')[0]}, h": (f"all:all:{part}", 1.0, 1) for part in PARTS}
    rows = [
        [voice, *(level(factor * get(voiced(voice), name), digits) for name, factor, digits in measures.values())]
        for voice in VOICES
    ]
    return grid(["voice", *measures], rows)


def value_of_reports(get: Get) -> list[str]:
    rows = []
    for sensing, seeing in SENSING.items():
        for voice in VOICES:
            on, off, all_known = (voiced(voice, seeing, more) for more in ({}, SILENT, PERFECT))
            cells = [level(get(on, MEAN))]
            cells += [change(get(on, name) - get(off, name)) for name in (MEAN, GAP)]
            cells += [change(get(all_known, name) - get(on, name)) for name in (MEAN, GAP)]
            rows.append([sensing, voice, *cells])
    head = ["sensing", "voice", "mean hours", "reports: mean", "reports: gap", "perfect knowledge: mean",
            "perfect knowledge: gap"]  # fmt: skip
    return grid(head, rows)


def how_known(get: Get) -> list[str]:
    rows = []
    for voice in VOICES:
        for name in LEVELS:
            counts = {s: get(voiced(voice), f"faults:{name}:{s}").mean() for s in (*LED, "unknown")}
            rows.append([voice, name, f"{sum(counts.values()):.0f}", *_shares(counts)])
        counts = {s: sum(get(voiced(voice), f"faults:{n}:{s}").mean() for n in LEVELS[3:]) for s in
                  (*LED, "unknown")}  # fmt: skip
        rows.append([voice, "**transformer and drop**", f"{sum(counts.values()):.0f}", *_shares(counts)])
    false = [level(get(voiced(v), "predictions:false:number")) for v in VOICES]
    refused = [level(get(voiced(v), "predictions:refused:number")) for v in VOICES]
    told = [f"Crews sent to a feeder or substation that had not failed, a run: {', '.join(false)} at the three levels."]
    told += [f"Devices at which a prediction was refused, a run: {', '.join(refused)}."]
    return [*grid(["voice", "level", "faults", *(f"{s}, %" for s in (*LED, "unknown"))], rows), "", *told]


def _shares(counts: dict[str, float]) -> list[str]:
    whole = max(sum(counts.values()), 1e-9)
    return [f"{100.0 * count / whole:.0f}" for count in counts.values()]


def false_closures(get: Get) -> list[str]:
    groups = ("all:all", "minority:minority", "minority:other", "poor:poor", "poor:not poor")
    rows = [
        [voice, group.partition(":")[2], level(100.0 * get(voiced(voice), f"{group}:false_closure_rate")),
         level(get(voiced(voice), f"{group}:falsely_closed_h"), 2)]
        for voice in VOICES for group in groups
    ]  # fmt: skip
    return grid(["voice", "group", "closed in error, % of affected", "hours falsely closed"], rows)


def patrols(get: Get) -> list[str]:
    rows = []
    for voice in VOICES:
        for name, silence in (("on", {}), ("off", SILENT)):
            one, four = (voiced(voice, silence, {"patrol.teams": 24 * times}) for times in (1, 4))
            cells = [level(get(patch, UNDETECTED)) for patch in (one, four)]
            changes = [
                change(get(four, measure) - get(one, measure)) for measure in (UNDETECTED, MEAN, "all:all:p90_h")
            ]
            rows.append([voice, name, *cells, *changes])
    head = ["voice", "reports", "undetected, 24 patrols", "undetected, 96", "change", "change of the mean",
            "change of the 90th percentile"]  # fmt: skip
    return grid(head, rows)


def dispatch(get: Get) -> list[str]:
    rows = []
    for voice in VOICES:
        base = voiced(voice)
        for policy in POLICIES:
            arm = voiced(voice, {"dispatch.policy": policy})
            changes = (
                [change(get(arm, name) - get(base, name)) for name in (MEAN, GAP)] if policy != "standard" else ["", ""]
            )
            rows.append([voice, policy, level(get(arm, MEAN)), level(get(arm, GAP), 2), *changes])
    return grid(["voice", "policy", "mean hours", "gap", "change of the mean", "change of the gap"], rows)


def who_reports(get: Get) -> list[str]:
    rows = []
    for voice in VOICES:
        found = paired(get(voiced(voice), "odds:minority:log"))
        ratio = " to ".join(f"{np.exp(end):.2f}" for end in (found.low, found.high))
        rates = [level(100.0 * get(voiced(voice), f"minority:{g}:report_rate")) for g in ("minority", "other")]
        rows.append([voice, f"{np.exp(found.mean):.2f} ({ratio})", *rates])
    return grid(["voice", "odds ratio, web or app", "minority who report, %", "others who report, %"], rows)
