"""A sweep: every point of a design under the same seeds, and what of it there is to look at.

Common random numbers: replicate k has the same three seeds at every point, so that the differences between points are
paired. The scenario as it stands is always run as well and is the first point. What makes panels: the factors across,
and in a factorial design the categories (a dispatch policy), if there is anything else to look at.
"""

from typing import Any, NamedTuple

import pandas as pd

from analysis.contrasts.response import REFERENCE, SCENARIO, Axis
from experiments.designs.factors import Factor, channels_on
from experiments.designs.points import FACTORIAL, ONE_AT_A_TIME, SAMPLED, Design, design_of, standing
from experiments.designs.study_files import StudyFile
from experiments.record import short_name
from experiments.runs.lazy import Lazy
from experiments.runs.plan import Plan
from experiments.runs.replicates import seeds_of
from experiments.runs.rows import Row
from sim.inputs.parameters.channels import WAYS

LIAISONS = ("liaison.liaisons", "liaison.per_10000_customers")


class Sweep(NamedTuple):
    """What is to be run."""

    study: StudyFile
    design: Design
    plan: Plan


def sweep_of(study: StudyFile) -> Sweep:
    """What a study of kind "sweep" runs."""
    design = design_of(study)
    plan = Plan({study.scenario.digest: study.scenario}, rows_of(study, design), study.by, study.content)
    return Sweep(study, design, plan)


def rows_of(study: StudyFile, design: Design) -> Lazy[Row]:
    """Points times replicates, point by point."""
    seeds, scenario = seeds_of(study.seed, study.replicates), study.scenario.digest

    def make(index: int) -> Row:
        point, replicate = divmod(index, len(seeds))
        here = Row(scenario, tuple(sorted(design.points[point].patch.items())), seeds[replicate])
        return here if study.doubt is None else study.doubt.over(here)

    return Lazy(len(design.points) * len(seeds), make)


def panel_makers(design: Design) -> tuple[Factor, ...]:
    """The factors whose levels make panels."""
    named = [f for f in design.factors if not f.is_number and not f.is_subset]
    makes = design.kind == FACTORIAL and len(named) < len(design.factors)
    return (*design.across, *(named if makes else ()))


def points_of(sweep: Sweep) -> pd.DataFrame:
    """The points of a design as a table; see `Swept`."""
    design, makers = sweep.design, panel_makers(sweep.design)
    rows = []
    for index, point in enumerate(design.points):
        panel = "" if index == 0 else "; ".join(f"{plain(f.name)}: {point.values[f.name]}" for f in makers)
        role = SCENARIO if index == 0 else point.varied or REFERENCE
        channels = {column: value for f in design.factors if f.is_subset for column, value in _on(f, point.values)}
        rows.append({"point": index, "panel": panel, "varied": role, **point.values, **channels})
    return pd.DataFrame(rows)


def _on(factor: Factor, values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Which channels of a subset are on, a column each; None where the scenario stands as it is."""
    given = values[factor.name]
    channels = channels_of(factor)
    if given not in factor.choices:
        return [(channel, None) for channel in channels]
    return [(channel, channel in channels_on(given)) for channel in channels]


def axes_of(sweep: Sweep) -> list[Axis]:
    """What to look at: each factor, of a subset each channel apart, and last what makes the panels."""
    design, makers = sweep.design, panel_makers(sweep.design)
    axes = [axis for factor in design.factors if factor not in makers for axis in _axes(factor, sweep.study)]
    axes = [axis._replace(sampled=design.kind in SAMPLED) for axis in axes]
    return axes + [axis._replace(pooled=True) for f in makers for axis in _axes(f, sweep.study) if not f.is_subset]


def _axes(factor: Factor, study: StudyFile) -> list[Axis]:
    if factor.is_subset:
        return [Axis(c, WAYS[c].words, factor.name, False, False) for c in channels_of(factor)]
    level = False if factor.kind == "yes/no" else standing(factor, study.scenario)
    return [Axis(factor.name, plain(factor.name), factor.name, factor.is_number, level)]


def channel_axes(sweep: Sweep) -> list[Axis]:
    """The channels of the subsets that a sweep varies."""
    return [axis for factor in sweep.design.factors if factor.is_subset for axis in _axes(factor, sweep.study)]


def channels_of(factor: Factor) -> list[str]:
    return [path.split(".")[1] for path in factor.paths]


def plain(name: str) -> str:
    """A factor in words: "availability of the app", "dispatch policy"; otherwise its path."""
    steps = name.split(".")
    if steps[0] == "channels" and len(steps) == 3:
        return f"{steps[2].replace('_', ' ')} of {WAYS[steps[1]].words}"
    return "dispatch policy" if name == "dispatch.policy" else name


def reference(sweep: Sweep) -> str:
    """The point that everything is measured against."""
    changed = ", ".join(f"{path} = {value}" for path, value in sweep.study.set.items())
    name = short_name(sweep.study.scenario)
    return f"{name} with {changed}, as it stands" if changed else f"{name}, as it stands"


def design_line(sweep: Sweep) -> str:
    """How the points were chosen, and how many there are."""
    study, design = sweep.study, sweep.design
    varied = ", ".join(map(_varied, design.factors))
    across = "".join(f", across {plain(f.name)} ({', '.join(map(str, f.levels()))})" for f in design.across)
    kind = design.kind.replace("-", " ") if design.kind != ONE_AT_A_TIME else "one factor at a time"
    seeds = "1 seed" if study.replicates == 1 else f"{study.replicates:,} seeds"
    return f"{kind}: {varied}{across}; {len(design.points):,} points x {seeds}"


def _varied(factor: Factor) -> str:
    return f"every subset of {', '.join(channels_of(factor))}" if factor.is_subset else plain(factor.name)


def liaisons_stay_home(sweep: Sweep) -> bool:
    """Whether the liaisons' channel varies where nobody walks."""
    varied = {path for factor in (*sweep.design.factors, *sweep.design.across) for path in factor.paths}
    present = any(sweep.study.scenario[path] > 0 or path in varied for path in LIAISONS)
    return "channels.liaison.availability" in varied and not present
