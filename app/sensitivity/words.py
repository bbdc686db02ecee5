"""What a study of sensitivity says in sentences: what drives an outcome, how sure that is, and what to mistrust."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.sensitivity.convergence import WIDEST, Verdict
from analysis.sensitivity.given import NOTHING
from analysis.sensitivity.indices import Indices
from analysis.sensitivity.noise import Noise
from analysis.sensitivity.sample import MAIN, Sample
from experiments.claims import FEWEST

BLOCKS = {"sobol": "base samples", "morris": "trajectories"}
MAIN_WORDS = {
    "sobol": "share of variance, with all interactions (ST)",
    "morris": "mean size of the effect (mu*)",
    "pawn": "distance between distributions (PAWN)",
    "rbd-fast": "share of variance, by itself (S1)",
    "delta": "area between densities (delta)",
    "hdmr": "share of variance, with its pairs (ST)",
}
PAIRS_NAMED = 3
SMALL_LUCK = 0.1  # share of variance up to which luck is mentioned but no cure
NEXT_TO_NOTHING = 0.05  # total share below which a parameter may be fixed (threshold of Sarrazin et al. 2016)


def blocks_word(method: str) -> str:
    """What n counts."""
    return BLOCKS.get(method, "rows")


def number(value: float, digits: int = 2) -> str:
    """A number without a minus zero."""
    return f"{value:z.{digits}f}"


def with_reach(row: pd.Series, digits: int = 2) -> str:
    """An index and how far its 95 % interval reaches: 0.42 (±0.05)."""
    return f"{number(row['value'], digits)} (±{number(row['high'] - row['value'], digits)})"


def percent(row: pd.Series) -> str:
    """A share of variance in per cent, with its reach."""
    return f"{100 * row['value']:z.0f} % (±{100 * (row['high'] - row['value']):z.0f})"


def drivers(found: Indices, sample: Sample, outcome: str, unit: str) -> str:
    """What drives an outcome most, in one or two sentences."""
    main = found.of(MAIN[sample.method]).drop(NOTHING, errors="ignore")
    main = main.sort_values("value", ascending=False, kind="stable")
    floor = _floor(found, MAIN[sample.method])
    first = main.index[0]
    if main.loc[first, "low_together"] <= floor:
        largest = f"even the largest index, {with_reach(main.loc[first])} of {first}, may be no influence at all"
        return f"Nothing that was varied can be told to drive the {outcome}: {largest}."
    shares = sample.method in ("sobol", "hdmr", "rbd-fast")
    matter = main.iloc[1:][main["high"].iloc[1:] >= NEXT_TO_NOTHING] if shares else main.iloc[1:]
    others = list(matter.index[matter["low_together"] > floor][:2])
    if sample.method in ("sobol", "hdmr"):
        return _shares(found, main, outcome, first, others)
    told = [f"{name} {with_reach(main.loc[name])}" for name in others]
    most = f"What drives the {outcome} most is {first}"
    if sample.method == "rbd-fast":
        told = [f"{name} {percent(main.loc[name])}" for name in others]
        return f"{most}: by itself it explains {percent(main.loc[first])} of the variance{_next(told)}."
    if sample.method == "morris":
        size = f"over its whole range it moves it by {with_reach(main.loc[first])} {unit} on average, up or down"
        return f"{most}: {size}{_next(told)}."
    level = number(found.of(MAIN[sample.method]).loc[NOTHING, "value"])
    return f"{most}: {with_reach(main.loc[first])}, where doing nothing scores {level}{_next(told)}."


def _shares(found: Indices, main: pd.DataFrame, outcome: str, first: str, others: Sequence[str]) -> str:
    alone = found.of("S1")
    told = [f"{name} ({_alone(alone.loc[name])}, in all {percent(main.loc[name])})" for name in others]
    text = (
        f"What drives the {outcome} most is {first}: {_alone(alone.loc[first])}, "
        f"with its interactions {percent(main.loc[first])}{_next(told)}."
    )
    sums = found.of("S1 sum") if (found.table["index"] == "S1 sum").any() else pd.DataFrame()
    top = [name for name in sums.index if name != "all"]
    if top:
        names = ", ".join(top[0].split(" + "))
        shares = f"{percent(sums.loc[top[0]])} of the variance by themselves, all parameters {percent(sums.loc['all'])}"
        return f"{text} Together {names} explain {shares}."
    return f"{text} All parameters by themselves explain {percent(sums.loc['all'])}." if len(sums) else text


def _alone(row: pd.Series) -> str:
    if row["low_together"] <= 0.0:
        most = f"at most {100 * max(row['high'], 0.0):.0f} %"
        return f"by itself no share of the variance that can be told from zero ({most})"
    return f"by itself it explains {percent(row)} of the variance"


def _next(told: Sequence[str]) -> str:
    if not told:
        return "; no other can be told from no influence"
    return f"; next come{'s' if len(told) == 1 else ''} {' and '.join(told)}"


def _floor(found: Indices, index: str) -> float:
    """What an interval has to exceed: nothing, or what a parameter that does nothing reaches."""
    table = found.of(index)
    return float(table.loc[NOTHING, "high_together"]) if NOTHING in table.index else 0.0


def luck(split: Noise) -> str:
    """The share of variance that is luck, and what it means."""
    if split.seeds < 2:
        return (
            "How much of this is luck cannot be told with one seed: part of what looks like interaction may be a seed "
            "that treats one setting differently from another. Give --replicates 2 or more."
        )
    if np.isnan(split.share):
        return ""
    text = (
        f"{100 * split.share:.0f} % of the variance of a row's outcome is luck that R = {split.seeds} seeds did not "
        "average out (seed x parameters; what a seed does to all rows alike has cancelled)"
    )
    if split.share < SMALL_LUCK:
        return f"{text}."
    if split.share >= 1.0:
        return f"{text}: the parameters cannot be seen behind it. Other seeds may name other parameters."
    more = math.ceil(split.seeds * split.share / (1 - split.share) * (1 - SMALL_LUCK) / SMALL_LUCK)
    means = "it looks like influence and interaction, and other seeds may name other parameters"
    return f"{text}: {means}. For less than {SMALL_LUCK:.0%} give --replicates {more:,}.".replace("0%", "0 %")


def few_seeds(split: Noise) -> str:
    """That the answer is one about the storms that were played, where these are few; nothing otherwise.

    Indices are taken over the rows of the design, so few seeds do not forbid them as they forbid a gap: all rows share
    the seeds, and what is found holds under these. Of other storms nothing is claimed.
    """
    if split.seeds >= FEWEST:
        return ""
    seeds = "1 seed is" if split.seeds == 1 else f"{split.seeds} seeds are"
    return f"Of other storms nothing is claimed: {seeds} fewer than {FEWEST} (--replicates {FEWEST})."


def settled(judged: Verdict, sample: Sample, replicates: int) -> str:
    """Whether more runs would change the answer."""
    if judged.converged is None:
        return ""
    what, method = blocks_word(sample.method), sample.method
    least = "" if method == "morris" else f", at least {WIDEST}"
    limit = f"{number(judged.allowed)} (a tenth of the largest index{least})"
    ranking = judged.ranking or "there are too few runs to compare with half of them"
    if judged.converged:
        return (
            f"Converged at n = {judged.n:,} {what}: no interval reaches further than ±{number(judged.half_width)}, "
            f"allowed are ±{limit}; {ranking}."
        )
    more = (judged.n_needed - judged.n) * sample.block * replicates
    return (
        f"Not converged at n = {judged.n:,} {what}: the widest interval reaches ±{number(judged.half_width)}, allowed "
        f"are ±{limit}; {ranking}. About n = {judged.n_needed:,} would do, {more:,} more runs."
    )


def cautions(found: Indices, sample: Sample) -> list[str]:
    """What in a table must not be read as it stands, with the reason."""
    lines = list(found.notes)
    if found.left_out:
        whole = found.n + found.left_out
        lines.append(
            f"{found.left_out} of {whole} {blocks_word(sample.method)} were left out: an outcome in them is not a "
            "finite number."
        )
    main = found.of(MAIN[sample.method])
    if len(main) > 1:
        lines.append(
            f"{len(main)} parameters are looked at together: which of them matter is judged by intervals that hold for "
            "all at once (Bonferroni; in indices.csv), wider than those shown, each of which holds by itself."
        )
    kinds = set(found.table["index"])
    if "S1" in kinds:
        lines += _negative(found.of("S1"))
    if {"S1", "ST"} <= kinds:
        lines += _above_total(found.of("S1"), found.of("ST"))
    if "S1 sum" in kinds:
        lines += _above_one(found.of("S1 sum").loc["all"])
    if "S2" in kinds:
        lines += _pairs(found.table[found.table["index"] == "S2"])
    return lines


def _negative(alone: pd.DataFrame) -> list[str]:
    below = alone[alone["value"].round(2) < 0.0]
    noise = [f"{name} {with_reach(row)}" for name, row in below.iterrows() if row["high"] >= 0.0]
    worse = [f"{name} {with_reach(row)}" for name, row in below.iterrows() if row["high"] < 0.0]
    lines = []
    if noise:
        lines.append(f"By itself {', '.join(noise)}: not to be told from zero; a negative estimate is sampling noise.")
    if worse:
        lines.append(
            f"By itself {', '.join(worse)}: a share cannot be negative; a few extreme outcomes, or too small an n."
        )
    return lines


def _above_total(alone: pd.DataFrame, total: pd.DataFrame) -> list[str]:
    over = [name for name in alone.index if round(alone.loc[name, "value"], 2) > round(total.loc[name, "value"], 2)]
    told = [f"{name} ({number(alone.loc[name, 'value'])} over {number(total.loc[name, 'value'])})" for name in over]
    if not told:
        return []
    apart = any(alone.loc[name, "low"] > total.loc[name, "high"] for name in over)
    why = "some intervals do not even meet, so n is too small" if apart else "the difference is sampling noise"
    return [f"By itself above its total, which cannot truly be: {', '.join(told)}; {why}."]


def _above_one(total: pd.Series) -> list[str]:
    if total["value"] <= 1.0:
        return []
    why = "more than noise explains, so n is too small" if total["low"] > 1.0 else "the excess is sampling noise"
    return [f"The shares by themselves add up to {with_reach(total)}; true shares add up to at most 1, {why}."]


def _pairs(pairs: pd.DataFrame) -> list[str]:
    sure = pairs[pairs["low_together"] > 0.0].sort_values("value", ascending=False)
    named = [f"{r.parameter} with {r.second_parameter} {with_reach(pd.Series(r._asdict()))}" for r in sure.itertuples()]
    if not named:
        return ["No pair can be told to matter beyond its two parameters; negative values of pairs are sampling noise."]
    more = f" and {len(named) - PAIRS_NAMED} more" if len(named) > PAIRS_NAMED else ""
    listed = f"{', '.join(named[:PAIRS_NAMED])}{more}"
    return [f"Pairs that matter beyond their two parameters: {listed} (of {len(pairs)} looked at together)."]


def reading(alone: pd.Series, total: pd.Series) -> str:
    """A first and a total index in words."""
    if total["high"] < NEXT_TO_NOTHING:
        return "next to nothing"
    if total["low_together"] <= 0.0:
        return "not to be told from zero"
    if alone["low_together"] <= 0.0:
        return "with others" if total["low"] > alone["high"] else "alone: not to be told from zero"
    return "alone and with others" if total["low"] > alone["high"] else "mostly alone"
