"""Runs read back from the folder that ``--out`` named: tables as they were, checked as they are read.

>>> from experiments.results.folders import load_outcomes
>>> outcomes = load_outcomes("results/classroom/seed-1")      # doctest: +SKIP
>>> outcomes.households.groupby("minority").hours_out.mean()  # doctest: +SKIP
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.results.schema import CERTIFICATE, SUMMARY, ResultsError, again, read_json
from experiments.results.tables import read_table
from sim import Seeds
from sim.engine.outcome_columns import TABLES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SavedOutcomes:
    """What one run produced, read back.

    The four tables equal those of the `sim.Outcomes` that ``run`` gave, types included. `certificate` holds everything
    that is needed to run it again, `summary` its measures and costs.
    """

    folder: Path
    seeds: Seeds
    certificate: dict[str, Any]
    summary: dict[str, Any]
    households: "pd.DataFrame"
    faults: "pd.DataFrame"
    orders: "pd.DataFrame"
    jobs: "pd.DataFrame"
    reports: "pd.DataFrame"


def load_outcomes(folder: str | Path, seed: int | None = None) -> SavedOutcomes:
    """Read one run back.

    Parameters
    ----------
    folder : ``DIR/seed-N``, or ``DIR`` as it was given to ``coproduce run --out DIR``
    seed : which replicate of ``DIR``; may be left out if there is but one

    Raises
    ------
    ResultsError    no such run, one that is damaged, or one that a newer version wrote
    """
    path = _replicate(existing(folder), seed)
    certificate = read_json(path / CERTIFICATE, ("digest", "content", "seeds", "versions"))
    summary = read_json(path / SUMMARY, ("seeds", "costs_usd"))
    tables = {name: read_table(path / f"{name}.parquet", columns) for name, columns in TABLES.items()}
    return SavedOutcomes(path, seeds_in(certificate["seeds"], path / CERTIFICATE), certificate, summary, **tables)


def existing(folder: str | Path) -> Path:
    path = Path(folder)
    if not path.exists():
        raise ResultsError(f"{path}: there is no such folder")
    if not path.is_dir():
        raise ResultsError(f"{path} is a file; give the folder that --out named")
    return path


def _replicate(path: Path, seed: int | None) -> Path:
    """The folder of one replicate."""
    if (path / CERTIFICATE).exists():
        return path
    found = (certificate.parent for certificate in path.glob(f"seed-*/{CERTIFICATE}"))
    there = {int(number): folder for folder in found if (number := folder.name.removeprefix("seed-")).isdigit()}
    if not there:
        raise ResultsError(
            f"{path} holds no run of coproduce (no seed-N/{CERTIFICATE}); give the --out of coproduce run"
        )
    if seed is None and len(there) == 1:
        return next(iter(there.values()))
    if seed in there:
        return there[seed]
    names = ", ".join(map(str, sorted(there)[:20]))
    wrong = f"{len(there)} replicates" if seed is None else f"no replicate with seed {seed}"
    raise ResultsError(f"{path} holds {wrong}; give the seed of one that it holds: {names}")


def seeds_in(found: Any, where: Path) -> Seeds:
    try:
        return Seeds(**found)
    except TypeError:
        raise ResultsError(f"{where} is damaged (its seeds are no seeds); {again(where)}") from None
