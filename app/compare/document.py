"""A comparison as files and as one JSON document.

DIR/   runs.sqlite runs.parquet runs.csv    every run
       compare.csv    arm, grouping, group, measure: means, change, interval, pairs; costs too: outlay, net (the cost at
                      the baseline's crews' bill), total (as simulated), and every item
       costs.csv      net cost (priced_by: at the baseline's crews' bill, or as simulated), gain in hours, and at which
                      price; where runs have costs
       summary.json   all of this for programs, with the findings in words
       study.json     of what kind the columns of the tables are
       figures/
"""

from typing import Any

from app.compare.findings import Findings
from app.compare.printout import closing_words, sentences
from app.compare.request import Request
from app.report.record import MADE, made, moved_in
from app.saving import put_files, put_study
from experiments.designs.arms import Arm


def as_document(asked: Request, found: Findings) -> dict[str, Any]:
    """The findings as plain data."""
    design = asked.design
    words = sentences(asked, found)
    return {
        "baseline": _arm(design.baseline),
        "arms": [
            {
                **_arm(arm),
                "in_short": text,
                "refused": found.refused[arm.name],
                "moved": moved_in(design.baseline, arm, sources),
            }
            for arm, text, sources in zip(design.arms, words, asked.sources, strict=True)
        ],
        "by": list(design.by),
        "first_seed": design.first_seed,
        "pairs": found.pairs,
        "claims_nothing": not found.told,
        "main_gap": found.gaps[0] if found.gaps else None,
        "changes": found.table.to_dict(orient="records"),
        "gap_parts": found.parts.to_dict(orient="records"),
        "groups_shown": found.groups,
        "prices": None if found.prices is None else found.prices.to_dict(orient="records"),
        "pairing": found.pairing.to_dict(orient="records"),
        "smallest_change_seen_h": dict(zip([arm.name for arm in design.arms], found.smallest_h, strict=True)),
        "until_halfwidth": _growth(found),
        "notes": [*asked.notes, *closing_words(asked, found)],
        MADE: _made(asked),
    }


def _made(asked: Request) -> dict[str, Any]:
    base, arms = asked.design.baseline, asked.design.arms
    moved = {row["path"] for arm in arms for row in moved_in(base, arm, {})}
    return made("compare", asked.command, asked.figures, base.whole, moved, base.patch)


def write_files(asked: Request, found: Findings, document: dict[str, Any]) -> None:
    """Write everything but the runs, which are there already."""
    folder = asked.options.out
    assert folder is not None
    costs = {} if found.prices is None else {"costs": found.prices}
    put_study(folder, "compare", {"compare": found.table, **costs}, document)
    if asked.figures:
        from app.compare.pictures import draw_all

        put_files(folder / "figures", lambda target: draw_all(target, asked, found))


def _arm(arm: Arm) -> dict[str, Any]:
    return {
        "name": arm.name,
        "scenario": arm.scenario.name,
        "changes": arm.patch,
        "digest": arm.whole.digest,
        "summary": arm.summary,
    }


def _growth(found: Findings) -> dict[str, Any] | None:
    if found.growth is None:
        return None
    growth = found.growth
    return {
        "asked_h": growth.asked,
        "reached": growth.reached,
        "half_widths_h": growth.half_widths,
        "pairs_after_each_step": growth.steps,
        "most_pairs": growth.most,
        "pairs_needed_by_the_spread": growth.needed,
    }
