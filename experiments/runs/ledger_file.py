"""The file of a ledger: opened, locked, begun, recognised, and its troubles in plain words.

Two studies cannot write at once: SQLite's exclusive locking mode holds the operating system's lock on the file for as
long as the connection lives, and the system drops it with the process, however that ends. There is no lock file
to go stale. Without shared memory, too, so that the file may stand on a network drive.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from experiments.runs.ledger_check import APPLICATION, Reader, begin, is_of_this_format, mend, stamped
from experiments.runs.own_rules import measures_digest
from sim import ScenarioError
from sim.core.sources import model_digest

REPAIR = "give the study's command again with --repair, which keeps what is whole and makes again what is lost"
WRITE_NOTE = "INSERT OR REPLACE INTO meta VALUES (?, ?, ?)"
CURE = "choose another --out, or remove it to start afresh"
LONGEST = 120  # characters of two values, beyond which they are not shown
FULL = ("is full", "disk I/O error", "No space left", "File too large")
MODEL, MEASURES = "model", "measures"  # parts of an identity: versions of the model, and of what is measured


class LedgerError(ScenarioError):
    """A ledger that cannot be used or written. The message says in one line what to do."""


def connected(path: Path, identity: Mapping[str, Any] | None, repair: bool = False) -> tuple[sqlite3.Connection, str]:
    """A connection to a ledger, locked, with the tables in it; and what was mended, in words.

    Parameters
    ----------
    identity : what the study is; None: whatever the file says
    repair : mend a damaged ledger, rather than refuse it

    Raises
    ------
    LedgerError    no ledger, a damaged one, one of another study or model, one in use, or one that cannot be written
    """
    link, mended = None, ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        link = _locked(path)
        damage = Reader(link, path).damage() if _is_begun(link) else None
        if damage is not None and not repair:
            raise LedgerError(f"{path} is damaged: {damage}; {REPAIR}")
        if damage is not None:
            mended = f"{path} was damaged: {damage}. Mended; the damaged file is kept as {mend(link, path).name}"
            link = _locked(path)
        if identity is not None:
            _identify(link, path, with_model(identity))
        return link, mended
    except BaseException as bad:
        if link is not None:
            link.close()
        if isinstance(bad, sqlite3.Error | OSError | UnicodeDecodeError):  # the last of names in SQLite's own tables
            raise explained(bad, path) from None
        raise


def _locked(path: Path) -> sqlite3.Connection:
    link = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        link.execute("PRAGMA locking_mode = EXCLUSIVE")  # before the first touch: a lasting lock, no shared memory
        if _is_begun(link):
            _check_kind(link, path)
        link.execute("PRAGMA journal_mode = WAL")
        link.execute("PRAGMA synchronous = NORMAL")
        link.execute("BEGIN IMMEDIATE")  # takes the lock
        link.execute("COMMIT")
    except BaseException:
        link.close()
        raise
    return link


def _is_begun(link: sqlite3.Connection) -> bool:
    return bool(link.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0])


def _identify(link: sqlite3.Connection, path: Path, identity: Mapping[str, Any]) -> None:
    """Say what the study is, or check that it is the one."""
    if not _is_begun(link):
        begin(link)
    found = note(link, "identity")
    if found is not None:
        refuse_others(path, json.loads(found), identity)
        return
    link.execute(WRITE_NOTE, stamped("identity", identity_text(identity)))


def _check_kind(link: sqlite3.Connection, path: Path) -> None:
    if link.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise LedgerError(f"{path} is no ledger of coproduce; remove it or choose another --out")
    if not is_of_this_format(link):
        raise LedgerError(f"{path} was written by another version of coproduce; choose another --out")


def note(link: sqlite3.Connection, name: str) -> str | None:
    """A remark kept beside the runs."""
    found = link.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return found and str(found[0])


class LedgerFile:
    """The open file of a ledger: what it says of itself, and how it is written."""

    def __init__(self, path: Path, link: sqlite3.Connection, mended: str = "") -> None:
        self.path, self._link, self.mended = path, link, mended
        self.folder: TemporaryDirectory | None = None  # one that goes with the ledger
        self._names = {tuple(json.loads(text)): number for number, text in link.execute("SELECT id, text FROM names")}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Fold the write-ahead file into the ledger and let go of it."""
        with suppress(sqlite3.Error):  # on a full disk the file stays beside the ledger, and belongs to it
            self._link.close()
        if self.folder is not None:
            self.folder.cleanup()

    @property
    def identity(self) -> dict[str, Any]:
        """What the study is, with the version of the model and with what is measured."""
        return json.loads(self.note("identity") or "{}")

    @property
    def measured(self) -> str:
        """What is measured of the runs: `experiments.runs.own_rules.Own.told`."""
        return self.identity.get(MEASURES) or measures_digest()

    def note(self, name: str) -> str | None:
        """A remark kept beside the runs."""
        return note(self._link, name)

    def write_note(self, name: str, text: str) -> None:
        """Keep a remark beside the runs."""
        with self._writing() as link:
            link.execute(WRITE_NOTE, stamped(name, text))

    def _measure(self, measured: str) -> None:
        """Say what is measured; once there are runs, for good."""
        identity = self.identity
        if identity.get(MEASURES) != measured:
            if self._link.execute("SELECT 1 FROM runs LIMIT 1").fetchone():
                refuse_others(self.path, identity, {**identity, MEASURES: measured})
            self.write_note("identity", identity_text({**identity, MEASURES: measured}))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all or nothing, and troubles in plain words."""
        names = dict(self._names)
        try:
            self._link.execute("BEGIN IMMEDIATE")
            yield self._link
            self._link.execute("COMMIT")
        except BaseException as bad:
            self._names = names
            with suppress(sqlite3.Error):
                self._link.execute("ROLLBACK")
            if isinstance(bad, sqlite3.Error | OSError):
                raise explained(bad, self.path) from None
            raise


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
    if "not a database" in text or "malformed" in text or isinstance(bad, UnicodeDecodeError):
        return LedgerError(
            f"{path} is damaged beyond repair, or no ledger of coproduce ({text}); remove it or choose another --out"
        )
    return LedgerError(f"{path}: cannot be used as a ledger ({text})")
