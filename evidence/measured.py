"""What the tables need of a run, beside the usual measures.

How each fault became known, by level; the hours of the constrained (the poor) and of all others; and the odds ratio of
a report on the web or in the app, minority households against others, among the affected::

    logit P(web or app) = a + b * minority + controls

with the controls that a survey would have: log income, 65+, anyone under 18, disability, rented home, internet,
smartphone, and the log of the hours out.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from evidence.of_storm import of_storm
from experiments.runs.evaluate import outcomes_of
from experiments.runs.measures_of_run import measures
from experiments.runs.rows import Row
from sim import Scenario
from sim.core.columns import FEEDER, LEVELS
from sim.core.outcome_codes import REPAIRED_OUTCOME, SOURCES
from sim.engine.outcomes import Outcomes
from sim.inputs.parameters.channels import APP, WEB

CONTROLS = ("over65", "children", "disability", "renter", "broadband", "smartphone")


def measure(scenario: Scenario, row: Row, by: Sequence[str]) -> dict[str, float]:
    """Named numbers of the run of a row; see `experiments.runs.evaluate.Measure`."""
    outcomes = outcomes_of(scenario, row)
    return measures(outcomes, by) | sources(outcomes) | refused(outcomes) | odds(outcomes) | of_storm(outcomes)


def sources(outcomes: Outcomes) -> dict[str, float]:
    """Faults of each level by what led to them; "unknown" where nothing did by the horizon."""
    state = outcomes.state
    level = outcomes.place.devices.level[state.faults.at]
    return {
        f"faults:{name}:{source}": float(np.count_nonzero((level == at) & (state.faults.source == code)))
        for at, name in enumerate(LEVELS)
        for code, source in enumerate(("unknown", *SOURCES), start=-1)
    }


def refused(outcomes: Outcomes) -> dict[str, float]:
    """Crews sent to feeders and substations that had not failed, and predictions that were refused."""
    jobs: Any = outcomes.state.jobs[: outcomes.state.clock.n_jobs[0]]
    high = outcomes.place.devices.level[jobs.at] <= FEEDER
    void = high & np.isfinite(jobs.found_h) & (jobs.outcome != REPAIRED_OUTCOME)
    return {
        "predictions:false:number": float(np.count_nonzero(void)),
        "predictions:refused:number": float(sum(outcomes.refused.values())),
    }


def odds(outcomes: Outcomes) -> dict[str, float]:
    """Log odds ratio of a report by web or app, minority against others, with its standard error."""
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    people, households = outcomes.place.households, outcomes.state.households
    dark = np.isfinite(households.out_h)
    hours = np.minimum(households.restored_h, outcomes.horizon_h)[dark] - households.out_h[dark]
    columns = [people.minority[dark], np.log(people.income_usd[dark]), np.log1p(hours)]
    columns += [getattr(people, name)[dark] for name in CONTROLS]
    reported = np.isin(households.first_channel[dark], (WEB, APP)).astype(float)
    no_ratio = {"odds:minority:log": np.nan, "odds:minority:se": np.nan}
    if not 0.0 < reported.mean() < 1.0:  # nobody could, or all did
        return no_ratio
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # asked for below
        fitted = sm.Logit(reported, sm.add_constant(np.column_stack(columns).astype(float))).fit(disp=False)
    if not fitted.mle_retvals["converged"]:  # a control tells who reported, in a small town
        return no_ratio
    return {"odds:minority:log": float(fitted.params[1]), "odds:minority:se": float(fitted.bse[1])}
