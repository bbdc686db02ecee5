"""A module is read in one sitting and a function in one glance: 250 lines, and 30 without signature and docstring.

What is longer is named here with its reason. The lists are to shrink: what has become short leaves them.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("sim", "analysis", "experiments", "app", "benchmarks", "evidence", "coproduce", "tests")
MODULE_LINES, FUNCTION_LINES = 250, 30

LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS = {
    "app/process/signals.py signals_heard": "the handlers and what puts them back stand in one frame",
    "sim/world/networks.py _devices": "a line for each column",
    "sim/world/people.py fidelity": "a line for each row of the table",
    "tests/unit/test_costs.py test_items_by_hand": "a line for each item",
}


def modules():
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
            for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))}  # fmt: skip


def long_functions(name, text):
    """Those in a module, wherever they stand in it, that are too long to take in at a glance."""
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {f"{name} {function.name}" for function in functions if lines_in(function) > FUNCTION_LINES}


def lines_in(function):
    """Lines from the first statement to the last."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


@pytest.fixture(scope="module")
def found():
    """What is too long, modules and functions."""
    texts = modules()
    functions = set().union(*(long_functions(name, text) for name, text in texts.items()))
    return {name for name, text in texts.items() if len(text.splitlines()) > MODULE_LINES}, functions


def test_no_module_is_long_but_those_that_say_why(found):
    assert sorted(found[0] - LONG_MODULES.keys()) == []


def test_no_function_is_long_but_those_that_say_why(found):
    assert sorted(found[1] - LONG_FUNCTIONS.keys()) == []


def test_what_has_become_short_is_an_exception_no_more(found):
    assert sorted(LONG_MODULES.keys() - found[0]) == []
    assert sorted(LONG_FUNCTIONS.keys() - found[1]) == []


def test_all_rooms_are_looked_at():
    assert {name.split("/")[0] for name in modules()} >= set(ROOMS) - {"coproduce"}


def test_neither_signature_nor_docstring_counts():
    text = "def one(\n    a,\n):\n    '''Says\n    much.\n    '''\n" + "    a += 1\n" * FUNCTION_LINES
    assert long_functions("m.py", text) == set()
    assert long_functions("m.py", text + "    return a\n") == {"m.py one"}
    within = "class C:\n    async def deep(self):\n" + "        await self\n" * (FUNCTION_LINES + 1)
    assert long_functions("m.py", within) == {"m.py deep"}
    assert long_functions("m.py", "def nothing():\n    '''Says why.'''\n") == set()
