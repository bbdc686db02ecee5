"""The file of a ledger: opened, locked, begun, recognised, and its troubles in plain words.

Two studies cannot write at once: SQLite's exclusive locking mode holds the operating system's lock on the file for as
long as the connection lives, and the system drops it with the process, however that ends. There is no lock file
to go stale. Without shared memory, too, so that the file may stand on a network drive.
"""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.rows import model_digest
from sim import ScenarioError

APPLICATION = 0x636F7072  # marks the file as ours
FORMAT = "1"
CURE = "choose another --out, or remove it to start afresh"
LONGEST = 120  # characters of two values, beyond which they are not shown
FULL = ("is full", "disk I/O error", "No space left", "File too large")
MODEL, MEASURES = "model", "measures"  # parts of an identity: versions of the model, and of what is measured
TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE scenarios (digest TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE plan (position INTEGER PRIMARY KEY, key BLOB NOT NULL, row TEXT NOT NULL);
CREATE TABLE runs (key BLOB PRIMARY KEY, row TEXT NOT NULL, names INTEGER, measures BLOB, error TEXT, seconds REAL);
"""


class LedgerError(ScenarioError):
    """A ledger that cannot be used or written. The message says in one line what to do."""


def connected(path: Path, identity: Mapping[str, Any] | None) -> sqlite3.Connection:
    """A connection to a ledger, locked, with the tables in it.

    Parameters
    ----------
    identity : what the study is; None: whatever the file says

    Raises
    ------
    LedgerError    no ledger, a damaged one, one of another study or model, one in use, or one that cannot be written
    """
    link = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        link = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        _prepare(link, path, identity)
        return link
    except BaseException as bad:
        if link is not None:
            link.close()
        if isinstance(bad, sqlite3.Error | OSError):
            raise explained(bad, path) from None
        raise


def _prepare(link: sqlite3.Connection, path: Path, identity: Mapping[str, Any] | None) -> None:
    link.execute("PRAGMA locking_mode = EXCLUSIVE")  # before the first touch: a lasting lock, no shared memory
    is_new = link.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] == 0
    if not is_new:
        _check_kind(link, path)
    link.execute("PRAGMA journal_mode = WAL")
    link.execute("PRAGMA synchronous = NORMAL")
    link.execute("BEGIN IMMEDIATE")  # takes the lock
    link.execute("COMMIT")
    if identity is None:
        return
    whole = with_model(identity)
    if is_new:
        _begin(link, whole)
    else:
        refuse_others(path, json.loads(note(link, "identity") or "{}"), whole)


def _begin(link: sqlite3.Connection, identity: Mapping[str, Any]) -> None:
    link.executescript(f"BEGIN; {TABLES} PRAGMA application_id = {APPLICATION};")
    marks = [("format", FORMAT), ("identity", identity_text(identity))]
    link.executemany("INSERT INTO meta VALUES (?, ?)", marks)
    link.execute("COMMIT")


def _check_kind(link: sqlite3.Connection, path: Path) -> None:
    if link.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise LedgerError(f"{path} is no ledger of coproduce; remove it or choose another --out")
    if note(link, "format") != FORMAT:
        raise LedgerError(f"{path} was written by another version of coproduce; choose another --out")


def note(link: sqlite3.Connection, name: str) -> str | None:
    """A remark kept beside the runs."""
    found = link.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return found and str(found[0])


def with_model(identity: Mapping[str, Any]) -> dict[str, Any]:
    """An identity as the file keeps it: plain data, with the version of the model."""
    return json.loads(identity_text({MODEL: model_digest(), **identity}))


def identity_text(identity: Mapping[str, Any]) -> str:
    """An identity as text."""
    return json.dumps(identity, sort_keys=True)


def refuse_others(path: Path, found: Mapping[str, Any], wanted: Mapping[str, Any], cure: str = CURE) -> None:
    """Raise a LedgerError that names what differs between two identities, if anything does.

    What is measured counts where both say it: a study says it when it hands over its plan.
    """
    names = [name for name in dict.fromkeys([*wanted, *found]) if found.get(name) != wanted.get(name)]
    names = [name for name in names if name != MEASURES or (name in found and name in wanted)]
    if not names:
        return
    there, here = (str(identity.get(MEASURES)).rpartition(" ")[0] for identity in (found, wanted))
    versions = [MODEL, *([MEASURES] if there == here else [])]
    names_of = {MEASURES: (there, here)}  # without their digests
    told = [
        _difference(name, *names_of.get(name, (found.get(name), wanted.get(name))))
        for name in names
        if name not in versions
    ]
    if not told:
        what = MODEL if MODEL in names else f"{MEASURES} ({here})"
        raise LedgerError(f"{path} holds runs of another version of the {what}; {cure}")
    raise LedgerError(f"{path} holds runs of another study: {'; '.join(told)}; {cure}")


def _difference(name: str, found: Any, wanted: Any) -> str:
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        inner = [part for part in dict.fromkeys([*wanted, *found]) if found.get(part) != wanted.get(part)]
        return ", ".join(_difference(f"{name}.{part}", found.get(part), wanted.get(part)) for part in inner[:3])
    there, here = (json.dumps(value) if value is not None else "not set" for value in (found, wanted))
    if len(there) + len(here) > LONGEST:
        return f"{name} differs"
    return f"{name} is {there} there and {here} here"


def explained(bad: Exception, path: Path) -> LedgerError:
    """What went wrong with the file, in plain words."""
    text = str(getattr(bad, "strerror", None) or bad)
    if "locked" in text:
        return LedgerError(f"{path} is in use by another coproduce; wait for it to end, or choose another --out")
    if any(sign in text for sign in FULL):
        return LedgerError(
            f"{path}: cannot write, no space is left there ({text}). Runs that have finished are kept; free some space "
            "and give the same command again"
        )
    if "not a database" in text or "malformed" in text:
        return LedgerError(f"{path} is damaged, or no ledger of coproduce ({text}); remove it or choose another --out")
    return LedgerError(f"{path}: cannot be used as a ledger ({text})")
