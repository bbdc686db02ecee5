"""The words of the page of a sensitivity analysis: what drives an outcome, how surely, and how much is luck."""

from collections.abc import Sequence

from analysis.sensitivity.given import NOTHING
from analysis.sensitivity.sample import MAIN
from app.pages.page import Finding, Row
from app.say.names import capital, described, quoted, subject
from app.say.numbers import DOLLARS, digits_of, known, level_in, share
from experiments.claims import FEWEST
from experiments.found import Found

SHARES = ("sobol", "hdmr", "rbd-fast")  # methods whose index is a share of the variance
MOSTLY_LUCK = 0.5  # share of variance from which a driver is named with reserve
NEXT_TO_NOTHING = 0.05  # total share below which a parameter may be fixed (threshold of Sarrazin et al. 2016)
MOST_NAMED = 3  # drivers


def answer(study: Found) -> list[Finding]:
    """What drives each outcome, and whether more runs would change that."""
    told = [_finding(study, outcome) for outcome in study.summary["outcomes"]]
    return told or [Finding("Nothing was measured.")]


def of_index(outcome: Row, index: str) -> dict[str, Row]:
    """One kind of index, by parameter."""
    return {row["parameter"]: row for row in outcome["indices"] if row["index"] == index}


def ranked(found: Row, outcome: Row) -> list[Row]:
    """Rows of the index that ranks parameters, the largest first; without the one that does nothing."""
    rows = of_index(outcome, MAIN[found["method"]])
    return sorted(
        (row for name, row in rows.items() if name != NOTHING and known(row["value"])), key=lambda row: -row["value"]
    )


def floor_of(found: Row, outcome: Row) -> float:
    """What an interval has to exceed: nothing, or what a parameter that does nothing reaches."""
    row = of_index(outcome, MAIN[found["method"]]).get(NOTHING)
    return float(row["high_together"]) if row and known(row["high_together"]) else 0.0


def is_driver(row: Row, floor: float) -> bool:
    """Whether a parameter surely matters, looked at together with the others."""
    return known(row["low_together"]) and bool(row["low_together"] > floor)


def is_next_to_nothing(found: Row, row: Row) -> bool:
    """Whether a parameter explains so little that it might as well be fixed."""
    return found["method"] in SHARES and bool(row["high"] < NEXT_TO_NOTHING)


def drivers(study: Found, outcome: Row) -> str:
    """What an outcome depends on most."""
    found, of = study.summary, subject(outcome["outcome"])
    rows, floor = ranked(found, outcome), floor_of(found, outcome)
    if outcome["why_no_indices"] or not rows:
        return f"What drives {of} cannot be told. {capital(outcome['why_no_indices'] or 'there are no indices')}."
    first, *others = rows
    if not is_driver(first, floor):
        largest = in_words(study, first["parameter"])
        return f"Nothing that was varied can be told to drive {of}: even {largest}, the first, may have no influence."
    sure = [row for row in others if is_driver(row, floor) and not is_next_to_nothing(found, row)]
    named = [in_words(study, row["parameter"]) for row in sure[: MOST_NAMED - 1]]
    after = f"; next {'comes' if len(named) == 1 else 'come'} {' and '.join(named)}" if named else ""
    most = f"most on {in_words(study, first['parameter'])}{_size(found, outcome, first)}{after}."
    if is_luck(outcome) or found["replicates"] < FEWEST:
        return f"In the storms that were played, {of} depends {most}"
    return f"{capital(of)} depends {most}"


def is_luck(outcome: Row) -> bool:
    """Whether most of what differs is luck."""
    return known(outcome["noise"]["share"]) and bool(outcome["noise"]["share"] >= MOSTLY_LUCK)


def _finding(study: Found, outcome: Row) -> Finding:
    """What an outcome depends on; where luck hides that, the luck first."""
    told, after = drivers(study, outcome), [settled(outcome)] if settled(outcome) else []
    if not is_luck(outcome) or outcome["why_no_indices"]:
        return Finding(told, after)
    of, luck = subject(outcome["outcome"]), share(outcome["noise"]["share"])
    first = f"What drives {of} is hard to tell from chance: {luck} of the differences are luck."
    return Finding(first, [f"{told} Other storms may name other causes.", *after])


def _size(found: Row, outcome: Row, row: Row) -> str:
    size = amount(found, outcome, row)
    if found["method"] in SHARES:
        alone = ", by itself," if found["method"] == "rbd-fast" else ""
        return f", which{alone} explains {size.replace(' (', ' of the differences (', 1)}"
    if found["method"] == "morris":
        unit = {"h": " hours", DOLLARS: ""}.get(outcome["unit"], f" {outcome['unit']}")
        return f", which moves it by {size.replace(' (', f'{unit} over its whole range (', 1)}"
    nothing = of_index(outcome, MAIN[found["method"]]).get(NOTHING)
    idle = f"; doing nothing scores {number(found, outcome, nothing['value'])}" if nothing else ""
    return f", which moves it by {size} on a scale from 0 to 1{idle}"


def number(found: Row, outcome: Row, value: float | None, digits: int = 2) -> str:
    """A number of the size of an index."""
    if found["method"] in SHARES:
        return share(value)
    return level_in(outcome["unit"] if found["method"] == "morris" else "", value, digits)


def amount(found: Row, outcome: Row, row: Row) -> str:
    """An index with its 95 % interval: ``42 % (37 % to 47 %)``."""
    three = row["value"], row["low"], row["high"]
    value, low, high = (number(found, outcome, one, digits_of([three], 2)) for one in three)
    return f"{value} ({low} to {high})" if known(row["low"]) else value


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


def in_words(study: Found, name: str) -> str:
    """A parameter by its meaning alone, in quotation marks; a group of parameters by its name."""
    return quoted(_meanings(study).get(name, name))


def listed(names: Sequence[str]) -> str:
    """Names within a sentence."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _meanings(study: Found) -> dict[str, str]:
    return {row["path"]: described(row) for row in study.made["assumptions"]}


def meaning(study: Found, name: str) -> str:
    """A parameter in words with its name in the model; a group of parameters by its name."""
    known_as = _meanings(study)
    return f"{known_as[name]} ({name})" if name in known_as else name
