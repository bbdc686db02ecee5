"""Joining the shards of a study: all of one identity and one plan, each row once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from app.faces.terminal import console
from app.process.exits import Stop
from experiments.results.replicates import taken_over
from experiments.runs.carry_out import write_exports
from experiments.runs.ledger import Ledger
from experiments.runs.ledger_file import LedgerError, refuse_others
from sim import ScenarioError

SOME = "0/0"  # how a ledger that holds some shards of several calls itself


class Shard(NamedTuple):
    """What a ledger says of itself."""

    path: Path
    part: int
    parts: int
    plan: str  # digest of the keys of the whole plan
    rows: int  # of the whole plan


def merge(sources: Sequence[Path], out: Path, quiet: bool) -> None:
    """Join ledgers into ``out`` and export the whole.

    Raises
    ------
    LedgerError    a ledger of another study, plan or model, damaged, or in use
    Stop           no ledger in a folder
    """
    target = out / "runs.sqlite"
    paths = [path for path in _ledgers(sources) if path.resolve() != target.resolve()]
    shards, identity = _checked(paths)
    with Ledger.open(target, identity) as ledger:
        before = ledger.note("plan")
        if before is not None and before != shards[0].plan:
            raise LedgerError(f"{target} holds another plan of this study; choose another --out, or remove it")
        for path in paths:
            with Ledger.reopen(path) as part:
                ledger.absorb(part)
            taken_over(path.parent, out)
        counts = ledger.counts()
        ledger.write_note("shard", "1/1" if counts["rows"] == shards[0].rows else SOME)
        write_exports(ledger, out)
    if not quiet:
        for line in summary(shards, counts, out):
            console(to_stderr=True).print(line, markup=False, soft_wrap=True)


def summary(shards: Sequence[Shard], counts: dict[str, int], out: Path) -> list[str]:
    """What was joined and what is missing, in plain words."""
    rows = shards[0].rows
    missing = counts["missing"] + rows - counts["rows"]
    lines = [f"{rows:,} runs: {counts['finished']:,} finished, {counts['failed']:,} failed, {missing:,} missing"]
    parts = {shard.parts for shard in shards if shard.parts}
    if len(parts) == 1:
        n = parts.pop()
        absent = sorted(set(range(1, n + 1)) - {shard.part for shard in shards})
        if absent:
            lines.append(f"Missing shards: {', '.join(f'{i}/{n}' for i in absent)}")
    if missing:
        lines.append(f"To run what is missing, give the study's command again with --out {out} and without --shard")
    return [*lines, f"Written to {out}"]


def _ledgers(sources: Sequence[Path]) -> list[Path]:
    """Ledgers named, and those in the folders named; in a folder with shards, only these."""
    found: list[Path] = []
    for source in sources:
        inside = sorted(source.glob("runs-*-of-*.sqlite")) or sorted(source.glob("runs.sqlite"))
        if source.is_dir() and not inside:
            raise Stop(f"{source}: there is no ledger of runs in this folder (runs-I-of-N.sqlite)")
        found += inside if source.is_dir() else [source]
    return list(dict.fromkeys(found))


def _checked(paths: Sequence[Path]) -> tuple[list[Shard], dict[str, Any]]:
    """The shards, once it is sure that they belong together."""
    if not paths:
        raise Stop("merge: there is nothing to join besides what stands in --out")
    shards: list[Shard] = []
    first: dict[str, Any] = {}
    for path in paths:
        with Ledger.reopen(path) as ledger:
            shards.append(_shard(ledger))
            first = first or ledger.identity
            refuse_others(path, ledger.identity, first, cure=f"it cannot be joined with {paths[0]}")
        if shards[-1].plan != shards[0].plan:
            raise LedgerError(
                f"{path} belongs to a plan of {shards[-1].rows:,} runs and {paths[0]} to another of "
                f"{shards[0].rows:,}: shards must come from the same command"
            )
    return shards, first


def _shard(ledger: Ledger) -> Shard:
    plan, part, rows = (ledger.note(name) for name in ("plan", "shard", "rows"))
    if plan is None or part is None or rows is None:
        raise ScenarioError(f"{ledger.path}: its study stopped before the first run; nothing to join")
    i, _, n = part.partition("/")
    return Shard(ledger.path, int(i), int(n), plan, int(rows))
