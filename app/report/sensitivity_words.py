"""The words of the page of a sensitivity analysis: what drives an outcome, how surely, and how much is luck."""

from analysis.sensitivity.given import NOTHING
from analysis.sensitivity.sample import MAIN
from app.report.folder import Study
from app.report.names import capital, described, gap_pair, quoted
from app.report.numbers import known, plain, share
from app.report.page import Finding, Row
from experiments.claims import FEWEST
from experiments.outcome_names import is_gap, words

SHARES = ("sobol", "hdmr", "rbd-fast")  # methods whose index is a share of the variance
MOSTLY_LUCK = 0.5


def answer(study: Study) -> list[Finding]:
    """What drives each outcome, and whether more runs would change that."""
    told = [finding(study, outcome) for outcome in study.summary["outcomes"]]
    return told or [Finding("Nothing was measured.")]


def subject(outcome: Row) -> str:
    """An outcome within a sentence."""
    if is_gap(outcome["outcome"]):
        us, them = gap_pair(outcome["outcome"])
        return f"the gap between {us} and {them}"
    return f"the {words(outcome['outcome'])}"


def ranked(found: Row, outcome: Row) -> list[Row]:
    """Rows of the index that ranks parameters, the largest first; without the one that does nothing."""
    main = MAIN[found["method"]]
    rows = [row for row in outcome["indices"] if row["index"] == main and row["parameter"] != NOTHING]
    return sorted((row for row in rows if known(row["value"])), key=lambda row: -row["value"])


def floor_of(found: Row, outcome: Row) -> float:
    """What an interval has to exceed: nothing, or what a parameter that does nothing reaches."""
    main = MAIN[found["method"]]
    rows = [r["high_together"] for r in outcome["indices"] if r["index"] == main and r["parameter"] == NOTHING]
    return float(rows[0]) if rows and known(rows[0]) else 0.0


def is_driver(row: Row, floor: float) -> bool:
    """Whether a parameter surely matters, looked at together with the others."""
    return known(row["low_together"]) and bool(row["low_together"] > floor)


def drivers(study: Study, outcome: Row) -> str:
    """What an outcome depends on most."""
    found = study.summary
    rows, floor = ranked(found, outcome), floor_of(found, outcome)
    if outcome["why_no_indices"] or not rows:
        return f"What drives {subject(outcome)} cannot be told: {outcome['why_no_indices'] or 'there are no indices'}."
    sure = [row for row in rows if is_driver(row, floor)]
    if not sure or sure[0] is not rows[0]:
        return f"Nothing that was varied can be told to drive {subject(outcome)}."
    others = [in_words(study, row["parameter"]) for row in sure[1:3]]
    after = f"; next {'comes' if len(others) == 1 else 'come'} {' and '.join(others)}" if others else ""
    most = f"most on {in_words(study, sure[0]['parameter'])}{_size(found, outcome, sure[0])}{after}."
    if _is_luck(outcome) or outcome["noise"]["seeds"] < FEWEST:
        return f"In the storms that were played, {subject(outcome)} depends {most}"
    return f"{capital(subject(outcome))} depends {most}"


def _is_luck(outcome: Row) -> bool:
    share_of_luck = outcome["noise"]["share"]
    return share_of_luck is not None and bool(share_of_luck >= MOSTLY_LUCK)


def finding(study: Study, outcome: Row) -> Finding:
    """What an outcome depends on; where luck hides that, the luck first."""
    told, after = drivers(study, outcome), [settled(outcome)] if settled(outcome) else []
    if not _is_luck(outcome):
        return Finding(told, after)
    luck = share(outcome["noise"]["share"])
    first = f"What drives {subject(outcome)} is hard to tell from chance: {luck} of the differences are luck."
    return Finding(first, [f"{told} Other storms may name other causes.", *after])


def _size(found: Row, outcome: Row, row: Row) -> str:
    if found["method"] in SHARES:
        bounds = f"{share(row['low'])} to {share(row['high'])}" if row["high"] < 1.0 else f"{share(row['low'])} or more"
        return f", which explains {share(row['value'])} of the differences ({bounds})"
    if found["method"] == "morris":
        unit = "hours" if outcome["unit"] == "h" else outcome["unit"]
        bounds = f"{plain(row['low'])} to {plain(row['high'])}"
        return f", which moves it by {plain(row['value'])} {unit} over its whole range ({bounds})"
    return ""


def settled(outcome: Row) -> str:
    """Whether more runs would change the answer."""
    judged = outcome["convergence"]
    if judged["converged"] is None:
        return ""
    if judged["converged"]:
        return "This is settled: more runs would hardly change it."
    factor = judged["n_needed"] / judged["n"] if judged["n"] else None
    more = f" About {factor:.0f} times as many runs would settle it." if factor and factor >= 1.5 else ""
    return f"This is not settled yet.{more}"


def in_words(study: Study, name: str) -> str:
    """A parameter by its meaning alone, in quotation marks; a group of parameters by its name."""
    return quoted(_meanings(study).get(name, name))


def _meanings(study: Study) -> dict[str, str]:
    return {row["path"]: described(row) for row in study.made["assumptions"]}


def meaning(study: Study, name: str) -> str:
    """A parameter in words with its name in the model; a group of parameters by its name."""
    known_as = _meanings(study)
    return f"{known_as[name]} ({name})" if name in known_as else name
