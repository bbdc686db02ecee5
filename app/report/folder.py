"""A study read from its folder, or one line on why it cannot be."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from app.endings import Stop
from app.report.record import MADE
from experiments.results.folders import KINDS
from experiments.results.schema import KEY, refuse_other
from experiments.runs.ledger import Ledger
from sim import ScenarioError

AGAIN = "give the study's command again: it goes on from there"


class Study(NamedTuple):
    """What a folder holds."""

    path: Path
    kind: str
    summary: dict[str, Any]

    @property
    def made(self) -> dict[str, Any]:
        """How it was made: `app.report.record`."""
        return self.summary[MADE]


def read(path: Path) -> Study:
    """The finished study of a folder.

    Raises
    ------
    Stop    no folder, no study, an unfinished one, or a summary that cannot be read
    """
    if not path.exists():
        raise Stop(f"{path}: there is no such folder")
    if not path.is_dir():
        raise Stop(f"{path} is a file; give the folder of a study (the --out of its command)")
    summary = path / "summary.json"
    if not summary.exists():
        raise Stop(_without_summary(path))
    found = _parsed(summary)
    if KEY in found:
        refuse_other(found[KEY], summary)
    if (path / "certificate.json").exists():
        raise Stop(f"{path} holds a single replicate; give the folder of its study, {path.resolve().parent}")
    how = found.get(MADE)
    if not isinstance(how, dict) or how.get("kind") not in KINDS:
        raise Stop(
            f"{summary} does not say how the study was made, as an older version of coproduce wrote it; give the "
            "study's command again: finished runs are not repeated"
        )
    return Study(path, how["kind"], found)


def damaged(path: Path, why: str) -> Stop:
    """The end for a summary that lacks what it should have."""
    return Stop(f"{path / 'summary.json'} is damaged ({why}); give the study's command again to write it anew")


def _parsed(summary: Path) -> dict[str, Any]:
    try:
        found = json.loads(summary.read_text(encoding="utf-8"))
    except OSError as bad:
        raise Stop(f"{summary}: cannot be read: {bad.strerror}") from None
    except ValueError:  # not JSON, or not even text
        raise damaged(summary.parent, "not JSON") from None
    if not isinstance(found, dict):
        raise damaged(summary.parent, "no table of results")
    return found


def _without_summary(path: Path) -> str:
    """Whether a study was begun here, how far it got, and how to go on."""
    shards = sorted(path.glob("runs-*-of-*.sqlite"))
    if (path / "runs.sqlite").exists():
        return _of_ledger(path)
    if shards:
        return (
            f"{path} holds {len(shards)} shards of a study, not yet joined: coproduce merge {path} --out DIR, then the "
            "study's command with --out DIR"
        )
    seeds = [folder for folder in path.glob("seed-*") if (folder / "certificate.json").exists()]
    if seeds:
        return f"{path} holds an unfinished study ({len(seeds)} replicates are finished, no summary.json); {AGAIN}"
    return (
        f"{path} holds no study of coproduce (no summary.json); give the --out of a run, compare, sweep or sensitivity"
    )


def _of_ledger(path: Path) -> str:
    try:
        with Ledger.reopen(path / "runs.sqlite") as ledger:
            counts = ledger.counts()
    except ScenarioError as bad:
        return str(bad)
    done, rows = counts["finished"], counts["rows"]
    if rows and done == rows:
        return (
            f"{path} holds all {rows:,} runs of a study but no summary.json; give the study's command with this --out"
        )
    return f"{path} holds an unfinished study ({done:,} of {rows:,} runs are finished, no summary.json); {AGAIN}"
