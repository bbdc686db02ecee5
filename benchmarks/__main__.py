"""``python -m benchmarks [PART ...]``: one run, one machine.

contest   the engine beside two plain Mesa models
growth    seconds and memory by size
studies   many runs: rates, overhead, memory, and what pairing saves
"""

import argparse
import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.growth import survey
from benchmarks.studies import QUICK_SIZES as QUICK_STUDIES
from benchmarks.studies import SIZES as STUDIES
from benchmarks.studies import survey as survey_studies
from benchmarks.study_tables import print_studies

PACKAGES = ("coproduce", "mesa", "numpy", "numba", "scipy", "distributed")
PARTS = ("contest", "growth", "studies")
CONTEST = {"households": 10_000, "days": 14.0, "rounds": 3, "engine_repeats": 7}
SIZES = {1_000: 9, 10_000: 9, 117_000: 5, 1_000_000: 3}
QUICK_CONTEST = {"households": 500, "days": 4.0, "rounds": 1, "engine_repeats": 3}
QUICK_SIZES = {500: 3, 1_000: 3, 2_000: 3}
ENGINE = "engine, all rules"


def main() -> None:
    """Measure, print, and keep the figures if asked for."""
    given = read_options()
    parts = given.parts
    figures: dict[str, Any] = {"machine": machine()}
    print_machine(figures["machine"])
    if "contest" in parts:
        from benchmarks.contest import hold  # loads Mesa, which the other parts do without

        figures["contest"] = hold(**(QUICK_CONTEST if given.quick else CONTEST))
        print_contest(figures["contest"])
    if "growth" in parts:
        figures["growth"] = survey(QUICK_SIZES if given.quick else SIZES)
        print_growth(figures["growth"])
    if "studies" in parts:
        figures["studies"] = survey_studies(QUICK_STUDIES if given.quick else STUDIES)
        print_studies(figures["studies"])
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def read_options() -> argparse.Namespace:
    """What to measure."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    options.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; without: all")
    options.add_argument("--quick", action="store_true", help="a short check that everything runs, at small sizes")
    options.add_argument("--json", type=Path, metavar="FILE", help="keep the figures here")
    given = options.parse_args()
    for part in given.parts:  # argparse's own choices refuse an empty list
        if part not in PARTS:
            options.error(f"unknown part '{part}' (one of {', '.join(PARTS)})")
    given.parts = given.parts or list(PARTS)
    return given


def machine() -> dict[str, Any]:
    """Processor, system and versions."""
    return {
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version_of(name) for name in PACKAGES},
    }


def cpu_name() -> str:
    """What the processor calls itself."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def version_of(package: str) -> str:
    """Installed version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def print_machine(found: dict[str, Any]) -> None:
    """One paragraph on where the figures come from."""
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    print(f"{found['cpu']}, {found['cores']} cores; {found['system']}\nPython {found['python']}\n{versions}")
    print("Seconds are processor seconds of one thread, where nothing else is said.\n", flush=True)


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
    for name in ("stepped Mesa", "event-driven Mesa"):
        print(f"ratio to {name}: {rows[name]['seconds'] / rows[ENGINE]['seconds']:.0f}")
    print(flush=True)


def print_growth(growth: dict[str, Any]) -> None:
    """Seconds and memory by size, and the exponents."""
    print("The engine with all rules by size, everything in proportion; each size in a process of its own")
    print(f"{'households':>12}{'world s':>10}{'run s':>10}{'peak MB: libraries':>20}{'world':>8}{'run':>8}")
    for row in growth["rows"]:
        print(f"{row['households']:>12,}{row['world_s']:>10.3f}{row['run_s']:>10.4f}"
              f"{row['base_mb']:>20.0f}{row['world_mb']:>8.0f}{row['run_mb']:>8.0f}")  # fmt: skip
    grows = growth["exponents"]
    print(f"growth exponent from {grows['from']:,} to {grows['to']:,} households: "
          f"world {grows['world_s']:.2f}, run {grows['run_s']:.2f}\n", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
