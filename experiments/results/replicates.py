"""One replicate on disk: a folder per seed, whole or not there.

    DIR/seed-N/    households.parquet faults.parquet orders.parquet jobs.parquet reports.parquet
                   summary.json certificate.json fidelity.csv (target against realised share by neighbourhood)

A folder of the same scenario, seeds, rules and model stands for its run, which is then not made again. The model is the
source of all that the measure depends on, which makes the run, its bill and its summary.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.results.files import put_folder
from experiments.results.schema import CERTIFICATE, KEY, SUMMARY, ResultsError, as_text, marked, read_json, refuse_other
from experiments.results.tables import read_table, write_table
from sim import Outcomes, ScenarioError, Seeds
from sim.core.sources import digest_of
from sim.engine.outcome_columns import TABLES
from sim.engine.outcomes import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

Measure = Callable[..., dict[str, float]]
RULES, NO_RULES = "rules", "the model's own"


def folder_of(folder: Path | str, seeds: Seeds) -> Path:
    """Where the replicate of these seeds stands."""
    return Path(folder) / f"seed-{seeds.behaviour}"


def keep(
    outcomes: Outcomes,
    households: Mapping[str, Any],
    summary: Mapping[str, Any],
    folder: Path | str,
    rules: str,
    measure: Measure,
) -> None:
    """Write one replicate.

    Parameters
    ----------
    households : the columns of its households, as `sim.engine.outcomes.household_columns` makes them
    summary : its measures and costs as plain data
    folder : of the study
    rules : of one's own that it was made by, as `experiments.runs.own_rules` tells them; "": the model's
    measure : what made it and its summary
    """
    import pandas as pd

    def fill(target: Path) -> None:
        for name, documented in TABLES.items():
            columns = households if name == "households" else COLUMNS[name](outcomes)
            write_table(columns, documented, target / f"{name}.parquet")
        (target / SUMMARY).write_text(as_text(marked(summary)), encoding="utf-8")
        pd.DataFrame(outcomes.place.fidelity).to_csv(target / "fidelity.csv", index=False)
        certificate = {**outcomes.certificate, "model": digest_of(measure), "sources": outcomes.scenario.sources}
        certificate |= {RULES: rules} if rules else {}
        (target / CERTIFICATE).write_text(as_text(marked(certificate)), encoding="utf-8")

    put_folder(folder_of(folder, outcomes.seeds), fill)


def is_kept(folder: Path | str, digest: str, seeds: Seeds, rules: str, measure: Measure) -> bool:
    """Whether a folder holds the replicate of a scenario (by its digest) under some seeds, as it would be made now."""
    target = folder_of(folder, seeds)
    if not target.exists():
        return False
    found = read_certificate(target)
    there = (found.get("digest"), found.get("seeds"), found.get(RULES, ""), found.get("model"))
    return there == (digest, seeds._asdict(), rules, digest_of(measure))


def recalled(
    folder: Path | str, digest: str, seeds: Seeds, rules: str, measure: Measure
) -> "tuple[pd.DataFrame, dict[str, float]] | None":
    """Households and costs of a replicate that is kept; None where there is none, or one that is damaged."""
    if not is_kept(folder, digest, seeds, rules, measure):
        return None
    target = folder_of(folder, seeds)
    with suppress(ResultsError):
        costs_usd = dict(read_json(target / SUMMARY, ("costs_usd",))["costs_usd"])
        return read_table(target / "households.parquet", TABLES["households"]), costs_usd
    return None


def refuse_others(folder: Path, wanted: Mapping[Seeds, str], rules: str) -> list[Seeds]:
    """Seeds of which there is a replicate; a ScenarioError where one of another study is in the way.

    Parameters
    ----------
    wanted : the digest of the scenario of each replicate, by its seeds
    """
    there = [row for row in wanted if folder_of(folder, row).exists()]
    for row in there:
        target = folder_of(folder, row)
        found, other = read_certificate(target), f"choose another --out, or remove {target}"
        if found.get("digest") != wanted[row]:
            raise ScenarioError(
                f"{target} holds a run of another scenario or other parameters "
                f"(digest {str(found.get('digest'))[:12]}, this one has {wanted[row][:12]}); {other}"
            )
        if found.get("seeds") != row._asdict():
            raise ScenarioError(
                f"{target} holds a run with other seeds ({found.get('seeds')}, not {row._asdict()}); {other}"
            )
        if found.get(RULES, "") != rules:
            raise ScenarioError(
                f"{target} holds a run by other rules ({found.get(RULES) or NO_RULES}, not {rules or NO_RULES}); "
                f"{other}"
            )
    return there


def taken_over(source: Path, target: Path) -> None:
    """Copy the replicates of one folder that another does not have yet."""
    for certificate in source.glob(f"seed-*/{CERTIFICATE}"):
        folder = certificate.parent
        if not (target / folder.name).exists():
            put_folder(target / folder.name, partial(shutil.copytree, folder, dirs_exist_ok=True))


def read_certificate(folder: Path) -> dict[str, Any]:
    """The certificate of a finished replicate.

    Raises
    ------
    ScenarioError    there is none, or one of a newer schema
    """
    try:
        found = json.loads((folder / CERTIFICATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise ScenarioError(f"{folder} is in the way: no finished run of coproduce (its {CERTIFICATE} cannot be read)")
    if KEY in found:  # without one it is older than all schemas, and its model is another anyway
        refuse_other(found[KEY], folder / CERTIFICATE)
    return found
