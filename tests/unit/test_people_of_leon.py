"""The real county: every tract matches its row."""

from pathlib import Path

import numpy as np
import pytest

from sim.core.notices import Notice
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import people
from tests.unit.towns import DEFAULT, STANDARD_ERRORS

LEON = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "leon_tracts.csv"


@pytest.fixture(scope="module")
def leon():
    if not LEON.exists():
        pytest.skip("the tract table of Leon County is not beside this checkout")
    scenario = Scenario("test", Parameters(), folder=str(LEON.parent))
    with pytest.warns(Notice, match="columns that are not used"):
        return people.population(scenario.but({"place.tracts": LEON.name, "place.customers": 117_000}), 1)


def test_every_tract_of_leon_county_matches_its_row_within_its_standard_error(leon):
    table = people.fidelity(*leon)
    error = np.sqrt(table["target_share"] * (1.0 - table["target_share"]) / table["households"])
    deviation = np.abs(table["realised_share"] - table["target_share"])
    assert np.all(deviation <= STANDARD_ERRORS * error + 2.0 / table["households"])
    rows = {a: np.sum((table["attribute"] == a) & (table["neighbourhood"] != "all")) for a in leon[2]}
    assert rows["minority"] == rows["poor"] == rows["broadband"] == rows["black"] == 67
    assert rows["smartphone"] == 0


def test_tracts_of_leon_county_differ_in_income_as_their_rows_do(leon):
    neighbourhoods, households, targets = leon
    median = [np.median(households.income_usd[households.neighbourhood == k]) for k in range(len(neighbourhoods))]
    np.testing.assert_allclose(
        np.log(median / targets["income_ratio"] / DEFAULT["people.median_income_usd"]), 0, atol=0.15
    )


def test_within_each_tract_of_leon_county_the_poor_have_the_lowest_incomes(leon):
    neighbourhoods, households, _ = leon
    for k in range(len(neighbourhoods)):
        here = households.neighbourhood == k
        poor, income_usd = households.poor[here], households.income_usd[here]
        if poor.any():
            assert income_usd[poor].max() <= income_usd[~poor].min()


def test_the_fidelity_table_ends_with_the_dissimilarity_index_as_meant_and_as_found():
    scenario = Scenario("x", Parameters()).but({"place.customers": 40_000})
    table = people.fidelity(*people.population(scenario, 1))
    assert table["attribute"][-1] == "minority dissimilarity index"
    assert table["target_share"][-1] == pytest.approx(scenario["people.dissimilarity"], abs=0.005)
    assert table["realised_share"][-1] == pytest.approx(table["target_share"][-1], abs=0.02)
