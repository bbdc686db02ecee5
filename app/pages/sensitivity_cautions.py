"""What to mistrust in a sensitivity analysis: luck, too few runs, and estimates that no true index could have."""

import math
from collections.abc import Callable, Iterable

from analysis.sensitivity.convergence import WIDEST
from app.pages.page import Row
from app.pages.sensitivity_words import SHARES, amount, in_words, listed, number, of_index
from app.say.names import capital
from app.say.numbers import share
from experiments.found import Found

SMALL_LUCK = 0.1  # share of variance up to which luck is mentioned but no cure
PAIRS_NAMED = 3
TOO_FEW = "too few runs"


def cautions(study: Found, outcome: Row) -> list[str]:
    """What stands for and against the indices of an outcome, a sentence or two each."""
    if outcome["why_no_indices"]:
        return []
    found = study.summary
    rules: Iterable[Callable[[Found, Row], str]] = (
        (_luck, _sums, _pairs, _judged, _left_out, _negative, _above_total, _above_one)
        if found["method"] in SHARES
        else (_luck, _judged, _left_out)
    )
    return [line for line in (*(rule(study, outcome) for rule in rules), *outcome["notes"]) if line]


def _luck(study: Found, outcome: Row) -> str:
    """The share of variance that is luck, and how many storms would make it small."""
    luck, seeds = outcome["noise"]["share"], outcome["noise"]["seeds"]
    if luck is None:
        return ""
    text = f"{share(luck)} of the differences between settings are luck that {seeds} storms did not average out"
    if luck < SMALL_LUCK:
        return f"{text}."
    if luck >= 1.0:
        return f"{text}: what was varied cannot be seen behind it. Other storms may name other causes."
    more = math.ceil(seeds * luck / (1 - luck) * (1 - SMALL_LUCK) / SMALL_LUCK)
    looks = "it looks like influence, alone or with others, and other storms may name other causes"
    return f"{text}: {looks}. For less than {share(SMALL_LUCK)} give --replicates {more:,}."


def _sums(study: Found, outcome: Row) -> str:
    """What parameters explain by themselves, added up: the first few, and all."""
    sums = dict(of_index(outcome, "S1 sum"))
    if "all" not in sums:
        return ""
    whole = amount(study.summary, outcome, sums.pop("all"))
    if not sums:
        return f"Each by itself, all that was varied explains {whole} of the differences."
    ((names, row),) = sums.items()
    first = listed([in_words(study, name) for name in names.split(" + ")])
    some = amount(study.summary, outcome, row)
    return f"Each by itself, {first} explain {some} of the differences, all that was varied {whole}."


def _pairs(study: Found, outcome: Row) -> str:
    """Pairs of parameters that do more together than each by itself."""
    rows = [row for row in outcome["indices"] if row["index"] == "S2"]
    if not rows:
        return ""
    sure = sorted((row for row in rows if row["low_together"] > 0.0), key=lambda row: -row["value"])
    if not sure:
        return "No pair can be told to do anything beyond what its two do alone; shares of pairs below 0 % are noise."
    named = [
        f"{in_words(study, row['parameter'])} with {in_words(study, row['second_parameter'])} "
        f"{amount(study.summary, outcome, row)}"
        for row in sure[:PAIRS_NAMED]
    ]
    more = [f"{len(sure) - PAIRS_NAMED} more"] if len(sure) > PAIRS_NAMED else []
    return f"Pairs that do more than their two alone: {listed([*named, *more])} (of {len(rows)} looked at together)."


def _judged(study: Found, outcome: Row) -> str:
    """By what it was judged whether the indices have settled, and what it would take."""
    judged, found = outcome["convergence"], study.summary
    if judged["converged"] is None:
        return ""
    half, allowed, least = (
        number(found, outcome, value) for value in (judged["half_width"], judged["allowed"], WIDEST)
    )
    largest = "a tenth of the largest index" + ("" if found["method"] == "morris" else f", at least {least}")
    ranking = judged["ranking"] or "there are too few runs to compare with half of them"
    text = (
        f"With n = {judged['n']:,} {found['n_counts']} the widest interval reaches {half} from its index; at most "
        f"{allowed} is allowed ({largest}). {capital(ranking)}."
    )
    if judged["converged"]:
        return text
    more = (judged["n_needed"] - judged["n"]) * found["rows"] // found["n"] * found["replicates"]
    return f"{text} About n = {judged['n_needed']:,} would do, {more:,} more runs."


def _left_out(study: Found, outcome: Row) -> str:
    lost = outcome["left_out"]
    return lost and (
        f"{lost} of {outcome['n'] + lost} {study.summary['n_counts']} are left out: an outcome in them is not a finite "
        "number."
    )


def _negative(study: Found, outcome: Row) -> str:
    """Estimates below zero by chance, and those that chance does not explain."""
    below = [row for row in of_index(outcome, "S1").values() if round(row["value"], 2) < 0.0]
    told = listed([f"{in_words(study, row['parameter'])} {amount(study.summary, outcome, row)}" for row in below])
    if not told:
        return ""
    worse = any(row["high"] < 0.0 for row in below)
    why = f"a few extreme outcomes, or {TOO_FEW}" if worse else "the estimate cannot be told from zero, and is noise"
    return f"By itself below zero, as no true share can be: {told}; {why}."


def _above_total(study: Found, outcome: Row) -> str:
    """Estimates by itself that lie above those with others."""
    total = of_index(outcome, "ST")
    over = [(row, total[name]) for name, row in of_index(outcome, "S1").items()
            if name in total and round(row["value"], 2) > round(total[name]["value"], 2)]  # fmt: skip
    told = [
        f"{in_words(study, row['parameter'])} ({share(row['value'])} over {share(whole['value'])})"
        for row, whole in over
    ]
    if not told:
        return ""
    apart = any(row["low"] > whole["high"] for row, whole in over)
    why = f"some intervals do not even meet: {TOO_FEW}" if apart else "the difference is noise"
    return f"By itself above what it explains with others, which cannot truly be: {listed(told)}; {why}."


def _above_one(study: Found, outcome: Row) -> str:
    """A sum of shares that is larger than the whole."""
    row = of_index(outcome, "S1 sum").get("all")
    if row is None or row["value"] <= 1.0:
        return ""
    why = f"it is more than noise explains: {TOO_FEW}" if row["low"] > 1.0 else "the excess is noise"
    return f"True shares by themselves add up to 100 % at most, these to more; {why}."
