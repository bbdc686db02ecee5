"""Groups of households, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.grouping import ATTRIBUTES, GroupingError, groups


def people(**columns):
    return pd.DataFrame(columns)


def names_of(households, by):
    grouping = groups(households, by)
    return [grouping.names[i] for i in grouping.code]


def test_yes_no_groups_have_readable_names_and_the_advantaged_as_reference():
    households = people(minority=[True, False], broadband=[True, False], medical_device=[False, True])
    assert names_of(households, "minority") == ["minority", "other"]
    assert names_of(households, "medical_device") == ["no medical device", "medical device"]
    assert groups(households, "minority").reference == "other"
    assert groups(households, "broadband").reference == "broadband"


def test_reference_stands_last_for_every_attribute():
    n = 10
    columns = {a: np.arange(n) % 2 == 0 for a in ATTRIBUTES}
    columns |= {c: np.arange(n, dtype=float) for c in ("income_usd", "svi", "knowledge", "trust")}
    columns |= {"ethnicity": ["white", "black"] * 5, "neighbourhood": list("aabbccddee")}
    for attribute in ATTRIBUTES:
        grouping = groups(pd.DataFrame(columns), attribute)
        assert grouping.names[-1] == grouping.reference, attribute


def test_income_fifths_are_of_all_households_and_ties_stay_together():
    # the cuts of 1..10 lie at 2.8, 4.6, 6.4 and 8.2: two in each fifth
    fifths = names_of(people(income_usd=np.arange(1, 11.0)), "income")
    assert fifths[:2] == ["lowest fifth"] * 2
    assert fifths[2:4] == ["second fifth"] * 2
    assert fifths[-2:] == ["highest fifth"] * 2
    assert len(set(names_of(people(income_usd=[5.0, 5.0, 5.0, 5.0]), "income"))) == 1


def test_high_vulnerability_is_not_the_reference():
    assert groups(people(svi=[0.1, 0.9]), "svi").reference == "lowest SVI fifth"
    assert names_of(people(svi=[0.1, 0.9]), "svi") == ["lowest SVI fifth", "highest SVI fifth"]


def test_crossed_attributes_give_every_combination_even_if_empty():
    households = people(poor=[True, False], medical_device=[True, True])
    grouping = groups(households, "poor, medical_device")
    assert len(grouping.names) == 4
    assert grouping.reference == "not poor, no medical device"
    assert names_of(households, ["poor", "medical_device"]) == [
        "poor, medical device",
        "not poor, medical device",
    ]


def test_reference_neighbourhood_is_the_least_vulnerable():
    grouping = groups(people(neighbourhood=["a", "b", "c"], svi=[0.5, 0.1, 0.9]), "neighbourhood")
    assert grouping.names == ("a", "c", "b")
    assert grouping.reference == "b"


def test_misspelt_attribute_is_answered_with_the_nearest_and_the_allowed():
    with pytest.raises(GroupingError, match=r"unknown attribute 'minorty'; did you mean 'minority'\?.*income"):
        groups(people(minority=[True]), "minorty")
    with pytest.raises(GroupingError, match="unknown column 'poor'"):
        groups(people(minority=[True]), "poor")
    with pytest.raises(GroupingError, match="nothing to group by"):
        groups(people(minority=[True]), [])


def test_no_households_is_no_error():
    empty = people(income_usd=[], minority=[], ethnicity=[], neighbourhood=[], svi=[])
    for attribute in ("income", "minority", "ethnicity", "neighbourhood", "all"):
        assert groups(empty, attribute).code.size == 0
