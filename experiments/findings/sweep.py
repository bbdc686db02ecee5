"""What a sweep has found: what comes out of every point, and how each outcome answers to each factor, as tables."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import Interval, paired
from analysis.contrasts.multiplicity import COLUMNS, beside
from analysis.contrasts.response import Axis, panels, reference_point
from experiments.claims import CUSTOMERS, DARK, FEWEST, Ground, brief, is_dark, refusal
from experiments.designs.factors import channels_on
from experiments.designs.points import SAMPLED
from experiments.designs.sweep import Sweep, axes_of, channels_of, design_line, liaisons_stay_home, points_of, reference
from experiments.findings.sweep_claims import UNIT, claimed_points, claimed_responses, told
from experiments.outcome_names import shown, unit, words
from experiments.runs.ledger import Ledger
from experiments.runs.replicates import seeds_of

SUBSETS = ["panel", "subset", "mean", "low", "high", "change", "change_low", "change_high", "note"]


class Swept(NamedTuple):
    """What a sweep has found."""

    sweep: Sweep
    points: pd.DataFrame  # [point]: panel, varied, a column per factor and per channel of a subset
    axes: list[Axis]
    values: dict[str, np.ndarray]  # outcome: float [point, replicate], in the unit shown
    failed: np.ndarray  # int [point], runs that ended in an error
    answers: pd.DataFrame  # `looked_at_together` of `claimed_responses`, column outcome
    dark: np.ndarray  # float [point, replicate], share of the affected still without power at the horizon
    customers: np.ndarray  # float [point]
    doubt: np.ndarray | None = None  # float [replicate, component]

    def reference(self, outcome: str) -> Interval:
        """The scenario as it stands; of a gap that may not be claimed, nothing."""
        return self._level(outcome, 0)

    def has_values(self, outcome: str) -> bool:
        """Whether any run has this outcome."""
        return not bool(np.isnan(self.values[outcome]).all())

    @property
    def has_subsets(self) -> bool:
        """Whether subsets of channels vary."""
        return any(factor.is_subset for factor in self.sweep.design.factors)

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
        return paired(told_values, self.doubt)

    def told(self, outcome: str) -> np.ndarray:
        """Values that may be claimed; see `experiments.findings.sweep_claims.told`."""
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
        table = claimed_responses(self.points, self.values[outcome], self.dark, [axis], outcome, self.doubt)
        shifts = {f"change{end}": table[f"shift{end}"] for end in ("", "_low", "_high")}
        on = {channel: [channel in channels_on(level) for level in table["level"]] for channel in channels_of(factor)}
        return table.assign(subset=table["level"], **shifts, **on)

    def axis_label(self, axis: Axis) -> str:
        """An axis in words with its unit."""
        known = next((p for p in self.sweep.study.scenario.listing() if p.path == axis.column), None)
        return axis.words if known is None or known.unit == "1" else f"{axis.words} ({known.unit})"


def gather(sweep: Sweep, ledger: Ledger) -> Swept:
    """Take what a ledger holds of a sweep, and condense it."""
    study, plan = sweep.study, sweep.plan
    shape = (len(sweep.design.points), study.replicates)
    raw = ledger.values(plan.rows, plan.by, [*study.outcomes, DARK, CUSTOMERS])
    dark, customers = (raw[:, i].reshape(shape) for i in (-2, -1))
    values = {name: shown(name) * raw[:, i].reshape(shape) for i, name in enumerate(study.outcomes)}
    points, axes = points_of(sweep), axes_of(sweep)
    doubt = study.doubt and study.doubt.components(seeds_of(study.seed, study.replicates))
    tables = [claimed_responses(points, values[n], dark, axes, n, doubt).assign(outcome=n) for n in study.outcomes]
    failed = np.isnan(customers).sum(axis=1)  # a run without any number has failed
    size = np.array([paired(row).mean for row in customers])
    answers = looked_at_together(pd.concat(tables, ignore_index=True))
    return Swept(sweep, points, axes, values, failed, answers, dark, size, doubt)


def looked_at_together(answers: pd.DataFrame) -> pd.DataFrame:
    """With what holds together of the changes to speak of (``is_end``), all those of an outcome; else NaN."""
    ends = beside(answers[answers["is_end"]], ["outcome"], ("change", "change_low", "change_high"), "runs")
    joined = answers.join(ends[COLUMNS])
    return joined.assign(looked_at=joined["looked_at"].fillna(0).astype(int))


def table_of_points(swept: Swept) -> pd.DataFrame:
    """Per point and outcome: where it is, mean with interval, paired change and shift, counts; see `claimed_points`."""
    tables = []
    panel_of = {panel: reference_point(swept.points, panel) for panel in swept.points["panel"].unique()}
    references = swept.points["panel"].map(panel_of).to_numpy()
    for name, values in swept.values.items():
        table = pd.concat([swept.points, claimed_points(values, swept.dark, references, name, swept.doubt)], axis=1)
        tables.append(table.assign(outcome=name, unit=unit(name), meaning=words(name), failed=swept.failed))
    return pd.concat(tables, ignore_index=True)


def as_data(swept: Swept) -> dict[str, Any]:
    """A sweep as plain data."""
    sweep = swept.sweep
    study, design = sweep.study, sweep.design
    return {
        "study": study.name,
        "summary": study.summary,
        "digest": study.digest,
        "scenario": study.scenario.name,
        "scenario_digest": study.scenario.digest,
        "set": study.set,
        "reference": reference(sweep),
        "design": design_line(sweep),
        "design_kind": design.kind,
        "is_sampled": design.kind in SAMPLED,
        "has_subsets": swept.has_subsets,
        "liaisons_stay_home": liaisons_stay_home(sweep),
        "axes": [axis._asdict() for axis in swept.axes],
        "panels": swept.panels(),
        "seed": study.seed,
        "replicates": study.replicates,
        "points": len(design.points),
        "runs": len(sweep.plan.rows),
        "failed": int(swept.failed.sum()),
        "outcomes": [_outcome(swept, name) for name in swept.values],
    }


def _outcome(swept: Swept, name: str) -> dict[str, Any]:
    rows = swept.answers[swept.answers["outcome"] == name].drop(columns="outcome")
    subsets = swept.subsets(name)[SUBSETS] if swept.has_subsets else pd.DataFrame(columns=SUBSETS)
    level = swept.reference(name)
    return {
        "name": name,
        "meaning": words(name),
        "unit": unit(name),
        "is_there": swept.has_values(name),
        "reference": {**level._asdict(), "is_endless": bool(np.isinf(level.mean))},
        "responses": _records(rows),
        "subsets": _records(subsets),
        "refused": swept.refusal(name),
        "claims_nothing": swept.claims_nothing(name),
    }


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain data; where a mean is endless, such as a median that is never reached, it is said beside it."""
    return rows.assign(is_endless=np.isinf(rows["mean"].astype(float))).to_dict(orient="records")
