"""What a comparison is asked for, checked before anything runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.measures.grouping import attributes
from app.changes import changes_of
from app.endings import Stop
from app.report.record import sources_of
from app.running import RunOptions
from experiments.designs.arms import Arms, arms_of, notes
from experiments.runs.plan import BY
from experiments.studies.pairs import FIRST_PAIRS, Design

PAIRS = 20


class Request(NamedTuple):
    """What was asked for, checked."""

    arms: Arms
    design: Design
    pairs: int  # to begin with
    until_h: float | None  # half-width asked for
    most: int  # pairs at most, if until_h
    options: RunOptions
    all_groups: bool  # show every group of a grouping, not only the first and the reference
    as_json: bool
    figures: bool
    notes: list[str]
    command: str = ""  # as it was given
    sources: tuple[dict[str, str], ...] = ()  # by arm: sources of what changes that were named set


def request(
    baseline: str, arms: Sequence[str], replicates: int | None, until_h: float | None, most: int, seed: int,
    by: Sequence[str], options: RunOptions, changes: Sequence[str] = (), **more: Any,
) -> Request:  # fmt: skip
    """Check what was asked for, before anything runs."""
    everywhere = changes_of(changes)
    compared = arms_of(baseline, arms, everywhere)
    pairs = _first_pairs(replicates, until_h, most, options)
    chosen = tuple(by) or _groupings_of(compared, of_study=not arms)
    groupings = tuple(dict.fromkeys(",".join(attributes(name)) for name in chosen))
    if groupings == ("all",):
        raise Stop("--by all: there is no gap in a single group; name an attribute, such as --by minority")
    groupings = tuple(name for name in groupings if name != "all")
    design = Design(compared.baseline, tuple(compared.arms), groupings, seed)
    if options.out is not None:
        _check_folder(options.out)
    known = [*_set_everywhere(everywhere), *notes(compared), *_question(compared, asked=bool(arms))]
    sources = tuple(sources_of(text) for text in arms) or ({},)
    return Request(compared, design, pairs, until_h, most, options, bool(by), notes=known, sources=sources, **more)


def _set_everywhere(everywhere: Mapping[str, Any]) -> list[str]:
    """What was changed in the baseline and in all arms alike."""
    told = ", ".join(f"{path} = {value}" for path, value in everywhere.items())
    return [f"In the baseline and in every arm: {told}."] if told else []


def _first_pairs(replicates: int | None, until_h: float | None, most: int, options: RunOptions) -> int:
    """Pairs to begin with."""
    if until_h is None:
        return PAIRS if replicates is None else replicates
    if not (np.isfinite(until_h) and until_h > 0.0):
        raise Stop(f"--until-halfwidth {until_h:g}: must be a number of hours above 0, such as 0.25")
    if options.shard is not None:
        raise Stop("--shard with --until-halfwidth: no part knows when the whole is enough; give --replicates instead")
    first = max(FIRST_PAIRS, replicates or 0)
    if most < first:
        why = "the spread of fewer may look small by luck" if first == FIRST_PAIRS else "the first batch (--replicates)"
        raise Stop(f"--max-replicates {most}: must be at least {first}: {why}")
    return first


def _groupings_of(compared: Arms, of_study: bool) -> tuple[str, ...]:
    """The groupings to use where none was asked for; that of the scenario's own question first."""
    own = compared.arms[0].scenario.study.get("by") if of_study else None
    return tuple(dict.fromkeys([str(own), *BY])) if own else BY


def _question(compared: Arms, asked: bool) -> list[str]:
    """The question that a scenario file puts itself."""
    study = compared.arms[0].scenario.study
    if asked or "question" not in study:
        return []
    expected = f" It expects: {study['expect']}." if "expect" in study else ""
    return [f"The question of {compared.arms[0].name}: {study['question']}{expected}"]


def _check_folder(out: Path) -> None:
    """Refuse a folder that holds the study of another command; the ledger refuses other comparisons."""
    if (out / "summary.json").exists() and not any(out.glob("runs*.sqlite")):
        raise Stop(f"--out {out} holds another study (summary.json without runs.sqlite); choose another folder")
