"""The tables: each says which runs it needs, and renders their numbers as Markdown.

A table is a function of ``get``: ``get(patch, name)`` gives one number of all runs under a patch, float [seed], in the
default city or another. It is called twice, first to learn which runs there are, then with numbers. Everything is
given at three levels of voice, the leading uncertainty; changes are paired, seed by seed, with 95 % intervals.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np

from analysis.contrasts import paired
from analysis.reliability import PARTS
from sim import load_change
from sim.columns import CHANNELS, LEVELS
from sim.orders import SOURCES

Patch = Mapping[str, Any]


class Get(Protocol):
    """One number of all runs of a city under a patch, float [seed]."""

    def __call__(self, patch: Patch, name: str, city: str = ...) -> np.ndarray: ...


CITY = "tallahassee-michael"
ARMS = {"arms/closing": "closing", "arms/widening": "widening"}
NO_WEB_OR_APP = {"channels.web.availability": 0.0, "channels.app.availability": 0.0}
VOICES = ("low", "middle", "high")
SILENT = {f"channels.{name}.availability": 0.0 for name in CHANNELS}
BLIND = {f"sensing.{level}": 0.0 for level in LEVELS}
SENSING: dict[str, Patch] = {
    "none": BLIND,
    "as it is": {},
    "and meters": {"sensing.meter_coverage": 0.94, "sensing.meter_half_time_h": 12.0},
}
PERFECT = {"sensing.knowledge": "perfect"}
PROGRAMMES = {
    "information alone": "outreach/information-only",
    "knowledge and materials": "outreach/knowledge-and-materials",
    "SMS by default": "outreach/sms-opt-in-default",
}
POLICIES = ("standard", "most-reports", "voice-corrected")
ARM_POLICIES = ("standard", "most-reports", "pressure")
MEAN, GAP, UNDETECTED = "all:all:mean_h", "minority:minority:gap_h", "all:all:undetected_h"
GROUPS = ("minority:minority:mean_h", "minority:other:mean_h")
POOR, OTHERS = "poor:poor:mean_h", "poor:not poor:mean_h"


class Table(NamedTuple):
    """One table of the page."""

    title: str
    about: str
    render: Callable[[Get], list[str]]


def voiced(voice: str, *patches: Patch) -> Patch:
    """Patches together, at a level of voice."""
    whole: dict[str, Any] = {"reporting.voice": voice}
    for patch in patches:
        whole |= patch
    return whole


def level(values: np.ndarray, digits: int = 1) -> str:
    """A mean over seeds with its interval."""
    found = paired(values)
    return f"{found.mean:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"


def change(values: np.ndarray, digits: int = 2) -> str:
    """A mean change with its interval, signed; bold where it excludes zero."""
    found = paired(values)
    text = f"{found.mean:+.{digits}f} ({found.low:+.{digits}f} to {found.high:+.{digits}f})"
    return f"**{text}**" if found.low > 0.0 or found.high < 0.0 else text


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    head = list(head)
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *map(list, rows))]


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
            counts = {s: get(voiced(voice), f"faults:{name}:{s}").mean() for s in (*SOURCES[:-1], "unknown")}
            rows.append([voice, name, f"{sum(counts.values()):.0f}", *_shares(counts)])
        counts = {s: sum(get(voiced(voice), f"faults:{n}:{s}").mean() for n in LEVELS[3:]) for s in
                  (*SOURCES[:-1], "unknown")}  # fmt: skip
        rows.append([voice, "**transformer and drop**", f"{sum(counts.values()):.0f}", *_shares(counts)])
    false = [level(get(voiced(v), "predictions:false:number")) for v in VOICES]
    refused = [level(get(voiced(v), "predictions:refused:number")) for v in VOICES]
    told = [f"Crews sent to a feeder or substation that had not failed, a run: {', '.join(false)} at the three levels."]
    told += [f"Devices at which a prediction was refused, a run: {', '.join(refused)}."]
    return [*grid(["voice", "level", "faults", *(f"{s}, %" for s in (*SOURCES[:-1], "unknown"))], rows), "", *told]


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


TABLES = {
    "headline": Table("The storm at three levels of voice", "How loud the city is moves these.", headline),
    "value-of-reports": Table(
        "What reports and perfect knowledge are worth",
        "Hours out with all channels on, less those with none; and with perfect knowledge, less those as it is.",
        value_of_reports,
    ),
    "how-known": Table("How faults became known", "Share of the faults of each level by what led to them.", how_known),
    "false-closures": Table("False closures by group", "Customers taken to be back while dark.", false_closures),
    "patrols": Table("Patrols", "Hours undetected with 24 patrols and with four times as many.", patrols),
    "outreach": Table("Constraints lifted", "Change of hours out of the poor and of all others.", outreach),
    "dispatch": Table("Who goes first", "Three policies, against `standard`.", dispatch),
    "arms": Table("Closing and widening", "What adding web and app changes in the two arms.", arms),
    "who-reports": Table(
        "Who reports", "Minority households against others, among the affected, with controls.", who_reports
    ),
}
