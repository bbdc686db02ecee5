"""``coproduce sensitivity``: read a study, run what is missing, analyse, write, print.

In ``--out``: runs.sqlite, runs.parquet and runs.csv from the runner; indices.csv, convergence.csv, summary.json,
study.json and figures/ from here. What is written here is made anew from the runs each time, so an interruption
leaves nothing wrong.
"""

import sys
from pathlib import Path
from typing import Any

from rich.text import Text

from app import document
from app.endings import Stop
from app.printing import console
from app.report.record import MADE, made
from app.running import RunOptions, after_the_runs, carry_out
from app.saving import put_files, put_study
from app.sensitivity.findings import Finding, convergence_table, findings, indices_table
from app.sensitivity.findings import document as plain
from app.sensitivity.printing import print_finding
from app.sensitivity.words import blocks_word
from experiments.designs.study_files import StudyFile, read_study, studies
from experiments.outcome_names import file_stem
from experiments.results.schema import marked
from experiments.runs.ledger import Ledger
from experiments.studies.sensitivity import Sensitivity, sensitivity_of
from sim.core.files import read_toml

DEFAULT_OUTCOMES = ["gap", "mean", "beyond_72", "cost"]
DEFAULT_REPLICATES = 4


def read(name: str, scenario: str | None, replicates: int | None, seed: int | None) -> StudyFile:
    """A study of kind "sensitivity", with this command's defaults for what the file leaves open."""
    asked = {"replicates": replicates, "seed": seed}
    study = read_study(name, "sensitivity", scenario, **asked)
    given = _keys(name)
    if "replicates" not in given and replicates is None:
        asked["replicates"] = DEFAULT_REPLICATES
    if "outcomes" not in given:
        return read_study(name, "sensitivity", scenario, **asked, outcomes=DEFAULT_OUTCOMES)
    return read_study(name, "sensitivity", scenario, **asked) if asked["replicates"] != study.replicates else study


def run_sensitivity(study: StudyFile, options: RunOptions, as_json: bool, figures: bool, command: str = "") -> None:
    """Run, analyse, write and print a study."""
    asked = sensitivity_of(study)
    ledger = carry_out(asked.plan, options)
    if ledger is None:  # one shard of several
        return
    with after_the_runs(options.out), ledger:
        _say(options, "analysing")
        found = findings(asked, ledger, _measured(study, ledger))
        whole = marked({**plain(asked, found), MADE: _made(study, command, figures)})
        if options.out:
            _write(options.out, asked, found, whole)
            if figures:
                _say(options, "drawing the figures")
                _draw(options.out, asked, found)
    if as_json:
        sys.stdout.write(document.as_text(whole))
    else:
        _print(asked, found, options.out)


def _keys(name: str) -> set[str]:
    """The keys that a study file gives; it has been read before, so it can be."""
    return set(read_toml(studies().get(name, Path(name)), name))


def _measured(study: StudyFile, ledger: Ledger) -> list[str]:
    """The outcomes to analyse; of the default ones, those that runs have."""
    names = set(ledger.names())
    if not names:
        failures = ledger.failures()
        why = f": {failures[0].error}" if failures else ""
        raise Stop(f"{study.where}: no run has finished{why}")
    return [name for name in study.outcomes if name in names] or list(study.outcomes)


def _say(options: RunOptions, what: str) -> None:
    if not options.quiet:
        console(to_stderr=True).print(Text(f"{what} ..."))


def _made(study: StudyFile, command: str, figures: bool) -> dict[str, Any]:
    """How the study was made; see `app.report.record`."""
    varied = [path for factor in study.factors for path in factor.paths]
    return made("sensitivity", command, figures, study.scenario, varied, study.set)


def _write(out: Path, asked: Sensitivity, found: list[Finding], whole: dict[str, Any]) -> None:
    tables = {"indices": indices_table(asked, found), "convergence": convergence_table(asked, found)}
    put_study(out, "sensitivity", tables, whole)


def _draw(out: Path, asked: Sensitivity, found: list[Finding]) -> None:
    from app.sensitivity.pictures import draw_all

    for finding in (one for one in found if one.indices.why):  # what an earlier command drew would claim something
        for path in (out / "figures").glob(f"*-{file_stem(finding.name)}.png"):
            path.unlink()
    put_files(out / "figures", lambda folder: draw_all(folder, asked, found))


def _print(asked: Sensitivity, found: list[Finding], out: Path | None) -> None:
    study, sample, page = asked.study, asked.sample, console()
    page.print(Text(f"{study.name}: what drives the outcomes of {study.scenario.name}", style="bold"))
    seeds = "one seed" if study.replicates == 1 else f"{study.replicates} seeds, the same for all rows"
    many = f"{len(sample.names)} parameters" + (f" in {len(sample.labels)} groups" if sample.groups else "")
    page.print(
        Text(
            f"Method {sample.method}, n = {sample.blocks:,} {blocks_word(sample.method)}, {many}: "
            f"{len(sample.u):,} rows x {seeds}\n"
        )
    )
    for finding in found:
        print_finding(page, finding, sample)
    left = [name for name in study.outcomes if name not in {finding.name for finding in found}]
    if left:
        page.print(Text(f"Note: no run has {', '.join(left)}."))
    if out:
        page.print(Text(f"Written to {out}"), soft_wrap=True)
