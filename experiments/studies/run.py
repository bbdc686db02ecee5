"""Runs: one storm in one city, played again under consecutive seeds, with the tables of every replicate kept."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.found import Found
from experiments.keys import Key, doubt_key
from experiments.study import Kind

if TYPE_CHECKING:  # what is loaded when it is asked for: --help answers at once
    from experiments.designs.doubt import Doubt
    from experiments.findings.observed import Observed
    from experiments.record import Made
    from experiments.runs.carry_out import RunOptions
    from experiments.runs.ledger import Ledger
    from experiments.runs.plan import Plan
    from sim import Scenario, Seeds

KEYS = (
    Key("scenario", help="Name of a shipped scenario (see `coproduce list`) or a TOML file.", metavar="SCENARIO",
        is_argument=True),
    Key("seed", default=1, help="Seed of the first replicate.", metavar="N", kind=int, least=0, most="SEED"),
    Key("replicates", default=1, help="How many seeds to run, counting up.", metavar="R", kind=int, least=1,
        most="REPLICATES"),
    Key("by", default=("minority",), help="Whom to compare: an attribute, or several crossed by commas. Repeatable.",
        metavar="ATTRIBUTE", kind=list[str]),
    Key("with_changes", default=(), help="Lay a change that fits any city over the scenario. Repeatable.",
        option="--with", metavar="CHANGE", kind=list[str]),
    Key("set", default=(), help="Change a parameter. Repeatable.", metavar="PATH=VALUE", kind=list[str]),
    Key("world_seed", help="Same city in all replicates.", metavar="N", kind=int, least=0, most="SEED"),
    Key("storm_seed", help="Same damage dice throughout.", metavar="N", kind=int, least=0, most="SEED"),
    doubt_key(in_file=False),
)  # fmt: skip
HELP = """Simulate a storm and print who waited longer, by how much, and why.

Examples:

`coproduce run classroom`

`coproduce run tallahassee-michael --replicates 20 --out results/michael --by minority --by income`

`coproduce run classroom --set crews.line.own=12 --set dispatch.policy=first-reported`

`coproduce run classroom --with outreach/mailer-to-all` (to see what a change does, `coproduce compare`)

With `--out`, each replicate is written as soon as it is finished. Interrupted, the same command goes on from there.
"""


class Asked(NamedTuple):
    """What was asked for, checked."""

    scenario: "Scenario"  # with the changes in it
    changes: dict[str, Any]
    seeds: list["Seeds"]
    by: tuple[str, ...]
    seen: "Observed"
    rules: Any
    doubt: "Doubt | None" = None  # about parameters


def ask(
    scenario: Any,
    seed: int = 1,
    replicates: int = 1,
    by: Sequence[str] = ("minority",),
    with_changes: Sequence[str] = (),
    set: Sequence[str] | Mapping[str, Any] = (),
    world_seed: int | None = None,
    storm_seed: int | None = None,
    doubt: Any = None,
    choose: Any = None,
    score: Any = None,
) -> Asked:
    """Check what was asked for; the keys are ``KEYS``, and rules of one's own as of `sim.run`."""
    from analysis.measures.grouping import attributes
    from experiments.designs.changes import changes_of, laid_over
    from experiments.designs.doubt import doubt_of
    from experiments.findings.observed import observed_of
    from experiments.runs.own_rules import rules_of
    from experiments.runs.replicates import seeds_of
    from sim import Scenario, load

    base = scenario if isinstance(scenario, Scenario) else load(scenario)
    changes = {**laid_over(with_changes), **changes_of(set)}
    groupings = tuple(dict.fromkeys(",".join(attributes(name)) for name in by))
    seeds = seeds_of(seed, replicates, world_seed, storm_seed)
    changed = (base.but(changes) if changes else base).as_planned()
    rules = rules_of(choose, score)
    return Asked(changed, changes, seeds, groupings, observed_of(changed), rules, doubt_of(doubt, changed))


def check(asked: Asked, options: "RunOptions") -> None:
    """Refuse a folder that holds replicates of another study; say which are of another model and made again."""
    from experiments.findings.run_flat import measure_and_keep
    from experiments.results.replicates import is_kept, refuse_others
    from experiments.runs.evaluate import patched_of

    if options.out is None:
        return
    rules, rows = asked.rules.told, plan(asked, 1).rows
    wanted = {row.seeds: patched_of(asked.scenario, row).digest for row in rows}
    there = refuse_others(options.out, wanted, rules)
    outdated = sum(not is_kept(options.out, wanted[seeds], seeds, rules, measure_and_keep) for seeds in there)
    if outdated:
        of = f"{outdated} of {len(there)} replicates"
        options.watch.say(f"Made by another version of the model, to be made again: {of}")


def plan(asked: Asked, size: int) -> "Plan":
    """A run for each seed; each leaves its tables."""
    from experiments.designs.doubt import identity_of, rows_of
    from experiments.findings.run_flat import measure_and_keep
    from experiments.runs.plan import Plan
    from experiments.runs.rows import row

    rows = rows_of(asked.doubt, [row(asked.scenario, {}, seeds, asked.rules) for seeds in asked.seeds])
    identity = {"kind": "run", "scenario": asked.scenario.digest, "rules": asked.rules.told, **identity_of(asked.doubt)}
    return Plan(
        {asked.scenario.digest: asked.scenario}, rows, asked.by, identity, {asked.rules.told: asked.rules},
        measure_and_keep, keeps=True,
    )  # fmt: skip


def find(asked: Asked, runs: "Ledger", sizes: Sequence[int]) -> Found:
    """Levels and gaps by group, the whole city, and how it compares with what was observed."""
    from experiments.findings.run import as_data, findings, gaps_table

    found = findings(asked.scenario, plan(asked, 1), asked.seen, runs, asked.doubt)
    summary = as_data(asked.scenario, asked.changes, asked.seeds, found)
    return Found("run", summary, {"gaps": gaps_table(found.comparisons)}, drawn=asked)


def made(asked: Asked) -> "Made":
    """The scenario, and what the command changes."""
    from experiments.designs.doubt import told
    from experiments.record import Made

    return Made(asked.scenario, set_here=tuple(asked.changes), doubt=told(asked.doubt, asked.scenario))


KIND = Kind("run", KEYS, HELP, ask, plan, find, made, check=check)
