"""Every name of code on the ODD page exists."""

import importlib
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`(sim(?:\.\w+)+)`", PAGE)))


def test_the_page_names_code():
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", NAMES)
def test_a_name_on_the_odd_page_exists(name):
    *path, last = name.split(".")
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError:
        module = importlib.import_module(".".join(path))
        assert hasattr(module, last), name
    assert module.__doc__
