"""Damage in a ledger: a checksum in every row finds it, and what is whole is carried over into a new file.

A bit may flip on a disk, and SQLite notices only where its own structure is hit. So each row ends in a checksum of what
stands in it (a run's covers the names of its measures, which stand in another table), and all are compared when a
ledger is opened, before a number is taken from it. What is lost is named. Mending keeps every whole run, and the
damaged file beside it.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from sim.core import canonical

APPLICATION = 0x636F7072  # marks the file as ours
MARK = ("format", "2")
PLAN = "plan"  # the note that says which plan stands here, whole
TABLES = {
    "meta": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
    "scenarios": "digest TEXT PRIMARY KEY, name TEXT NOT NULL",
    "names": "id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, again TEXT NOT NULL",  # twice: all runs need them
    "plan": "position INTEGER PRIMARY KEY, key BLOB NOT NULL, row TEXT NOT NULL",
    "runs": "key BLOB PRIMARY KEY, row TEXT NOT NULL, names INTEGER, measures BLOB, error TEXT, seconds REAL",
}
SMALLEST_ROW = 32  # bytes
SHOWN = 8  # lost runs that a message names

Values = tuple[Any, ...]


class Damage(NamedTuple):
    """What is wrong with a ledger."""

    lost: list[int]  # positions in the plan of runs that are lost; where the structure is hit, of all without a result
    others: int  # runs that are lost and stand in no plan, or whose key is hit
    whole: int  # runs
    is_broken: bool  # whether SQLite's structure is hit, so that nobody knows how many runs there were

    def __str__(self) -> str:
        named = ", ".join(str(position + 1) for position in self.lost[:SHOWN])
        more = len(self.lost) - SHOWN
        if more > 0:
            named += f" and {more:,} more"
        number = len(self.lost) + self.others
        if not number:
            return f"no run is lost, all {self.whole:,} are whole"
        told = f" ({'run' if len(self.lost) == 1 else 'runs'} {named} of the plan)" if named else ""
        most = "at most " if self.is_broken else ""
        return f"{most}{number:,} {'run is' if number == 1 else 'runs are'} lost{told}, {self.whole:,} are whole"


def stamped(*values: Any) -> Values:
    """A row as it is written: its values and their checksum."""
    return (*values, checksum(*values))


def stamped_names(number: int, text: str) -> Values:
    """A list of names as it is written: twice, for without it all runs that have it would be lost."""
    return (number, text, text, checksum(number, text))


def stamped_run(key: bytes, row: str, number: int | None, text: str | None, *rest: Any) -> Values:
    """A run as it is written; its checksum covers the names of its measures and not their number."""
    return (key, row, number, *rest, checksum(key, row, text, *rest))


def checksum(*values: Any) -> bytes:
    """Eight bytes from the values of a row."""
    return bytes.fromhex(canonical.digest(values, size=8))


def begin(link: sqlite3.Connection) -> None:
    """Make the tables of a new ledger."""
    tables = " ".join(f"CREATE TABLE {name} ({columns}, checksum BLOB);" for name, columns in TABLES.items())
    link.executescript(f"BEGIN; {tables} PRAGMA application_id = {APPLICATION};")
    link.execute("INSERT INTO meta VALUES (?, ?, ?)", stamped(*MARK))
    link.execute("COMMIT")


def is_of_this_format(link: sqlite3.Connection) -> bool:
    """Whether a ledger says that it has the tables of this version, or would say so were it not damaged."""
    row = link.execute("SELECT * FROM meta WHERE name = ?", MARK[:1]).fetchone()
    return row is None or row[:2] == MARK or (len(row) == 3 and checksum(*row[:2]) != row[2])


class Reader:
    """Reads a ledger that may be damaged."""

    def __init__(self, link: sqlite3.Connection, path: Path) -> None:
        self.link, self.path, self.is_broken = link, path, False
        link.text_factory = lambda data: data.decode("utf-8", "surrogateescape")  # text that is hit is still a row
        self.names = {row[0]: row[1] for row, _ in self.rows("names") if row}

    def damage(self) -> Damage | None:
        """What is wrong; None if every row is as it was written."""
        is_whole = all(is_whole for table in TABLES for _, is_whole in self.rows(table)) and self.is_sound()
        return None if is_whole and not self.is_broken else self._lost()

    def rows(self, table: str) -> Iterator[tuple[Values, bool]]:
        """Rows of a table as they should be, each with whether it stands so in the file; () if it cannot be told."""
        for row in self._read(table):
            should = self._restored(table, row)
            yield should, should == row

    def _restored(self, table: str, row: Values) -> Values:
        if table == "names":
            number, *texts, written = row
            return next((stamped_names(number, t) for t in texts if checksum(number, t) == written), ())
        if table == "runs":
            key, text, number, *rest, written = row
            should = stamped_run(key, text, number, self.names.get(number), *rest)
        else:
            should = stamped(*row[:-1])
        return should if should == row else ()

    def _read(self, table: str) -> Iterator[Values]:
        """Rows in the order in which they were written; where the structure is hit, those that can be reached."""
        question, last = f"SELECT rowid, * FROM {table} NOT INDEXED", -1
        try:
            for rowid, *row in self.link.execute(f"{question} ORDER BY rowid"):
                last = rowid
                yield tuple(row)
        except sqlite3.DatabaseError:
            self.is_broken = True
            for rowid in range(last + 1, self.path.stat().st_size // SMALLEST_ROW):
                with suppress(sqlite3.DatabaseError):  # this one is out of reach, others may not be
                    for _, *row in self.link.execute(f"{question} WHERE rowid = ?", (rowid,)):
                        yield tuple(row)

    def is_sound(self) -> bool:
        """Whether SQLite finds its own structure whole, its indices included."""
        try:
            return bool(self.link.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False

    def _lost(self) -> Damage:
        planned: dict[bytes, list[int]] = {}
        for row, _ in self.rows("plan"):
            if row:
                planned.setdefault(row[1], []).append(row[0])
        whole, hit = set(), list[bytes]()
        for raw in self._read("runs"):
            whole.add(raw[0]) if self._restored("runs", raw) else hit.append(raw[0])
        absent = [key for key in planned if key not in whole]
        lost = [key for key in hit if key in planned and key not in whole]
        if self.is_broken or len(absent) == len(hit):  # all without a result, or all of those
            lost = absent
        positions = sorted(position for key in lost for position in planned[key])
        return Damage(positions, max(0, len(hit) - len(lost)), len(whole), self.is_broken)


def mend(link: sqlite3.Connection, path: Path) -> Path:
    """Put a new ledger with every whole row in the place of a damaged one, and close the connection to that.

    Returns
    -------
    the damaged file, under another name
    """
    fresh, damaged = path.with_name(f".{path.name}.unfinished"), path.with_name(f"{path.name}.damaged")
    fresh.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as new:
            begin(new)
            _carry_over(Reader(link, path), new)
        with suppress(sqlite3.Error):
            link.close()
        shutil.copyfile(path, damaged)
        for suffix in ("-wal", "-shm"):  # of the damaged file: SQLite would fold them into the new one
            path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return damaged


def _carry_over(old: Reader, new: sqlite3.Connection) -> None:
    new.execute("BEGIN")
    for table in TABLES:
        for row, _ in old.rows(table):
            if row:
                new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * len(row))})", row)
    new.execute("DELETE FROM meta WHERE name = ?", (PLAN,))  # a row of it may be lost; the command writes it anew
    new.execute("COMMIT")
