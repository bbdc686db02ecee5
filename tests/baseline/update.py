"""Record the baseline anew: ``python -m tests.baseline.update``. The changelog then needs a *Numbers change* line."""

from pathlib import Path

import pandas as pd

from analysis.measures.reliability import by_group
from sim import load, run

HERE = Path(__file__).parent
RECORDED = {"classroom": (1, 2, 3), "worked/under-reporting": (1,), "arms/closing": (1,), "arms/widening": (1,)}
SMALLER = {"place.customers": 6_000, "crews.line.own": 2, "crews.line.staged": 2, "crews.line.mutual_aid": 6}


def summary(name: str) -> pd.DataFrame:
    """Measures by minority for each recorded seed of a scenario, arms at 6,000 households."""
    scenario = load(name).but(SMALLER) if name.startswith("arms/") else load(name)
    tables = {seed: by_group(run(scenario, seed).households, "minority", scenario["run.horizon_h"])
              for seed in RECORDED[name]}  # fmt: skip
    return pd.concat(tables, names=["seed", "group"]).reset_index()


def path_of(name: str) -> Path:
    """Where the numbers of a scenario are kept."""
    return HERE / f"{name.replace('/', '-')}.csv"


if __name__ == "__main__":
    for name in RECORDED:
        summary(name).to_csv(path_of(name), index=False)
