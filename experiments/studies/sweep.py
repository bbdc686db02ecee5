"""A sweep: every point of a design under the same seeds, and what comes out of it as tables.

Common random numbers: replicate k has the same three seeds at every point, so that the differences between points are
paired. The scenario as it stands is always run as well and is the first point. What makes panels: the factors across,
and in a factorial design the categories (a dispatch policy), if there is anything else to look at.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import Interval, paired
from analysis.contrasts.multiplicity import COLUMNS, beside
from analysis.contrasts.response import (
    REFERENCE,
    SCENARIO,
    Axis,
    panels,
    reference_point,
)
from experiments.claims import CUSTOMERS, DARK, FEWEST, Ground, brief, is_dark, refusal
from experiments.designs.factors import Factor, channels_on
from experiments.designs.points import (
    FACTORIAL,
    SAMPLED,
    Design,
    design_of,
    standing,
)
from experiments.designs.study_files import StudyFile
from experiments.outcome_names import shown, unit, words
from experiments.runs.lazy import Lazy
from experiments.runs.ledger import Ledger
from experiments.runs.plan import Plan
from experiments.runs.replicates import seeds_of
from experiments.runs.rows import Row
from experiments.studies.sweep_claims import (
    UNIT,
    claimed_points,
    claimed_responses,
    told,
)

CHANNEL_WORDS = {"hotline": "the hotline", "web": "the web", "app": "the app", "sms": "SMS", "liaison": "liaisons",
                 "informal": "informal requests"}  # fmt: skip


class Sweep(NamedTuple):
    """What is to be run."""

    study: StudyFile
    design: Design
    plan: Plan


class Swept(NamedTuple):
    """What a sweep has found."""

    sweep: Sweep
    points: pd.DataFrame  # [point]: panel, varied, a column per factor and per channel of a subset
    axes: list[Axis]
    values: dict[str, np.ndarray]  # outcome: float [point, replicate], in the unit shown
    failed: np.ndarray  # int [point], runs that ended in an error
    answers: (
        pd.DataFrame
    )  # `looked_at_together` of `experiments.studies.sweep_claims.claimed_responses`, column outcome
    dark: np.ndarray  # float [point, replicate], share of the affected still without power at the horizon
    customers: np.ndarray  # float [point]

    def reference(self, outcome: str) -> Interval:
        """The scenario as it stands; of a gap that may not be claimed, nothing."""
        return self._level(outcome, 0)

    def has_values(self, outcome: str) -> bool:
        """Whether any run has this outcome."""
        return not bool(np.isnan(self.values[outcome]).all())

    def panels(self) -> list[str]:
        """Panels in order."""
        return panels(self.points)

    def level_in(self, outcome: str, panel: str) -> Interval:
        """The scenario as it stands in a panel; see `reference`."""
        return self._level(outcome, reference_point(self.points, panel))

    def _level(self, outcome: str, point: int) -> Interval:
        values, told_values = self.values[outcome][point], self.told(outcome)[point]
        if np.isnan(told_values).all() and not np.isnan(values).all():
            note = brief(int((~np.isnan(values)).sum()), paired(self.dark[point]).mean, UNIT)
            return paired(told_values)._replace(note=note)
        return paired(told_values)

    def told(self, outcome: str) -> np.ndarray:
        """Values that may be claimed; see `experiments.studies.sweep_claims.told`."""
        return told(self.values[outcome], self.dark, outcome)

    def ends(self, outcome: str) -> pd.DataFrame:
        """The changes to speak of, whether or not they may be claimed."""
        return self.answers[(self.answers["outcome"] == outcome) & self.answers["is_end"]]

    def claims_nothing(self, outcome: str) -> bool:
        """Whether none of its changes may be claimed."""
        return bool((self.ends(outcome)["note"] != "").all())

    def refusal(self, outcome: str) -> str:
        """Why some or all changes may not be claimed, told by the point that stayed darkest; "": all may."""
        rows = self.ends(outcome)
        silent = rows[rows["note"] != ""]
        shares = np.nan_to_num([paired(row).mean for row in self.dark])
        point = int(np.argmax(shares))
        dark = shares[point] if is_dark(silent["dark"].max()) else 0.0
        scenario = self.sweep.study.scenario.but(self.sweep.design.points[point].patch)
        ground = Ground(
            int(silent["runs"].min()) if len(silent) else FEWEST, dark, scenario, self.customers[point], UNIT
        )
        why = refusal(ground)
        patch = ", ".join(f"{path} = {value}" for path, value in self.sweep.design.points[point].patch.items())
        why += f" It is darkest with {patch}." if dark and patch else ""
        return f"{len(silent)} of {len(rows)} changes: {why}" if why and len(silent) < len(rows) else why

    def subsets(self, outcome: str) -> pd.DataFrame:
        """Every subset of channels in each panel, averaged over what else varies: `analysis.contrasts.response`.

        The columns change, change_low and change_high are from the scenario as it stands in the panel.
        """
        factor = next(f for f in self.sweep.design.factors if f.is_subset)
        sampled = self.sweep.design.kind in SAMPLED
        axis = Axis(factor.name, factor.name, factor.name, False, None, sampled=sampled)
        table = claimed_responses(self.points, self.values[outcome], self.dark, [axis], outcome)
        shifts = {f"change{end}": table[f"shift{end}"] for end in ("", "_low", "_high")}
        on = {channel: [channel in channels_on(level) for level in table["level"]] for channel in _channels(factor)}
        return table.assign(subset=table["level"], **shifts, **on)

    def axis_label(self, axis: Axis) -> str:
        """An axis in words with its unit."""
        known = next((p for p in self.sweep.study.scenario.listing() if p.path == axis.column), None)
        return axis.words if known is None or known.unit == "1" else f"{axis.words} ({known.unit})"


def rows_of(study: StudyFile, design: Design) -> Lazy[Row]:
    """Points times replicates, point by point."""
    seeds, scenario = seeds_of(study.seed, study.replicates), study.scenario.digest

    def make(index: int) -> Row:
        point, replicate = divmod(index, len(seeds))
        return Row(scenario, tuple(sorted(design.points[point].patch.items())), seeds[replicate])

    return Lazy(len(design.points) * len(seeds), make)


def sweep_of(study: StudyFile) -> Sweep:
    """What a study of kind "sweep" runs."""
    design = design_of(study)
    plan = Plan({study.scenario.digest: study.scenario}, rows_of(study, design), study.by, study.content)
    return Sweep(study, design, plan)


def gather(sweep: Sweep, ledger: Ledger) -> Swept:
    """Take what a ledger holds of a sweep, and condense it."""
    study, plan = sweep.study, sweep.plan
    shape = (len(sweep.design.points), study.replicates)
    raw = ledger.values(plan.rows, plan.by, [*study.outcomes, DARK, CUSTOMERS])
    dark, customers = (raw[:, i].reshape(shape) for i in (-2, -1))
    values = {name: shown(name) * raw[:, i].reshape(shape) for i, name in enumerate(study.outcomes)}
    points, axes = points_of(sweep), axes_of(sweep)
    tables = [claimed_responses(points, values[n], dark, axes, n).assign(outcome=n) for n in study.outcomes]
    failed = np.isnan(customers).sum(axis=1)  # a run without any number has failed
    size = np.array([paired(row).mean for row in customers])
    answers = looked_at_together(pd.concat(tables, ignore_index=True))
    return Swept(sweep, points, axes, values, failed, answers, dark, size)


def looked_at_together(answers: pd.DataFrame) -> pd.DataFrame:
    """With what holds together of the changes to speak of (``is_end``), all those of an outcome; else NaN."""
    ends = beside(answers[answers["is_end"]], ["outcome"], ("change", "change_low", "change_high"), "runs")
    joined = answers.join(ends[COLUMNS])
    return joined.assign(looked_at=joined["looked_at"].fillna(0).astype(int))


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
    channels = _channels(factor)
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
        return [Axis(c, CHANNEL_WORDS[c], factor.name, False, False) for c in _channels(factor)]
    level = False if factor.kind == "yes/no" else standing(factor, study.scenario)
    return [Axis(factor.name, plain(factor.name), factor.name, factor.is_number, level)]


def channel_axes(sweep: Sweep) -> list[Axis]:
    """The channels of the subsets that a sweep varies."""
    return [axis for factor in sweep.design.factors if factor.is_subset for axis in _axes(factor, sweep.study)]


def _channels(factor: Factor) -> list[str]:
    return [path.split(".")[1] for path in factor.paths]


def plain(name: str) -> str:
    """A factor in words: "availability of the app", "dispatch policy"; otherwise its path."""
    steps = name.split(".")
    if steps[0] == "channels" and len(steps) == 3:
        return f"{steps[2].replace('_', ' ')} of {CHANNEL_WORDS[steps[1]]}"
    return "dispatch policy" if name == "dispatch.policy" else name


def table_of_points(swept: Swept) -> pd.DataFrame:
    """Per point and outcome: where it is, mean with interval, paired change and shift, counts; see `claimed_points`."""
    tables = []
    panel_of = {panel: reference_point(swept.points, panel) for panel in swept.points["panel"].unique()}
    references = swept.points["panel"].map(panel_of).to_numpy()
    for name, values in swept.values.items():
        table = pd.concat([swept.points, claimed_points(values, swept.dark, references, name)], axis=1)
        tables.append(table.assign(outcome=name, unit=unit(name), meaning=words(name), failed=swept.failed))
    return pd.concat(tables, ignore_index=True)
