"""Rows: what defines one run of a study, and the key under which its result is kept.

A row is a scenario (by the digest of its content), a patch of its parameters, three seeds, and rules of one's own. Its
key is a digest of all that the result depends on: the row, the source of the model, what is measured, and by which
groupings. Equal keys mean equal results, so a run that is in the ledger is never made again, whatever study asks for
it and in whatever order.
"""

import hashlib
import json
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.runs.own_rules import USUAL, Rules, measures_digest
from sim import Scenario, ScenarioError, Seeds
from sim.core.sources import model_digest
from sim.inputs.scenario import FILE_PARAMETERS

LONGEST_MESSAGE = 500  # characters


class Row(NamedTuple):
    """One run, as planned."""

    scenario: str  # digest of its content
    patch: tuple[tuple[str, Any], ...]  # dotted path and plain value, sorted by path; lists as tuples
    seeds: Seeds
    rules: str = ""  # of one's own: `experiments.runs.own_rules.Rules.told`


class Finished(NamedTuple):
    """One run, as it ended: with measures, or with the error that it died of."""

    key: str
    row: Row
    measures: dict[str, float] | None
    error: str | None
    seconds: float


def row(scenario: Scenario, patch: Mapping[str, Any], seeds: Seeds, rules: Rules = USUAL) -> Row:
    """The row of a scenario with a patch under some seeds.

    Raises
    ------
    ScenarioError    a value that is no plain data, or a patch of a parameter that names a file: the digest of a
                     scenario covers the content of its files, a patch only their names
    """
    flat = dict(_leaves(patch))
    for path in flat:
        if path in FILE_PARAMETERS:
            raise ScenarioError(f"change: {path} names a file and cannot vary within a study; set it in a scenario")
    return Row(digest_of(scenario), tuple(sorted(flat.items())), Seeds.checked(seeds, "row"), rules.told)


def patch_of(row: Row) -> dict[str, Any]:
    """The patch of a row as `Scenario.but` takes it."""
    return {path: _thawed(value) for path, value in row.patch}


def key(row: Row, by: Sequence[str], measured: str | None = None) -> str:
    """Key of the result of a row measured by some groupings: 32 hexadecimal digits.

    BLAKE2b over the JSON of (the row, digest of the model's source, groupings, what is measured).

    Parameters
    ----------
    measured : `experiments.runs.own_rules.Own.told` of what is measured; None: what a study measures that says nothing
        else
    """
    text = json.dumps((*row, model_digest(), list(by), measured or measures_digest()), separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


_digests: dict[int, tuple[weakref.ref, str]] = {}


def digest_of(scenario: Scenario) -> str:
    """Digest of a scenario's content, computed once for each object: it costs as much as building a row ten times."""
    found = _digests.get(id(scenario))
    if found is None or found[0]() is not scenario:
        mark = id(scenario)
        found = weakref.ref(scenario, lambda _: _digests.pop(mark, None)), scenario.digest
        _digests[mark] = found
    return found[1]


def as_json(row: Row) -> str:
    """A row as text for a ledger."""
    return json.dumps(row, separators=(",", ":"))


def from_json(text: str) -> Row:
    """A row read back; equal to the one written."""
    scenario, patch, seeds, rules = json.loads(text)
    return Row(scenario, tuple((path, _frozen(value, path)) for path, value in patch), Seeds(*seeds), rules)


def failed(key: str, row: Row, error: BaseException | str, seconds: float = 0.0) -> Finished:
    """A run that ended badly, its message in one line."""
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return Finished(key, row, None, " ".join(text.split())[:LONGEST_MESSAGE], seconds)


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in tree.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}.")
        else:
            yield path, _frozen(value, path)


def _frozen(value: Any, path: str) -> Any:
    """Plain and hashable: NumPy scalars become Python's, lists become tuples."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_frozen(part, path) for part in value)
    if isinstance(value, bool | int | float | str):
        return value
    raise ScenarioError(f"change: {path} must be a number, text, true or false, or a list of these, not {value!r}")


def _thawed(value: Any) -> Any:
    return [_thawed(part) for part in value] if isinstance(value, tuple) else value
