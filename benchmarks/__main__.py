"""``python -m benchmarks [PART ...]``: how fast the program is, on this machine.

contest    the engine beside two plain Mesa models; --record keeps the ratios
history    the ratios that were recorded, release by release
growth     seconds and memory by size; by reports, orders and crews
memory     resident memory over thousands of runs in one process
studies    many runs: rates, overhead, memory, and what pairing saves
promises   what is wanted of the speed, measured; --beside an older checkout
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import growth, growth_within, history, memory, promise_tables, promises
from benchmarks.machine import in_words, machine
from benchmarks.processes import answer_of, load_average
from benchmarks.studies import QUICK_SIZES as QUICK_STUDIES
from benchmarks.studies import SIZES as STUDIES
from benchmarks.studies import survey as survey_studies
from benchmarks.study_tables import print_studies

CONTEST = {"households": 10_000, "days": 14.0, "rounds": 3, "engine_repeats": 7}
SIZES = {1_000: 9, 10_000: 9, 117_000: 5, 1_000_000: 3}
WITHIN = {"households": 10_000, "repeats": 9}
MEMORY = {"households": 100, "looks": [100, 1_000, 10_000]}
QUICK_CONTEST = {"households": 500, "days": 4.0, "rounds": 1, "engine_repeats": 3}
QUICK_SIZES = {500: 3, 1_000: 3, 2_000: 3}
QUICK_WITHIN = {"households": 1_000, "repeats": 1}
QUICK_MEMORY = {"households": 100, "looks": [5, 10, 20]}


def main() -> None:
    """Measure, print, and keep the figures if asked for."""
    given = read_options()
    figures: dict[str, Any] = {"machine": machine()}
    print(in_words(figures["machine"]))
    print("Seconds are processor seconds of one thread, where nothing else is said.\n", flush=True)
    for part in given.parts:
        figures[part] = PARTS[part](given, figures["machine"])
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def contest(given: argparse.Namespace, found: dict[str, Any]) -> Any:
    """Hold it, set it beside the last one recorded, and record it if asked for."""
    busy = load_average()
    held = answer_of("benchmarks.contest", json.dumps(QUICK_CONTEST if given.quick else CONTEST))
    print_contest(held)
    if not given.quick:
        row, rows = history.row_of(held, found, history.version_now(), busy), history.read()
        print("\n".join(history.verdict(row, rows[-1])) if rows else "no contest has been recorded before")
        if given.record:
            history.record(row)
            print(f"recorded as {row['version']}, {row['date']}")
    print(flush=True)
    return held


def past(given: argparse.Namespace, found: dict[str, Any]) -> Any:
    """Print what was recorded."""
    rows = history.read()
    history.print_history(rows)
    return rows


def grown(given: argparse.Namespace, found: dict[str, Any]) -> Any:
    """Measure by size, then by one thing more at a time."""
    sizes = growth.survey(QUICK_SIZES if given.quick else SIZES)
    growth.print_growth(sizes)
    within = answer_of("benchmarks.growth_within", json.dumps(QUICK_WITHIN if given.quick else WITHIN))
    growth_within.print_within(within)
    return {**sizes, "within": within}


def remembered(given: argparse.Namespace, found: dict[str, Any]) -> Any:
    """Measure memory over many runs."""
    held = answer_of("benchmarks.memory", json.dumps(QUICK_MEMORY if given.quick else MEMORY))
    memory.print_memory(held)
    return held


def studied(given: argparse.Namespace, found: dict[str, Any]) -> Any:
    """Measure studies of many runs."""
    figures = survey_studies(QUICK_STUDIES if given.quick else STUDIES)
    print_studies(figures)
    return figures


def promised(given: argparse.Namespace, found: dict[str, Any]) -> Any:
    """Measure what is promised, and write the page if asked for."""
    head, rows = promises.header(given.beside), []
    promise_tables.print_head(head, given.quick)
    for row in promises.survey(promises.QUICK_SIZES if given.quick else promises.SIZES, given.beside):
        promise_tables.print_line(promise_tables.cells(row))
        rows.append(row)
    if given.markdown:
        beside = " --beside DIR" if given.beside else ""
        command = f"python -m benchmarks promises{beside} --markdown {given.markdown}"
        promise_tables.write(given.markdown, promise_tables.markdown(rows, head, found, command))
    return {**head, "rows": rows}


PARTS: dict[str, Callable[[argparse.Namespace, dict[str, Any]], Any]] = {
    "contest": contest, "history": past, "growth": grown, "memory": remembered, "studies": studied,
    "promises": promised,
}  # fmt: skip


def read_options() -> argparse.Namespace:
    """What to measure."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    options.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; without: all")
    options.add_argument("--quick", action="store_true", help="a short check that everything runs, at small sizes")
    options.add_argument("--json", type=Path, metavar="FILE", help="keep the figures here")
    options.add_argument("--record", action="store_true", help="append the contest to benchmarks/history.csv")
    options.add_argument("--beside", type=Path, metavar="DIR", help="an older checkout, for promises to measure too")
    options.add_argument("--markdown", type=Path, metavar="FILE", help="a page to write the table of promises into")
    given = options.parse_args()
    for part in given.parts:  # argparse's own choices refuse an empty list
        if part not in PARTS:
            options.error(f"unknown part '{part}' (one of {', '.join(PARTS)})")
    given.parts = given.parts or list(PARTS)
    complaint = what_does_not_fit(given)
    if complaint:
        options.error(complaint)
    return given


def what_does_not_fit(given: argparse.Namespace) -> str:
    """What options that were given cannot mean together; "" where all is well."""
    for option, part in {"record": "contest", "beside": "promises", "markdown": "promises"}.items():
        if getattr(given, option) and part not in given.parts:
            return f"--{option} belongs to the part {part}"
    if given.quick and (given.record or given.markdown):
        return f"--{'record' if given.record else 'markdown'} keeps figures of the full sizes only, so not with --quick"
    if given.beside and promises.why_no_checkout(given.beside):
        return f"--beside: {promises.why_no_checkout(given.beside)}"
    if given.json and not given.json.absolute().parent.is_dir():
        return f"--json: there is no folder {given.json.absolute().parent}"
    if given.markdown and not promise_tables.has_marks(given.markdown):
        marks = f"'{promise_tables.BEGIN}' and '{promise_tables.END}'"
        return f"--markdown: {given.markdown} has no place for the table, between {marks}"
    return ""


def print_contest(contest: dict[str, Any]) -> None:
    """The three ways to simulate one storm, and the ratios."""
    rows = contest["contestants"]
    print(f"One storm, {contest['households']:,} households, {contest['days']:g} days, "
          f"{contest['devices_failed']:,} devices failed; city and storm built before")  # fmt: skip
    print(f"{'':<30}{'seconds':>10}{'fastest':>10}{'runs':>6}{'lost power':>12}{'mean hours out':>16}")
    for name, row in rows.items():
        print(f"{name:<30}{row['seconds']:>10.4f}{row['fastest']:>10.4f}{row['runs']:>6}"
              f"{row['share_out']:>12.1%}{row['mean_hours_out']:>16.2f}")  # fmt: skip
    state = "rules compiled before" if contest["was_compiled"] else "compiling the rules"
    print(f"first call of the engine, left out above ({state}): {contest['first_call_s']:.2f} s")
    for field, ratio in history.ratios(contest).items():
        print(f"ratio to {history.RATIOS[field]}: {ratio:.0f}")


if __name__ == "__main__":
    main()
