"""Scenarios: content has one digest, whatever the form that it is given in."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim import ScenarioError, load, run
from sim.core import canonical
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario


def test_the_digest_knows_content_and_nothing_else(written):
    plain = load(written("[crews]\nsafe_h = 7.0\n"))
    texts = 'name = "x"\nsummary = "y"\n# why\n[crews]\nsafe_h = 7\n[sources]\n"crews.safe_h" = "z"\n'
    told = load(written(texts, "told.toml"))
    assert plain.digest == told.digest
    changed = [
        plain.but({"crews.safe_h": 7.5}),
        plain.with_tables(reports={"household": ["1"], "time_h": [1.0], "channel": ["web"]}),
    ]
    assert len({plain.digest, *(scenario.digest for scenario in changed)}) == 3


LONG = np.arange(2000)


def homes(kind, ids=LONG):
    """A long household table, its columns of one kind."""
    return {"household_id": kind(ids), "x_km": kind(ids / 7.0), "poor": kind(ids % 3 == 0)}


def test_long_arrays_that_differ_in_their_middle_have_different_digests():
    plain, other = Scenario("town", Parameters()), LONG.copy()
    other[500:1500] += 5000
    assert (
        plain.with_tables(households=homes(np.array, other)).digest
        != plain.with_tables(households=homes(np.array)).digest
    )


@pytest.mark.parametrize("kind", [list, pd.Series, pa.array, lambda column: pa.array(column).to_pandas()])
def test_a_table_has_one_digest_as_lists_arrays_and_data_frames_and_in_any_order_of_columns(kind):
    plain = Scenario("town", Parameters())
    as_lists = homes(lambda column: kind(column.tolist()))
    backwards = dict(reversed(as_lists.items()))
    digests = {plain.with_tables(households=table).digest for table in (homes(np.array), as_lists, backwards)}
    assert len({plain.digest, *digests}) == 2
    assert plain.with_tables(households=pd.DataFrame(as_lists)).digest in digests
    assert plain.with_tables(households=pa.table(homes(np.array))).digest in digests


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 2], [1.0, 2.0]), ([1, 2], ["1", "2"]), ([True], [1]), (["ab", "c"], ["a", "bc"]), ([0.0], [-0.0]),
        ([[1, 2], [3, 4]], [[1, 2, 3], [4]]), (np.zeros((2, 3)), np.zeros((3, 2))), ([None], ["None"]),
        (np.zeros(2, np.float32), np.zeros(2)), ([2**64], [2**64 + 1]), ([[]], []),
    ],
)  # fmt: skip
def test_what_differs_in_kind_shape_or_value_differs_in_digest(one, other):
    assert canonical.digest(one) != canonical.digest(other)
    assert canonical.digest([one, other]) != canonical.digest([other, one])


@pytest.mark.parametrize(
    "odd", [{1}, object(), np.array([1j]), np.ma.array([1, 2]), date(2018, 10, 10), np.array([{1}])]
)
def test_what_is_not_plain_data_is_refused_in_one_line_that_says_where(odd):
    scenario = Scenario("town", Parameters()).with_tables(households={"household_id": odd})
    with pytest.raises(
        ScenarioError, match=r"^town tables households household_id.* is not plain data: give"
    ) as caught:
        _ = scenario.digest
    assert "\n" not in str(caught.value)


def test_a_table_given_from_python_is_copied():
    given = homes(np.array)
    scenario = Scenario("town", Parameters()).with_tables(households=given)
    before = scenario.digest
    given["x_km"][1000] = -1.0
    assert scenario.digest == before


def test_the_certificate_of_a_run_with_arrays_is_json_and_enough_to_make_it_again():
    ids = np.arange(40)
    table = {"household_id": ids, "x_km": ids / 50.0, "y_km": ids / 60.0, "income_usd": np.full(40, 1e4)}
    scenario = Scenario("town", Parameters()).but({"place.area_km2": 4.0}).with_tables(households=table)
    told = json.loads(json.dumps(run(scenario).certificate, allow_nan=False))
    again = scenario.with_tables(**told["content"]["tables"])
    assert again.digest == told["digest"] == scenario.digest
    assert run(again).households.equals(run(scenario).households)


def test_the_digest_covers_what_is_in_the_files_that_a_scenario_reads(written):
    written("household_id\n1\n2\n", "homes.csv")
    scenario = load(written('[place]\nhouseholds = "homes.csv"\n'))
    before = scenario.digest
    written("household_id\n1\n3\n", "homes.csv")
    assert scenario.digest != before
