"""Each list of codes is declared once, and whatever puts words to one puts words to all of it."""

import pytest

from analysis.figures import maps
from sim.core import columns, outcome_codes
from sim.core.columns import LEVELS
from sim.core.household_rows import HOUSEHOLD
from sim.core.outcome_codes import BESIDE, ONLY_ORDERS, OPEN, OUTCOMES, PARTS, REPORT_OUTCOMES, SOURCES
from sim.engine import story
from sim.engine.outcome_columns import HOUSEHOLD_COLUMNS
from sim.inputs.parameters.channels import CHANNELS, HOTLINE, INFORMAL, WAYS
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters


@pytest.mark.parametrize(
    ("module", "words", "names"),
    [
        (columns, "LEVELS", {}),
        (outcome_codes, "CREW_CLASSES", {}),
        (
            outcome_codes,
            "OUTCOMES",
            {"nothing": "NOTHING_FOUND", "repaired": "REPAIRED_OUTCOME", "owner": "OWNER_FIRST"},
        ),
    ],
)
def test_a_code_stands_in_the_order_of_its_word(module, words, names):
    for code, word in enumerate(getattr(module, words)):
        assert getattr(module, names.get(word, word.upper())) == code


def test_a_story_has_words_for_every_code():
    assert set(story.LEARNT) == set(range(len(SOURCES)))
    assert set(story.ENDED) | set(story.TOLD) == set(range(len(REPORT_OUTCOMES)))
    assert {OUTCOMES[code] for code in story.GIVEN_UP} == set(ONLY_ORDERS)
    ended = set(range(len(OUTCOMES))) - {OPEN, outcome_codes.REPAIRED_OUTCOME}
    assert set(story.FOUND) | set(story.GIVEN_UP) == ended


def test_maps_and_choices_know_the_levels_of_the_grid():
    assert {name.removeprefix("damaged ") for name in maps.LEGEND} == set(LEVELS[:-1])
    (choices,) = {p.choices for p in catalogue(Parameters()) if p.path.endswith(".largest")}
    assert choices == LEVELS


def test_the_parts_of_the_hours_are_columns_in_their_order():
    names = [column.name for column in HOUSEHOLD_COLUMNS]
    assert [name for name in names if name in PARTS + BESIDE] == [*PARTS, *BESIDE]


def test_every_channel_has_a_bit_and_its_words():
    assert len(CHANNELS) <= 8 * HOUSEHOLD["can"].itemsize
    assert all(all(way) for way in (way._replace(is_told_of=True) for way in WAYS.values()))
    assert (CHANNELS[HOTLINE], CHANNELS[INFORMAL]) == ("hotline", "informal")
