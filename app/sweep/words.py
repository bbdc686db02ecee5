"""What a sweep says, in sentences that never claim more than the interval allows."""

import math

import pandas as pd

from analysis.contrasts.multiplicity import told_apart
from app import together
from app.words import about
from experiments.designs.factors import Factor
from experiments.designs.points import ONE_AT_A_TIME, SAMPLED
from experiments.outcome_names import unit, words
from experiments.studies.sweep import Sweep, Swept, plain

LIAISONS = ("liaison.liaisons", "liaison.per_10000_customers")


def reference(sweep: Sweep) -> str:
    """The point that everything is measured against."""
    return f"{about(sweep.study.scenario, sweep.study.set)}, as it stands"


def design_line(sweep: Sweep) -> str:
    """How the points were chosen, and how many there are."""
    study, design = sweep.study, sweep.design
    varied = ", ".join(_varied(factor) for factor in design.factors)
    across = "".join(f", across {plain(f.name)} ({', '.join(map(str, f.levels()))})" for f in design.across)
    kind = design.kind.replace("-", " ") if design.kind != ONE_AT_A_TIME else "one factor at a time"
    return f"{kind}: {varied}{across}; {len(design.points):,} points x {_seeds(study.replicates)}"


def _varied(factor: Factor) -> str:
    if not factor.is_subset:
        return plain(factor.name)
    return "every subset of " + ", ".join(path.split(".")[1] for path in factor.paths)


def _seeds(replicates: int) -> str:
    return "1 seed" if replicates == 1 else f"{replicates:,} seeds"


def sentences(swept: Swept, outcome: str) -> list[str]:
    """A sentence for each change that can be told from zero, one for all that cannot, one for what is not claimed."""
    if _missing(swept, outcome):
        return [_missing(swept, outcome)]
    refused = [line for line in [swept.refusal(outcome)] if line]
    rows = swept.ends(outcome)
    rows = rows[rows["note"] == ""]
    if rows.empty:
        return refused
    clear = rows[[told_apart(p) for p in rows["p_holm"]]]
    lines = [_sentence(swept, outcome, row) for _, row in clear.iterrows()]
    without = int(rows["change_low"].isna().sum())
    if without:
        lines.append(f"{without} of {len(rows)} changes have no interval, for too few runs have a value.")
    count = len(rows) - len(clear) - without
    if count:
        other = "other " if len(clear) else ""
        lines.append(f"No {other}change can be told apart from zero ({count} of {len(rows)}).")
    return [*lines, *refused]


def _sentence(swept: Swept, outcome: str, row: pd.Series) -> str:
    base = base_of(swept.answers, row)
    where = f"With {in_words(row['panel'])}, " if row["panel"] else ""
    change = f"changes by {amount(row['change'], outcome, True)}"
    low, high = (amount(row[name], outcome, True, False) for name in ("change_low", "change_high"))
    step = _step(row["axis"], base["level"], row["level"])
    name = words(outcome)
    if where and step.startswith("with "):
        where, step = where.rstrip(", ") + " and ", step.removeprefix("with ")
    interval = f"95 % interval {low} to {high}{together.among(row)}"
    text = f"{where}{step}, the {name}{',' if ',' in name else ''} {change} ({interval})."
    return text[0].upper() + text[1:]


def _step(axis: str, base: str, level: str) -> str:
    if any(c.isalpha() for c in base + level):
        return f"with {axis} {level} instead of {base}"
    return f"as {axis} goes from {base} to {level}"


def in_words(panel: str) -> str:
    """A panel within a sentence: "dispatch policy standard"."""
    return panel.replace(": ", " ").replace("; ", " and ")


def base_of(answers: pd.DataFrame, row: pd.Series) -> pd.Series:
    """The level that a level is compared with."""
    same = answers[
        (answers["outcome"] == row["outcome"]) & (answers["panel"] == row["panel"]) & (answers["axis"] == row["axis"])
    ]
    return same[same["is_base"]].iloc[0]


def amount(value: float, outcome: str, signed: bool = False, with_unit: bool = True) -> str:
    """A number of an outcome in its unit."""
    if not math.isfinite(value):
        return "-" if math.isnan(value) else "never"
    size = unit(outcome)
    digits = 0 if abs(value) >= 1_000 or size in ("US$", "households", "customer-hours") else 1 if size == "%" else 2
    text = f"{value + 0.0:{'+' if signed else ''}z,.{digits}f}"
    names = {"h": " h", "%": " percentage points" if signed else " %", "US$": " US$"}
    return text + (names.get(size, f" {size}") if with_unit else "")


def notes(swept: Swept) -> list[str]:
    """What a reader must know before believing the numbers."""
    sweep, answers = swept.sweep, swept.answers
    lines = []
    failed = int(swept.failed.sum())
    if failed:
        lines.append(f"{failed:,} of {len(sweep.plan.rows):,} runs failed or are missing; means leave their seeds out.")
    line = together.note(int(answers["looked_at"].max()), "changes of an outcome")
    lines += [line] if line else []
    if any(factor.is_subset for factor in sweep.design.factors):
        lines.append(
            "The change of a channel is averaged over all subsets of the others. Subsets listed as lowest or highest "
            "are picked after the fact, so that they look further apart than they would in other seeds."
        )
    if sweep.design.kind in SAMPLED:
        lines.append(
            "The design samples the factors: each change is from the lowest to the highest fifth of a factor, averaged "
            "over the others, and its interval covers both the seeds and the choice of points."
        )
    if _liaisons_stay_home(sweep):
        lines.append("There are no liaisons to walk rounds, so their channel only lets households seek one out.")
    return lines


def _liaisons_stay_home(sweep: Sweep) -> bool:
    """Whether the liaisons' channel varies where nobody walks."""
    varied = {path for factor in (*sweep.design.factors, *sweep.design.across) for path in factor.paths}
    present = any(sweep.study.scenario[path] > 0 or path in varied for path in LIAISONS)
    return "channels.liaison.availability" in varied and not present


def _missing(swept: Swept, name: str) -> str:
    """A line on an outcome without any value at all, or nothing."""
    if swept.has_values(name):
        return ""
    return f"No run has a value of '{name}' ({words(name)})."
