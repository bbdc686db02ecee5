"""How much of what happens in a neighbourhood the utility hears of, as it can tell from what it sees itself.

Whenever a fault is confirmed, the customers behind it are known to be dark, and the utility knows which of them had
reported by then. The share of these, drawn towards the whole city's as if so many customers more had been seen
there, is the neighbourhood's reporting propensity::

    propensity = (had_reported + customers * city_share) / (seen_dark + customers)
    city_share = (had_reported + 1) / (seen_dark + 2)   over the whole city

A report counts by its inverse where the policy says so. Nothing here knows who is really dark.
"""

from sim.core.compiled import rule


@rule
def learn(city, device):
    """The customers behind a confirmed fault: dark, and some of them had reported."""
    row = city.devices[device]
    everywhere = city.heard[len(city.heard) - 1]  # the last row is the whole city
    for household in range(row.first, row.last):
        person = city.households[household]
        if person.n_faults_above > 0:
            here = city.heard[person.neighbourhood]
            here.dark += 1.0
            here.voiced += person.voiced
            everywhere.dark += 1.0
            everywhere.voiced += person.voiced


@rule
def voice(city, household):
    """What a report of this household counts: the inverse of its neighbourhood's propensity."""
    parameters = city.parameters[0]
    if parameters.derived.weights.corrected_reports == 0.0:
        return 1.0
    here, everywhere = city.heard[city.households[household].neighbourhood], city.heard[len(city.heard) - 1]
    share = (everywhere.voiced + 1.0) / (everywhere.dark + 2.0)
    weight = parameters.dispatch.propensity_customers
    return (here.dark + weight) / (here.voiced + weight * share)
