"""Every name of code on the ODD page exists, and every rule of a run is on the page."""

import importlib
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`(sim(?:\.\w+)+)`", PAGE)))
RULES = (
    "channels", "reporting", "hotline", "contacts", "oms", "dispatch", "districts", "joining", "splitting", "crews",
    "outages", "scores", "orders", "outreach", "split_hours", "costs", "restoration",
)  # fmt: skip
SUBMODELS = re.findall(r"^### (.+)$", PAGE.split("## 7. Submodels")[1], flags=re.MULTILINE)


def found(name):
    """What a dotted name stands for: a module, or something in one."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        path, _, last = name.rpartition(".")
        return getattr(importlib.import_module(path), last)


def test_the_page_names_code():
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", NAMES)
def test_a_name_on_the_odd_page_exists(name):
    assert found(name) is not None


@pytest.mark.parametrize("module", RULES)
def test_a_rule_module_of_a_run_is_named_with_something_in_it(module):
    of_module = [name for name in NAMES if re.match(rf"sim\.\w+\.{module}\.", name)]
    assert of_module, f"docs/odd.md names nothing in {module}"
    assert importlib.import_module(of_module[0].rpartition(".")[0]).__doc__


@pytest.mark.parametrize("heading", SUBMODELS)
def test_a_submodel_names_its_function(heading):
    named = re.findall(r"`(sim(?:\.\w+)+)`", heading)
    assert named, f"docs/odd.md, '{heading}': which function is it?"
    assert all(callable(found(name)) for name in named)
