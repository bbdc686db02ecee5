"""Comparisons: arms against a baseline, pair by pair, as many as asked for or as a narrow interval needs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.found import Found
from experiments.keys import BY, Key, doubt_key
from experiments.study import Kind

if TYPE_CHECKING:  # what is loaded when it is asked for: --help answers at once
    from analysis.contrasts.growth import Growth
    from experiments.designs.arms import Arms
    from experiments.findings.pairs import Design, Values
    from experiments.record import Made
    from experiments.runs.carry_out import RunOptions
    from experiments.runs.ledger import Ledger
    from experiments.runs.plan import Plan

PAIRS, MOST_PAIRS = 20, 400
KEYS = (
    Key("baseline", help="Scenario to compare with: a name (see `coproduce list`) or a file.", metavar="BASELINE",
        is_argument=True),
    Key("arms", help="What to compare with it: a change that fits any city (outreach/app-launch), "
        'PATH=VALUE[,PATH=VALUE], or another scenario. "LABEL: ARM" names it. None: the baseline that the scenario '
        "itself gives.", metavar="[ARM]...", kind=list[str], default=(), is_argument=True),
    Key("replicates", help="Pairs, one per seed: 20; with --until-halfwidth the first batch, at least 10.",
        metavar="R", kind=int, least=1, most="REPLICATES"),
    Key("until_halfwidth", help="Add pairs until the 95 % interval of the change of the gap (first --by, every arm) is "
        "this narrow: 0.25 means plus or minus a quarter of an hour.", metavar="HOURS", kind=float),
    Key("max_replicates", default=MOST_PAIRS, help="Most pairs with --until-halfwidth.", metavar="R", kind=int, least=1,
        most="REPLICATES"),
    Key("set", help="Change a parameter in the baseline and in every arm. Repeatable.", metavar="PATH=VALUE",
        kind=list[str], default=()),
    Key("seed", default=1, help="Seed of the first replicate.", metavar="N", kind=int, least=0, most="SEED"),
    Key("by", help="Whom to compare: an attribute, or several crossed by commas. Repeatable.", metavar="ATTRIBUTE",
        kind=list[str], default=()),
    doubt_key(in_file=False),
)  # fmt: skip
HELP = """Compare arms with a baseline: what a change does to the gap, to everybody, and to the bill.

Each seed is run in the baseline and in every arm: the same city, storm and inclinations, so that runs differ only by
what was changed. Printed are the differences with 95 % intervals over pairs, in words and in tables.

Examples:

`coproduce compare classroom crews.line.own=20 --until-halfwidth 0.25`

`coproduce compare tallahassee-michael outreach/no-311 outreach/app-launch --replicates 20 --workers 2 --out
results/311`

`coproduce compare tallahassee-michael "more crews: crews.line.mutual_aid=250"
dispatch.policy=pressure`

`coproduce compare arms/closing` (against the baseline that the file gives)

`coproduce compare classroom outreach/sms-opt-in-default --set reporting.voice=low` (how loud the city is, nobody has
measured: look at low, middle and high)

Groups by default: minority, income (lowest and highest fifth) and medical_device; others with `--by poor`.
"""


class Asked(NamedTuple):
    """What was asked for, checked."""

    design: "Design"
    pairs: int  # to begin with
    until_h: float | None  # half-width asked for
    most: int  # pairs at most, if until_h
    all_groups: bool  # show every group of a grouping, not only the first and the reference
    notes: list[str]
    sources: tuple[dict[str, str], ...]  # by arm: sources of what changes that were named set


def ask(
    baseline: Any,
    arms: Sequence[str] | Mapping[str, Any] = (),
    replicates: int | None = None,
    until_halfwidth: float | None = None,
    max_replicates: int = MOST_PAIRS,
    set: Sequence[str] | Mapping[str, Any] = (),
    seed: int = 1,
    by: Sequence[str] = (),
    doubt: Any = None,
    choose: Any = None,
    score: Any = None,
) -> Asked:
    """Check what was asked for; the keys are ``KEYS``, and rules of one's own as of `sim.run`."""
    from analysis.measures.grouping import attributes
    from experiments.designs.arm_differences import notes
    from experiments.designs.arms_given import arms_given
    from experiments.designs.changes import changes_of
    from experiments.designs.doubt import doubt_of
    from experiments.designs.moved import sources_of
    from experiments.findings.pairs import Design
    from sim import ScenarioError

    everywhere = changes_of(set)
    compared = arms_given(baseline, arms, everywhere, choose, score)
    pairs = _first_pairs(replicates, until_halfwidth, max_replicates)
    chosen = tuple(by) or _groupings_of(compared, of_study=not arms)
    groupings = tuple(dict.fromkeys(",".join(attributes(name)) for name in chosen))
    if groupings == ("all",):
        raise ScenarioError("--by all: there is no gap in a single group; name an attribute, such as --by minority")
    by_gap = tuple(name for name in groupings if name != "all")
    doubted = doubt_of(doubt, compared.baseline.whole)
    if doubted and until_halfwidth is not None:
        raise ScenarioError("--until-halfwidth with --doubt: more pairs do not narrow doubt; give --replicates instead")
    design = Design(compared.baseline, tuple(compared.arms), by_gap, seed, doubted)
    known = [*_set_everywhere(everywhere), *notes(compared), *_question(compared, asked=bool(arms))]
    sources = tuple(sources_of(text if isinstance(text, str) else "") for text in _texts(arms)) or ({},)
    return Asked(design, pairs, until_halfwidth, max_replicates, bool(by), known, sources)


def _texts(arms: Sequence[str] | Mapping[str, Any]) -> Sequence[Any]:
    return list(arms.values()) if isinstance(arms, Mapping) else arms


def check(asked: Asked, options: "RunOptions") -> None:
    """Refuse shards of a study that grows, and a folder of another command; the ledger refuses other comparisons."""
    from sim import ScenarioError

    if asked.until_h is not None and options.shard is not None:
        raise ScenarioError(
            "--shard with --until-halfwidth: no part knows when the whole is enough; give --replicates instead"
        )
    out = options.out
    if out and (out / "summary.json").exists() and not any(out.glob("runs*.sqlite")):
        raise ScenarioError(
            f"--out {out} holds another study (summary.json without runs.sqlite); choose another folder"
        )


def plan(asked: Asked, size: int) -> "Plan":
    """So many pairs."""
    from experiments.findings.pairs import plan_of

    return plan_of(asked.design, size)


def grown(asked: Asked, runs: "Ledger", sizes: Sequence[int]) -> int:
    """How many pairs to look at next."""
    from analysis.contrasts.growth import next_pairs
    from experiments.findings.compare import gap_changes
    from experiments.findings.pairs import values_of

    if asked.until_h is None:
        return sizes[-1]
    changes = gap_changes(values_of(runs, asked.design, sizes[-1]), asked.design.by[0])
    return next_pairs(changes, asked.until_h, asked.most, sizes[-1])


def pilot(asked: Asked, runs: "Ledger", size: int) -> str:
    """How wide the interval of the main difference will be."""
    from experiments.findings.compare import pilot_line
    from experiments.findings.pairs import values_of

    return pilot_line(values_of(runs, asked.design, size), asked.design.by[0], asked.until_h)


def find(asked: Asked, runs: "Ledger", sizes: Sequence[int]) -> Found:
    """Changes, gaps, prices and what pairing saved."""
    from experiments.findings.compare import as_data, findings
    from experiments.findings.pairs import values_of

    values = values_of(runs, asked.design, sizes[-1])
    found = findings(asked.design, values, asked.all_groups, _growth(asked, values, sizes))
    tables = {"compare": found.table} | ({} if found.prices is None else {"costs": found.prices})
    summary = as_data(asked.design, found, asked.sources, asked.notes)
    return Found("compare", summary, tables, drawn=(asked.design, found))


def made(asked: Asked) -> "Made":
    """The baseline, and what arms change of it."""
    from experiments.designs.doubt import told
    from experiments.designs.moved import moved_in
    from experiments.record import Made

    base = asked.design.baseline
    moved = dict.fromkeys(row["path"] for arm in asked.design.arms for row in moved_in(base, arm, {}))
    contents = {arm.name: arm.whole.digest for arm in (base, *asked.design.arms)}
    return Made(base.whole, tuple(moved), tuple(base.patch), contents, told(asked.design.doubt, base.whole))


def _growth(asked: Asked, values: "Values", sizes: Sequence[int]) -> "Growth | None":
    from analysis.contrasts.growth import Growth, half_widths, pairs_needed
    from experiments.findings.compare import gap_changes

    if asked.until_h is None:
        return None
    changes = gap_changes(values, asked.design.by[0])
    needed = pairs_needed(changes, asked.until_h)
    return Growth(asked.until_h, asked.most, list(sizes), half_widths(changes).tolist(), needed)


def _set_everywhere(everywhere: Mapping[str, Any]) -> list[str]:
    """What was changed in the baseline and in all arms alike."""
    told = ", ".join(f"{path} = {value}" for path, value in everywhere.items())
    return [f"In the baseline and in every arm: {told}."] if told else []


def _first_pairs(replicates: int | None, until_h: float | None, most: int) -> int:
    """Pairs to begin with."""
    from experiments.findings.pairs import FIRST_PAIRS
    from sim import ScenarioError

    if until_h is None:
        return PAIRS if replicates is None else replicates
    if not 0.0 < until_h < float("inf"):
        raise ScenarioError(f"--until-halfwidth {until_h:g}: must be a number of hours above 0, such as 0.25")
    first = max(FIRST_PAIRS, replicates or 0)
    if most < first:
        why = "the spread of fewer may look small by luck" if first == FIRST_PAIRS else "the first batch (--replicates)"
        raise ScenarioError(f"--max-replicates {most}: must be at least {first}: {why}")
    return first


def _groupings_of(compared: "Arms", of_study: bool) -> tuple[str, ...]:
    """The groupings to use where none was asked for; that of the scenario's own question first."""
    own = compared.arms[0].scenario.study.get("by") if of_study else None
    return tuple(dict.fromkeys([str(own), *BY])) if own else BY


def _question(compared: "Arms", asked: bool) -> list[str]:
    """The question that a scenario file puts itself."""
    study = compared.arms[0].scenario.study
    if asked or "question" not in study:
        return []
    expected = f" It expects: {study['expect']}." if "expect" in study else ""
    return [f"The question of {compared.arms[0].name}: {study['question']}{expected}"]


KIND = Kind(
    "compare", KEYS, HELP, ask, plan, find, made, lambda asked: asked.pairs, grown, pilot=pilot, check=check,
)  # fmt: skip
