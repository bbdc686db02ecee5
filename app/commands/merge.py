"""``coproduce merge``: one ledger from the shards of a study, with the exports of the whole."""

from pathlib import Path
from typing import Annotated

import typer

from app.options import Quiet
from app.process.exits import plain_exits


def merge_command(
    sources: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Folders of shards, or ledgers such as runs-1-of-4.sqlite.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the joined runs and their tables.")],
    quiet: Quiet = False,
) -> None:
    """Join the shards of one study, made with `--shard I/N` on one machine or on many.

    Writes runs.sqlite, runs.parquet and runs.csv as if the study had been run in one piece. Give the study's command
    again with the same `--out`, without `--shard`, to run what is missing and to print its results.

    Example: `coproduce merge results/node1 results/node2 --out results/all`
    """
    with plain_exits():
        from app.commands.merging import merge

        merge(sources, out, quiet)
