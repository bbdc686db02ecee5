"""Who may import whom: between the packages, and inside ``sim`` from the bottom up.

A new module in ``sim`` needs a place in ``LAYERS``; to move one is to change the design, so tell why.
Imports inside functions count too: they hide an arrow, they do not turn it round.
"""

import ast
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

# Each package, and the packages of ours that it may import.
ARROWS = {
    "scenarios": set(),
    "sim": {"scenarios"},
    "analysis": set(),
    "experiments": {"sim", "analysis", "scenarios"},
    "app": {"experiments", "sim", "analysis", "scenarios"},
}
NEVER_IMPORTED = {"tests", "benchmarks", "docs", "dev"}

# The modules of sim, bottom first. Each may import those that stand before it, in its line or an earlier one.
LAYERS = [
    # Foundations: errors, compilation, chance; parameters; tables from files; the columns and rows of a run.
    (
        "limits",
        "cost_items",
        "errors",
        "notices",
        "files",
        "planned",
        "canonical",
        "plausible",
        "code_folder",
        "kept_code",
        "compiled",
    ),
    ("sources", "fingerprints", "own_rules", "seeds", "luck"),
    ("table_files", "parameters", "overlay", "scenario", "changes", "tables"),
    ("columns", "events", "rows", "memory"),
    # Builders: neighbourhoods and households, grid and ties, and the place they make; then the storm.
    ("dependence", "contrast", "census", "neighbourhoods", "attributes", "household_table", "people"),
    ("labels", "lengths", "sections"),
    ("grid", "sheets", "radial", "network_files", "networks", "facilities", "ties", "place"),
    ("track", "damage", "storm"),
    # Rules.
    ("channels", "outreach", "weatherheads", "home", "reporting", "asking", "hotline"),
    (
        "scores",
        "belief",
        "orders",
        "joining",
        "propensity",
        "predictions",
        "oms",
        "closing",
        "contacts",
        "owners",
        "shifts",
        "crews",
        "patrols",
        "account",
        "outages",
        "splitting",
        "release",
        "dispatch",
    ),
    # A run: its events in order, its tables, and the whole.
    (
        "restoration",
        "certificate",
        "outcome_columns",
        "outcomes",
        "settings",
        "districts",
        "start",
        "costs",
        "simulate",
    ),
    # Pages of reference written from the declarations; faces: Mesa's, and what `from sim import run` sees.
    ("describe", "agents", "model", "__init__"),
]
HEIGHT = {module: height for height, module in enumerate(name for layer in LAYERS for name in layer)}

# Libraries that sim leaves alone, and the modules of sim excepted. Chance comes from sim/luck.py only.
BANNED_IN_SIM = {"matplotlib": set(), "random": set(), "numpy.random": set(), "mesa": {"agents", "model"}}
LATE_LIBRARIES = ["mesa", "matplotlib", "pandas", "scipy.stats"]


class Import(NamedTuple):
    """One imported name, where it stands, and the module of sim (or package) that it stands in."""

    place: str  # file:line
    package: str
    module: str
    target: str  # dotted; `from a.b import c` is a.b.c


def imports_of(package):
    files = sorted((ROOT / package).rglob("*.py"))
    return [found for path in files for found in imports_in(path, package)]


def imports_in(path, package):
    parts = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        for target in targets(node, parts):
            yield Import(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", package, parts[1], target)


def targets(node, parts):
    """The dotted names that one node of the syntax tree reaches for."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        home = ".".join([*parts[: -node.level], *filter(None, [node.module])]) if node.level else node.module
        return [f"{home}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id in ("np", "numpy") and node.attr == "random":
            return ["numpy.random"]
    return []


def reaches(target, library):
    return target == library or target.startswith(library + ".")


def module_in_sim(target):
    """`sim.luck.Luck` is in luck; `sim.run` and `sim` itself are in __init__."""
    _, name, *rest = [*target.split("."), "__init__"]
    is_module = len(rest) > 1 or name in HEIGHT or (ROOT / "sim" / f"{name}.py").is_file()
    return name if is_module else "__init__"


def wrong_between_packages(found):
    target = found.target.split(".")[0]
    if target == found.package or target not in ARROWS.keys() | NEVER_IMPORTED:
        return None
    if target not in ARROWS[found.package]:
        return f"{found.place}: {found.package} may not import {target}"
    return None


def wrong_inside_sim(found):
    if not reaches(found.target, "sim"):
        return None
    target = module_in_sim(found.target)
    if target == found.module or not {target, found.module} <= HEIGHT.keys():
        return None
    if HEIGHT[target] > HEIGHT[found.module]:
        return f"{found.place}: sim.{found.module} may not import sim.{target}, which comes later in LAYERS"
    return None


def wrong_library(found):
    for library, excepted in BANNED_IN_SIM.items():
        if reaches(found.target, library) and found.module not in excepted:
            allowed = ", ".join(f"sim.{module}" for module in sorted(excepted)) or "no module of sim"
            return f"{found.place}: {library} may be imported by {allowed}"
    return None


def all_wrong(rule, *packages):
    return sorted({line for package in packages for line in map(rule, imports_of(package)) if line})


def fail_with(lines):
    assert not lines, "\n" + "\n".join(lines)


def test_every_package_is_there_to_be_read():
    empty = [package for package in ARROWS.keys() - {"scenarios"} if not imports_of(package)]
    fail_with([f"{package}/ holds no imports to check" for package in sorted(empty)])


def test_packages_import_only_the_packages_below_them():
    fail_with(all_wrong(wrong_between_packages, *ARROWS))


def test_every_module_of_sim_has_a_place_in_the_layers():
    paths = [path.relative_to(ROOT / "sim") for path in (ROOT / "sim").rglob("*.py")]
    homeless = {path.with_suffix("").parts[0] for path in paths} - HEIGHT.keys()
    fail_with([f"sim/{name}: give it a place in LAYERS of {Path(__file__).name}" for name in sorted(homeless)])


def test_modules_of_sim_import_only_what_stands_below_them():
    fail_with(all_wrong(wrong_inside_sim, "sim"))


def test_sim_leaves_plots_and_foreign_chance_alone_and_only_the_model_meets_mesa():
    fail_with(all_wrong(wrong_library, "sim"))


def test_importing_sim_loads_no_library_that_a_worker_can_do_without():
    ask = f"import sim, sys; print(*[name for name in {LATE_LIBRARIES} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []


def read(source, path="sim/crews.py"):
    parts = tuple(path.removesuffix(".py").split("/"))
    nodes = ast.walk(ast.parse(source))
    return [Import(path, parts[0], parts[1], target) for node in nodes for target in targets(node, parts)]


def test_the_reader_sees_every_spelling_of_a_forbidden_import():
    for source in (
        "import sim.restoration",
        "from sim import restoration",
        "from sim.restoration import restore",
        "from .restoration import restore",
        "from . import restoration",
        "def late():\n    from sim import run",
    ):
        assert any(map(wrong_inside_sim, read(source))), source
    for source in (
        "import numpy.random",
        "from numpy import random",
        "np.random.rand()",
        "from random import random",
    ):
        assert any(map(wrong_library, read(source))), source
    assert any(map(wrong_between_packages, read("from experiments.runner import sweep")))
    assert any(map(wrong_between_packages, read("import sim", path="analysis/equity.py")))


def test_the_reader_lets_allowed_imports_pass():
    for source in (
        "import numpy as np",
        "from sim import luck",
        "from .oms import predict",
        "from sim.luck import Luck",
    ):
        for rule in (wrong_inside_sim, wrong_library, wrong_between_packages):
            assert not any(map(rule, read(source))), source
    assert not any(map(wrong_library, read("import mesa", path="sim/model.py")))
