"""The ledger of a study: one SQLite file in which every finished run stands, by the key of its content.

Only the process that leads the study writes, a transaction per batch, in write-ahead mode. A transaction that is over
has left the process, so a killed process loses at most the runs in flight; ``synchronous=NORMAL`` may lose the last
ones when the *machine* loses power, and never leaves a damaged file.

Measures are stored as little-endian float64, with a number for the list of their names: every number comes back with
the bits it had. For 26,624 runs of 120 measures, written 25 at a time, that took 37 MB and 2.1 s, 0.8 s to open with
all checksums compared, and 0.5 s to read one measure of all runs (one core of 2026); JSON text is three times as large.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.runs.ledger_check import PLAN, stamped, stamped_names, stamped_run
from experiments.runs.ledger_file import WRITE_NOTE, LedgerError, LedgerFile, connected
from experiments.runs.plan import Plan
from experiments.runs.rows import Finished, Row, as_json, from_json, key

LEDGER = "runs.sqlite"  # of a whole study
AT_ONCE = 500  # keys per question
ADD = """
INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET names = excluded.names, measures = excluded.measures, error = excluded.error,
seconds = excluded.seconds, checksum = excluded.checksum WHERE runs.error IS NOT NULL
"""  # what has finished stays as it is; what has failed may be tried again


class Ledger(LedgerFile):
    """The finished runs of one study."""

    @classmethod
    def open(cls, path: Path | str, identity: Mapping[str, Any], repair: bool = False) -> "Ledger":
        """Open the ledger of a study, or begin it.

        Parameters
        ----------
        path : file, usually ``runs.sqlite`` in the study's folder
        identity : what the study is (plain data); one that differs from the file's is refused
        repair : mend a damaged file: whole runs stay, and those that are lost are missing, to be made again

        Raises
        ------
        LedgerError    no ledger, a damaged one, one of another study or model, one in use, one that cannot be written
        """
        return cls(Path(path), *connected(Path(path), identity, repair))

    @classmethod
    def reopen(cls, path: Path | str) -> "Ledger":
        """Open a ledger that is there already, whatever its study.

        Raises
        ------
        LedgerError    as `open`, and where there is none
        """
        path = Path(path)
        if not path.is_file():
            raise LedgerError(f"{path}: there is no ledger of runs")
        return cls(path, *connected(path, None))

    def add(self, *finished: Finished) -> None:
        """Write finished runs in one transaction: all of them, or none and an error.

        Raises
        ------
        LedgerError    the disk is full; what was written before stays
        """
        with self._writing() as link:
            link.executemany(ADD, [self._record(run) for run in finished])

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of some keys whose run has finished; failed ones are not among them: their cause may be gone."""
        blobs = [bytes.fromhex(key) for key in keys]
        rows = self._where("SELECT key FROM runs WHERE error IS NULL AND key IN", blobs)
        return {blob.hex() for (blob,) in rows}

    def values(self, rows: Sequence[Row], by: Sequence[str], names: Sequence[str]) -> np.ndarray:
        """Measures of some rows.

        Returns
        -------
        float64 [row, name]; NaN where the run failed or is missing, or has no such measure
        """
        measured = self.measured
        keys = [bytes.fromhex(key(row, by, measured)) for row in rows]
        found = np.full((len(keys), len(names)), np.nan)
        where: dict[bytes, list[int]] = {}
        for index, blob in enumerate(keys):
            where.setdefault(blob, []).append(index)
        columns = {number: _positions(known, names) for known, number in self._names.items()}
        question = "SELECT key, names, measures FROM runs WHERE measures IS NOT NULL AND key IN"
        for blob, number, measures in self._where(question, list(where)):
            source, target = columns[number]
            values = np.frombuffer(measures, dtype="<f8")[source]
            for index in where[blob]:
                found[index, target] = values
        return found

    def measures(self, rows: Sequence[Row], by: Sequence[str]) -> list[dict[str, float] | None]:
        """What was measured of some rows, by name and in that order; None where a run failed or is missing."""
        keys = [bytes.fromhex(key(row, by, self.measured)) for row in rows]
        names = {number: known for known, number in self._names.items()}
        question = "SELECT key, names, measures FROM runs WHERE measures IS NOT NULL AND key IN"
        found = {
            blob: dict(zip(names[number], np.frombuffer(measures, dtype="<f8").tolist(), strict=True))
            for blob, number, measures in self._where(question, list(dict.fromkeys(keys)))
        }
        return [found.get(blob) for blob in keys]

    def names(self) -> list[str]:
        """Names of all measures that any run has, sorted."""
        return sorted({name for names in self._names for name in names})

    def failures(self) -> list[Finished]:
        """Runs that have failed, in the order of the plan; runs that no longer stand in the plan come last."""
        question = """
            SELECT runs.key, runs.row, error, seconds FROM runs LEFT JOIN plan ON plan.key = runs.key
            WHERE error IS NOT NULL GROUP BY runs.key ORDER BY MIN(position) IS NULL, MIN(position), runs.key"""
        return [
            Finished(blob.hex(), from_json(text), None, error, seconds)
            for blob, text, error, seconds in self._link.execute(question)
        ]

    def mean_seconds(self) -> float | None:
        """Mean time of one finished run, s; None before the first."""
        return self._link.execute("SELECT AVG(seconds) FROM runs WHERE error IS NULL").fetchone()[0]

    def register(
        self, plan: Plan, planned: Iterable[tuple[int, str, Row]], measured: str, digest: str, shard: str
    ) -> None:
        """Keep the plan beside the runs, so that the ledger can be exported and merged by itself.

        Parameters
        ----------
        plan : Plan
        planned : position in the plan, key and row of those that belong to this shard
        measured : what is measured of the runs
        digest : of the keys of the whole plan
        shard : such as "2/3"; "1/1" for a whole study

        Raises
        ------
        LedgerError    there are runs here already of which something else was measured
        """
        self._measure(measured)
        notes = {PLAN: digest, "shard": shard, "rows": str(len(plan.rows)), "by": json.dumps(plan.by)}
        if all(self.note(name) == text for name, text in notes.items()):
            return
        with self._writing() as link:
            link.execute("DELETE FROM plan")
            link.executemany(
                "INSERT INTO plan VALUES (?, ?, ?, ?)",
                (stamped(n, bytes.fromhex(key), as_json(row)) for n, key, row in planned),
            )
            link.executemany(
                "INSERT OR REPLACE INTO scenarios VALUES (?, ?, ?)",
                [stamped(digest, scenario.name) for digest, scenario in plan.scenarios.items()],
            )
            link.executemany(WRITE_NOTE, [stamped(*each) for each in notes.items()])

    def counts(self) -> dict[str, int]:
        """How many rows of the plan there are here, and how many of these have finished, failed, or are missing."""
        question = """
            SELECT COUNT(*), COUNT(runs.key), COUNT(runs.error) FROM plan LEFT JOIN runs ON plan.key = runs.key"""
        rows, ended, failed = self._link.execute(question).fetchone()
        return {"rows": rows, "finished": ended - failed, "failed": failed, "missing": rows - ended}

    def absorb(self, other: "Ledger") -> None:
        """Take over the plan and the runs of another ledger of the same study."""
        with self._writing() as link:
            for table, marks in {"plan": "?, ?, ?, ?", "scenarios": "?, ?, ?", "meta": "?, ?, ?"}.items():
                content = other._link.execute(f"SELECT * FROM {table}")
                link.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", content)
            numbers = {number: self._number(names) for names, number in other._names.items()}
            runs = other._link.execute("SELECT * FROM runs")  # whose checksums hold whatever the number of their names
            link.executemany(ADD, ((k, row, numbers.get(n), *rest) for k, row, n, *rest in runs))

    def export(self, path: Path | str) -> None:
        """Write the runs of the plan in its order, as CSV or as Parquet by the suffix of ``path``."""
        from experiments.runs import export  # which loads pyarrow

        export.write(self._link, Path(path))

    def _record(self, run: Finished) -> tuple:
        number, blob = None, None
        if run.measures is not None:
            number = self._number(tuple(run.measures))
            blob = np.fromiter(run.measures.values(), dtype="<f8", count=len(run.measures)).tobytes()
        text = None if run.measures is None else names_text(tuple(run.measures))
        return stamped_run(bytes.fromhex(run.key), as_json(run.row), number, text, blob, run.error, float(run.seconds))

    def _number(self, names: tuple[str, ...]) -> int:
        if names not in self._names:
            number = 1 + max(self._names.values(), default=0)
            self._link.execute("INSERT INTO names VALUES (?, ?, ?, ?)", stamped_names(number, names_text(names)))
            self._names[names] = number
        return self._names[names]

    def _where(self, question: str, blobs: Sequence[bytes]) -> Iterator[tuple]:
        for start in range(0, len(blobs), AT_ONCE):
            part = blobs[start : start + AT_ONCE]
            yield from self._link.execute(f"{question} ({','.join('?' * len(part))})", part)


@lru_cache  # runs of a study have the same
def names_text(names: tuple[str, ...]) -> str:
    """A list of names as text."""
    return json.dumps(names)


def _positions(known: Sequence[str], wanted: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Where wanted names stand in a list of known ones, and which of the wanted these are."""
    at = {name: index for index, name in enumerate(known)}
    target = [index for index, name in enumerate(wanted) if name in at]
    return np.array([at[wanted[index]] for index in target], dtype=int), np.array(target, dtype=int)
