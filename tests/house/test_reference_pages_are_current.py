"""The generated pages of the documentation say what the declarations say."""

from pathlib import Path

import pytest

from sim.core import limits
from sim.engine.describe import limit_page, outcome_page, parameter_page

DOCS = Path(__file__).resolve().parents[2] / "docs"


PAGES = [("parameters.md", parameter_page), ("outcomes.md", outcome_page), ("limits.md", limit_page)]


@pytest.mark.parametrize(("page", "text"), PAGES)
def test_a_reference_page_is_what_the_declarations_would_write(page, text):
    assert (DOCS / page).read_text(encoding="utf-8") == text(), "run: python -m sim.engine.describe docs"


def test_every_parameter_says_what_it_means_and_where_it_comes_from():
    from sim.inputs.parameters.declare import catalogue
    from sim.inputs.parameters.root import Parameters

    for p in catalogue(Parameters()):
        assert all((p.meaning, p.source, p.unit)), p.path
        assert p.role in ("lever", "uncertainty", "constant"), p.path


def test_every_limit_is_listed_with_its_reason():
    of_messages = {"MESSAGE", "SHOWN"}
    numbers = {name: value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int | float)}
    listed = [limit.most for limit in limits.LIMITS]
    assert sorted(listed) == sorted(value for name, value in numbers.items() if name not in of_messages)
    assert all(limit.reason and limit.what for limit in limits.LIMITS)
