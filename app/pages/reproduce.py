"""How to make a study again: its command, seeds, digests, versions, and where its runs are kept."""

from collections.abc import Sequence

from app.pages.page import Block, Table, Text
from experiments.found import Found


def blocks(study: Found) -> list[Block]:
    """What somebody else needs to get the same numbers."""
    made = study.made
    rows = [
        ("command", made["command"] or "not known: the study was made from Python"),
        ("seeds", seeds(study)),
        *((f"content of {name} (digest)", digest) for name, digest in made["contents"].items()),
        *((f"version of {name}", text) for name, text in made["versions"].items()),
        ("rules of the model (digest)", made["model"]),
        ("where every run is kept", _kept(study.kind)),
    ]
    text = (
        "The same command with the same versions gives the same numbers, to the last digit. A digest is a fingerprint: "
        "if one number of a scenario differs, it differs."
    )
    return [Text(text), Table("What was run", ("", ""), rows, (1,))]


def seeds(study: Found) -> str:
    """The three seeds of all runs in words; in one where they are the same."""
    rows = study.made["seeds"]
    parts = {name: _range([row[name] for row in rows]) for name in ("world", "storm", "behaviour")}
    if len(set(parts.values())) == 1:
        return parts["world"]
    return "; ".join(f"{name} {text}" for name, text in parts.items())


def _range(values: Sequence[int]) -> str:
    first, last = values[0], values[-1]
    return str(first) if first == last else f"{first} to {last}"


def _kept(kind: str) -> str:
    if kind == "run":
        return "seed-N/ beside this page: tables of every household, and certificate.json"
    return "runs.sqlite beside this page; the same as tables in runs.csv and runs.parquet"
