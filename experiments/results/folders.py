"""Results read back from the folder that ``--out`` named: tables as they were, checked as they are read.

>>> from experiments.results.folders import load_outcomes, load_study
>>> outcomes = load_outcomes("results/classroom/seed-1")      # doctest: +SKIP
>>> outcomes.households.groupby("minority").hours_out.mean()  # doctest: +SKIP
>>> study = load_study("results/classroom")                   # doctest: +SKIP
>>> study.tables["gaps"]                                      # doctest: +SKIP
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.results.schema import ResultsError, again, read_json
from experiments.results.tables import KINDS as COLUMN_KINDS
from experiments.results.tables import read_csv, read_parquet, read_table
from sim import Seeds
from sim.engine.outcome_columns import TABLES

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("run", "compare", "sweep", "sensitivity")
CERTIFICATE, MANIFEST, SUMMARY, RUNS = "certificate.json", "study.json", "summary.json", "runs.parquet"


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


@dataclass(frozen=True, eq=False)
class SavedStudy:
    """What a study found, read back.

    `kind` is run, compare, sweep or sensitivity. `tables` are its findings, by the names of their files: ``gaps`` of a
    run; ``compare`` and ``costs``; ``points`` and ``responses`` of a sweep; ``indices`` and ``convergence``. `summary`
    is the whole as plain data. `runs` is the table of all runs; it is None where `kind` is run, whose replicates have
    folders of their own: `seeds` says which.
    """

    folder: Path
    kind: str
    summary: dict[str, Any]
    tables: dict[str, "pd.DataFrame"]
    runs: "pd.DataFrame | None"
    seeds: tuple[Seeds, ...]

    def outcomes(self, seed: int) -> SavedOutcomes:
        """One replicate of a run, by its seed."""
        return load_outcomes(self.folder, seed)


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
    path = _replicate(_folder(folder), seed)
    certificate = read_json(path / CERTIFICATE, ("digest", "content", "seeds", "versions"))
    summary = read_json(path / SUMMARY, ("seeds", "costs_usd"))
    tables = {name: read_table(path / f"{name}.parquet", columns) for name, columns in TABLES.items()}
    return SavedOutcomes(path, _seeds(certificate["seeds"], path / CERTIFICATE), certificate, summary, **tables)


def load_study(folder: str | Path) -> SavedStudy:
    """Read back what a study found.

    Parameters
    ----------
    folder : as it was given to ``--out`` of ``coproduce run``, ``compare``, ``sweep`` or ``sensitivity``

    Raises
    ------
    ResultsError    no finished study, one that is damaged, or one that a newer version wrote
    """
    path = _folder(folder)
    if (path / CERTIFICATE).exists():
        raise ResultsError(
            f"{path} holds a single replicate: load_outcomes reads it, load_study its study {path.parent}"
        )
    if not (path / MANIFEST).exists():
        raise ResultsError(f"{path} holds no finished study of coproduce (no {MANIFEST}); {again(path / MANIFEST)}")
    manifest = _manifest(path / MANIFEST)
    summary = read_json(path / SUMMARY, ("made",))
    tables = {Path(name).stem: read_csv(path / name, described) for name, described in manifest["tables"].items()}
    kind = manifest["kind"]
    runs = None if kind == "run" else read_parquet(path / RUNS).to_pandas()
    seeds = tuple(_seeds(row, path / SUMMARY) for row in summary["seeds"]) if kind == "run" else ()
    return SavedStudy(path, kind, summary, tables, runs, seeds)


def _folder(folder: str | Path) -> Path:
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


def _manifest(path: Path) -> dict[str, Any]:
    """What ``study.json`` says of the tables beside it, checked."""
    found = read_json(path, ("kind", "tables"))
    if found["kind"] not in KINDS or not isinstance(found["tables"], dict):
        raise ResultsError(f"{path} is damaged (it is of no known kind of study); {again(path)}")
    for name, described in found["tables"].items():
        if not _is_described(described) or Path(name).name != name:
            raise ResultsError(f"{path} is damaged (at {name}); {again(path)}")
    return found


def _is_described(found: Any) -> bool:
    if not isinstance(found, Mapping) or not isinstance(found.get("digest"), str):
        return False
    kinds = found.get("columns")
    return isinstance(kinds, Mapping) and all(str(kind).rstrip("?") in COLUMN_KINDS for kind in kinds.values())


def _seeds(found: Any, where: Path) -> Seeds:
    try:
        return Seeds(**found)
    except TypeError:
        raise ResultsError(f"{where} is damaged (its seeds are no seeds); {again(where)}") from None
