"""Two functions of one fingerprint do the same: all that one depends on is in it, and nothing else."""

import functools
import importlib
import math
import sys

import numpy as np
import pandas as pd
import pytest

from sim.core.compiled import rule
from sim.core.errors import ScenarioError
from sim.core.fingerprints import Untold, fingerprint, name_of, source_of
from sim.core.own_rules import address, file_mark, loaded, mark
from sim.rules import reporting

RULES = '''
"""Rules for a test."""
import math

import near_rules
import numpy as np

WEIGHTS = np.array([1.0, 2.0, 3.0])
LIMIT = 5
UNUSED = 1


def called(x):
    return x + 1


def score(order, device, rules, bonus=0.5):
    """Says nothing."""
    return math.exp(called(order)) * len(near_rules.Near.__name__) * WEIGHTS[1] + near_rules.more(LIMIT) + bonus


def other():
    return UNUSED
'''
NEAR = "class Near:\n    size = 2\n\n\ndef more(x):\n    return x * 2\n"


@pytest.fixture
def rules(tmp_path, monkeypatch):
    """Write a module of rules, changed in some way, and import it afresh."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(old="", new="", near=NEAR):
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        assert old in RULES
        (folder / "test_made_rules.py").write_text(RULES.replace(old, new) if old else RULES, encoding="utf-8")
        (folder / "near_rules.py").write_text(near, encoding="utf-8")
        monkeypatch.syspath_prepend(folder)
        for name in ("test_made_rules", "near_rules"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        return importlib.import_module("test_made_rules")

    yield write
    for name in ("test_made_rules", "near_rules"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    "change",
    [
        {"old": "* WEIGHTS[1]", "new": "* WEIGHTS[2]"},
        {"old": "return x + 1", "new": "return x + 2"},
        {"old": "bonus=0.5", "new": "bonus=0.25"},
        {"old": "2.0, 3.0", "new": "2.0, 4.0"},
        {"old": "LIMIT = 5", "new": "LIMIT = 6"},
        {"old": "math.exp(", "new": "math.log("},
        {"near": NEAR.replace("x * 2", "x * 3")},
        {"near": NEAR.replace("size = 2", "size = 3")},
    ],
)
def test_whatever_changes_the_answer_changes_the_fingerprint(rules, change):
    assert fingerprint(rules().score) != fingerprint(rules(**change).score)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"old": "UNUSED = 1", "new": "UNUSED = 2"},
        {"old": "    return math.exp", "new": "    # a comment\n\n    return math.exp"},
        {"old": "import math\n", "new": "import math\nimport os\n"},
    ],
)
def test_what_a_rule_does_not_use_leaves_its_fingerprint_alone(rules, change):
    assert fingerprint(rules().score) == fingerprint(rules(**change).score)


def made(weight, names=("a", "b")):
    @rule
    def score(order, device, rules):
        return weight * order if "a" in {"a", "b", "c"} else len(names)

    return score


def test_a_rule_is_known_by_what_it_closes_over():
    assert fingerprint(made(1.0)) == fingerprint(made(1.0))
    others = [made(1), made(2.0), made(1.0, names=("a", "c")), made(np.arange(3.0)), made(np.arange(4.0))]
    assert len({fingerprint(each) for each in (made(1.0), *others)}) == 6


def test_a_compiled_rule_is_known_by_the_function_that_it_was_compiled_from():
    assert fingerprint(made(1.0)) == fingerprint(source_of(made(1.0)))


def downwards(n):
    return n if n == 0 else upwards(n - 1)


def upwards(n):
    return downwards(n) + 1


def test_rules_may_call_each_other_in_circles():
    assert fingerprint(upwards) != fingerprint(downwards)


def test_partial_functions_are_known_by_their_arguments():
    def measure():
        return half(), whole()

    half = whole = functools.partial(math.pow, 2.0)
    before = fingerprint(measure)
    whole = functools.partial(math.pow, 3.0)
    assert fingerprint(measure) != before


FRAME = pd.DataFrame({"a": [1]})


def uses_a_frame():
    return FRAME.a


def test_what_cannot_be_told_apart_is_refused_in_one_line():
    with pytest.raises(Untold, match=r":uses_a_frame uses FRAME, a pandas.* whose content cannot be told") as caught:
        fingerprint(uses_a_frame)
    assert "\n" not in str(caught.value)


VALUES = np.array([1.0, 2.0])


@rule
def uses_values(order, device, rules):
    return VALUES[0]


def test_a_rule_whose_values_changed_after_it_was_compiled_is_refused():
    before = mark(uses_values)
    assert mark(uses_values) == before
    VALUES[0] = 7.0
    with pytest.raises(ScenarioError, match="was compiled with other values"):
        mark(uses_values)
    VALUES[0] = 1.0


def test_code_is_kept_on_disk_by_where_a_rule_stands_and_what_it_does(monkeypatch):
    assert file_mark(uses_values, None) != file_mark(None, uses_values)
    assert file_mark(made(1.0)) == file_mark(made(1.0)) != file_mark(made(2.0))
    here, elsewhere = made(1.0), made(1.0)
    monkeypatch.setattr(source_of(elsewhere), "__module__", "sim.rules.reporting")
    assert file_mark(here) != file_mark(elsewhere)
    monkeypatch.setattr(source_of(elsewhere), "__module__", "of_no_module")
    assert file_mark(elsewhere) is None
    assert file_mark(uses_a_frame) is None


def test_a_rule_of_ours_is_known_by_its_files():
    assert name_of(reporting.choose_channel) == "sim.rules.reporting:choose_channel"
    assert fingerprint(reporting.choose_channel) != fingerprint(reporting.pull)


def test_a_name_leads_to_its_function_and_back():
    assert loaded(address(uses_values, "score"), "score") is uses_values


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no_such_module:f", "there is no module no_such_module to import"),
        ("sim.rules.reporting:choose_chanel", "has no choose_chanel; did you mean 'choose_channel'?"),
        ("sim.rules.reporting", "must be module:name"),
        (":f", "must be module:name"),
        ("sim.rules.reporting:", "must be module:name"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(text, says):
    with pytest.raises(ScenarioError, match=r"^score: ") as caught:
        loaded(text, "score")
    assert says in str(caught.value)


def test_what_other_processes_would_not_find_is_refused(monkeypatch):
    with pytest.raises(ScenarioError, match="made inside another function; put it at the top of a module"):
        address(made(1.0), "score")
    with pytest.raises(ScenarioError, match="a lambda"):
        address(lambda: 1, "score")
    monkeypatch.setattr(source_of(uses_values), "__module__", "__main__")
    with pytest.raises(ScenarioError, match="stands in the script or notebook that is running"):
        address(uses_values, "score")
