"""What a study of sensitivity has found about each of its outcomes: indices, whether they have settled, and luck."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import paired
from analysis.sensitivity.convergence import Verdict, over_n, verdict
from analysis.sensitivity.indices import Indices, analyse, finite_blocks
from analysis.sensitivity.noise import Noise, noise
from experiments.claims import CUSTOMERS, DARK, FEWEST, Ground, refusal
from experiments.designs.sensitivity import Sensitivity, counted, outcomes_of
from experiments.designs.study_files import StudyFile
from experiments.outcome_names import is_gap, label, shown, unit
from experiments.runs.ledger import Ledger

ABSENT = "no run has this outcome"
SPREAD = (5, 50, 95)  # percentiles that tell where an outcome lies


class Finding(NamedTuple):
    """One outcome."""

    name: str  # full
    y: np.ndarray  # float [row]: mean over seeds, in the unit shown
    indices: Indices
    over_n: pd.DataFrame
    verdict: Verdict
    noise: Noise
    is_refused: bool = False  # by the rule on claims; `indices.why` says why

    @property
    def spread(self) -> list[float] | None:
        """The percentiles ``SPREAD`` over rows; None where nothing is there, and of a gap that may not be claimed."""
        there = self.y[np.isfinite(self.y)]
        if not len(there) or (self.is_refused and is_gap(self.name)):
            return None
        return [float(value) for value in np.percentile(there, SPREAD)]


def measured(study: StudyFile, ledger: Ledger) -> list[str]:
    """The outcomes to analyse: those that runs have, or all where none has any."""
    names = set(ledger.names())
    return [name for name in study.outcomes if name in names] or list(study.outcomes)


def findings(asked: Sensitivity, ledger: Ledger, outcomes: list[str]) -> list[Finding]:
    """Analyse every outcome; the mean over seeds is NaN where a run of the row failed."""
    *values, dark, customers = outcomes_of(asked, ledger, [*outcomes, DARK, CUSTOMERS])
    means = (paired(table.ravel()).mean for table in (dark, customers))
    least = FEWEST if asked.sample.method != "sobol" else 1 << (FEWEST - 1).bit_length()  # a power of two
    ground = Ground(asked.sample.blocks, next(means), asked.study.scenario, next(means),
                    counted(asked.sample.method), f"n = {least}")  # fmt: skip
    return [_finding(asked, name, shown(name) * y, ground) for name, y in zip(outcomes, values, strict=True)]


def _finding(asked: Sensitivity, name: str, values: np.ndarray, ground: Ground) -> Finding:
    sample, resamples = asked.sample, asked.resamples
    y, split = values.mean(axis=1), noise(values)
    refused = refusal(ground._replace(runs=finite_blocks(sample, y)[0].blocks)).removesuffix(".")
    if refused or not np.isfinite(y).any():
        why = refused if np.isfinite(y).any() else ABSENT
        nothing = Indices(pd.DataFrame(columns=["index"]), 0, sample.blocks, why, ())
        judged = verdict(pd.DataFrame(), sample.method)
        return Finding(name, y, nothing, pd.DataFrame(), judged, split, bool(refused))
    found = analyse(sample, y, resamples)
    growing = over_n(sample, y, found, resamples)
    judged = verdict(growing, sample.method)
    return Finding(name, y, found, growing, judged, split)


def indices_table(asked: Sensitivity, found: list[Finding]) -> pd.DataFrame:
    """All indices, tidy; ``low_together`` and ``high_together`` hold for all ``looked_at`` of one index at once."""
    head = ["outcome", "method", "index", "parameter", "second_parameter", "value", "low", "high", "n"]
    head += ["low_together", "high_together", "looked_at"]
    return _stacked(head, [(f.name, f.indices.table) for f in found], asked.sample.method)


def convergence_table(asked: Sensitivity, found: list[Finding]) -> pd.DataFrame:
    """The ranking index over growing n, tidy; ``rows`` and ``runs`` are those of that n."""
    head = ["outcome", "method", "index", "parameter", "value", "low", "high", "n", "rows", "runs"]
    block, seeds = asked.sample.block, asked.study.replicates
    tables = [(f.name, f.over_n.assign(rows=f.over_n["n"] * block, runs=f.over_n["n"] * block * seeds))
              for f in found if len(f.over_n)]  # fmt: skip
    return _stacked(head, tables, asked.sample.method)


def as_data(asked: Sensitivity, found: list[Finding]) -> dict[str, Any]:
    """The results as plain data."""
    study, sample = asked.study, asked.sample
    return {
        "study": study.name,
        "summary": study.summary,
        "scenario": study.scenario.name,
        "scenario_digest": study.scenario.digest,
        "set": study.set,
        "method": sample.method,
        "n": sample.blocks,
        "n_counts": counted(sample.method),
        "second_order": sample.second_order,
        "rows": len(sample.u),
        "replicates": study.replicates,
        "runs": asked.runs,
        "seed": study.seed,
        "common_random_numbers": True,
        "resamples": asked.resamples,
        "parameters": [factor._asdict() for factor in study.factors],
        "groups": list(sample.groups),
        "outcomes": [_outcome(f) for f in found],
        "without_outcome": [name for name in study.outcomes if name not in {f.name for f in found}],
    }


def _outcome(finding: Finding) -> dict[str, Any]:
    found = finding.indices
    return {
        "outcome": finding.name,
        "label": label(finding.name),
        "unit": unit(finding.name),
        "spread": finding.spread,
        "n": found.n,
        "left_out": found.left_out,
        "why_no_indices": found.why,
        "indices": found.table.to_dict(orient="records"),
        "noise": finding.noise._asdict(),
        "convergence": finding.verdict._asdict(),
        "sizes": [int(n) for n in finding.over_n["n"].unique()] if len(finding.over_n) else [],
        "notes": list(found.notes),
    }


def _stacked(head: list[str], tables: list[tuple[str, pd.DataFrame]], method: str) -> pd.DataFrame:
    filled = [table.assign(outcome=name, method=method) for name, table in tables if len(table)]
    return pd.concat(filled, ignore_index=True)[head] if filled else pd.DataFrame(columns=head)
