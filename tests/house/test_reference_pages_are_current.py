"""The generated pages of the documentation say what the declarations say."""

from pathlib import Path

import pytest

from sim.describe import outcome_page, parameter_page

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("page", "text"), [("parameters.md", parameter_page), ("outcomes.md", outcome_page)])
def test_a_reference_page_is_what_the_declarations_would_write(page, text):
    assert (DOCS / page).read_text(encoding="utf-8") == text(), "run: python -m sim.describe docs"


def test_every_parameter_says_what_it_means_and_where_it_comes_from():
    from sim.parameters import Parameters, catalogue

    for p in catalogue(Parameters()):
        assert all((p.meaning, p.source, p.unit)), p.path
        assert p.role in ("lever", "uncertainty", "constant"), p.path
