"""A sweep from the command line: runs, then tables, figures and sentences.

DIR/    runs.sqlite runs.parquet runs.csv        every run, in the order of the design
        points.csv                               every point and outcome: mean, interval, change from the reference
        responses.csv                            every level of every factor: mean, interval, change, by panel
        summary.json study.json figures/
"""

import sys
from pathlib import Path
from typing import Any

from app import document
from app.printing import console
from app.report.record import MADE, made
from app.running import RunOptions, after_the_runs, carry_out
from app.saving import put_study
from app.sweep.printing import print_sweep
from app.sweep.words import design_line, notes, reference, sentences
from experiments.designs.study_files import read_study
from experiments.outcome_names import unit, words
from experiments.results.schema import marked
from experiments.studies.sweep import (
    Sweep,
    Swept,
    gather,
    sweep_of,
    table_of_points,
)


def asked_for(study: str, scenario: str | None, seed: int | None, replicates: int | None, outcomes: list[str]) -> Sweep:
    """Read and check a study with what the command line says otherwise, before anything runs."""
    return sweep_of(read_study(study, "sweep", scenario, seed=seed, replicates=replicates, outcomes=outcomes or None))


def run_sweep(sweep: Sweep, options: RunOptions, as_json: bool, figures: bool, command: str = "") -> None:
    """Run, write and print a sweep."""
    ledger = carry_out(sweep.plan, options)
    if ledger is None:  # one shard of several
        return
    with after_the_runs(options.out), ledger:
        swept = gather(sweep, ledger)
        found = marked({**document_of(swept), MADE: _made(sweep, command, figures)})
        if options.out is not None:
            _write(options.out, swept, found, figures)
    if as_json:
        sys.stdout.write(document.as_text(found))
        return
    out = console()
    print_sweep(out, swept)
    if options.out is not None:
        out.print(f"Written to {options.out}", markup=False, soft_wrap=True)


def _write(folder: Path, swept: Swept, found: dict[str, Any], figures: bool) -> None:
    put_study(folder, "sweep", {"points": table_of_points(swept), "responses": swept.answers}, found)
    if figures:
        from app.sweep.pictures import draw_sweep

        for line in draw_sweep(folder / "figures", swept):
            print(line, file=sys.stderr)


def _made(sweep: Sweep, command: str, figures: bool) -> dict[str, Any]:
    """How the study was made; see `app.report.record`."""
    study = sweep.study
    factors = (*sweep.design.factors, *sweep.design.across)
    varied = [path for factor in factors for path in factor.paths]
    return made("sweep", command, figures, study.scenario, varied, study.set)


def document_of(swept: Swept) -> dict[str, Any]:
    """A sweep as plain data: what ``--json`` prints and ``summary.json`` holds."""
    sweep = swept.sweep
    study = sweep.study
    return {
        "study": study.name,
        "summary": study.summary,
        "digest": study.digest,
        "scenario": study.scenario.name,
        "scenario_digest": study.scenario.digest,
        "set": study.set,
        "reference": reference(sweep),
        "design": design_line(sweep),
        "seed": study.seed,
        "replicates": study.replicates,
        "points": len(sweep.design.points),
        "runs": len(sweep.plan.rows),
        "failed": int(swept.failed.sum()),
        "outcomes": [_outcome(swept, name) for name in swept.values],
        "notes": notes(swept),
    }


def _outcome(swept: Swept, name: str) -> dict[str, Any]:
    rows = swept.answers[swept.answers["outcome"] == name].drop(columns="outcome")
    return {
        "name": name,
        "meaning": words(name),
        "unit": unit(name),
        "reference": swept.reference(name)._asdict(),
        "responses": rows.to_dict(orient="records"),
        "in_words": sentences(swept, name),
        "refused": swept.refusal(name),
        "claims_nothing": swept.claims_nothing(name),
    }


def name_studies() -> None:
    """The sweeps that come with the program, a line each."""
    from rich.text import Text

    from experiments.designs.study_files import summaries

    out = console()
    out.print("Sweeps that come with the program; a TOML file of your own will do as well:")
    for name, summary in summaries("sweep").items():
        out.print(Text(f"  {name:<24}{summary}"))
    out.print("\nExample: coproduce sweep channel-availability --out results/channels", markup=False)
