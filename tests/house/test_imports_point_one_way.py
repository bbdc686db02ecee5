"""Who may import whom: between packages, between the rooms of a package, and between modules, where no circle may be.

To move a room is to change the design, so tell why. Imports inside functions count too: they hide an arrow, they do not
turn it round.
"""

import ast
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import networkx as nx

ROOT = Path(__file__).resolve().parents[2]

# Each package, and the packages of ours that it may import.
ARROWS = {
    "scenarios": set(),
    "sim": {"scenarios"},
    "analysis": set(),
    "experiments": {"sim", "analysis", "scenarios"},
    "app": {"experiments", "sim", "analysis", "scenarios"},
    "coproduce": {"app", "experiments", "sim", "analysis"},
}
NEVER_IMPORTED = {"tests", "benchmarks", "evidence", "docs", "dev"}

# The rooms of a package and the modules that stand in none, bottom first: each may import those that stand before it.
ROOMS = {
    "sim": ("core", "inputs", "world", "rules", "engine", "mesa_face", "__init__"),
    "analysis": ("measures", "contrasts", "sensitivity", "figures", "__init__"),
    "experiments": (
        "keys", "outcome_names", "asked_outcomes", "claims", "results", "runs", "found", "record", "study", "reading",
        "designs", "findings", "studies", "__init__",
    ),
    "app": (
        "process", "say", "pages", "pictures", "result", "faces", "carrying", "calls", "options", "catalogue", "demo",
        "commands", "cli", "__init__",
    ),
}  # fmt: skip

# Libraries that sim leaves alone, and the modules of sim excepted. Chance comes from sim/core/luck.py only.
BANNED_IN_SIM = {"matplotlib": set(), "random": set(), "numpy.random": set(), "mesa": {"mesa_face"}}
LATE_LIBRARIES = ["mesa", "matplotlib", "pandas", "scipy.stats"]


class Import(NamedTuple):
    """One imported name, and where it stands."""

    place: str  # file:line
    module: str  # dotted
    target: str  # dotted; `from a.b import c` is a.b.c

    @property
    def package(self):
        return self.module.split(".")[0]

    @property
    def room(self):
        return room_of(self.module)


def room_of(dotted):
    """`sim.core.luck.Luck` is in core; `sim.run` and `sim` itself are in __init__."""
    package, name, *_ = [*dotted.split("."), ""]
    return name if name in ROOMS.get(package, ()) else "__init__"


def imports_of(package):
    files = sorted((ROOT / package).rglob("*.py"))
    return [found for path in files for found in imports_in(path)]


def imports_in(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        for target in targets(node, parts):
            yield Import(f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}", module, target)


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


def wrong_between_packages(found):
    target = found.target.split(".")[0]
    if target == found.package or target not in ARROWS.keys() | NEVER_IMPORTED:
        return None
    if target not in ARROWS[found.package]:
        return f"{found.place}: {found.package} may not import {target}"
    return None


def wrong_between_rooms(found):
    if not reaches(found.target, found.package) or found.package not in ROOMS:
        return None
    order, room = ROOMS[found.package], room_of(found.target)
    if order.index(room) > order.index(found.room):
        return f"{found.place}: {found.package}.{found.room} may not import {found.target}, which comes later in ROOMS"
    return None


def wrong_library(found):
    for library, excepted in BANNED_IN_SIM.items():
        if found.package == "sim" and reaches(found.target, library) and found.room not in excepted:
            allowed = ", ".join(f"sim.{room}" for room in sorted(excepted)) or "no room of sim"
            return f"{found.place}: {library} may be imported by {allowed}"
    return None


def circles(imports):
    """Modules that import each other, by whatever way round: the strongly connected parts of the graph of imports."""
    modules = {found.module for found in imports}
    graph = nx.DiGraph((found.module, home) for found in imports if (home := home_of(found, modules)))
    return [sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]


def home_of(found, modules):
    """The module that an import leads to; None for a library, and for the package that the module stands in."""
    home = found.target
    while home and home not in modules:
        home = home.rpartition(".")[0]
    return home if home and not found.module.startswith(f"{home}.") and home != found.module else None


def all_wrong(rule, *packages):
    return sorted({line for package in packages for line in map(rule, imports_of(package)) if line})


def fail_with(lines):
    assert not lines, "\n" + "\n".join(lines)


def test_every_package_is_there_to_be_read():
    empty = [package for package in ARROWS.keys() - {"scenarios"} if not imports_of(package)]
    fail_with([f"{package}/ holds no imports to check" for package in sorted(empty)])


def test_packages_import_only_the_packages_below_them():
    fail_with(all_wrong(wrong_between_packages, *ARROWS))


def test_every_room_is_there_and_every_module_in_one():
    for package, rooms in ROOMS.items():
        folder = ROOT / package
        there = {path.relative_to(folder).parts[0].removesuffix(".py") for path in folder.rglob("*.py")}
        assert there == set(rooms)


def test_rooms_import_only_the_rooms_below_them():
    fail_with(all_wrong(wrong_between_rooms, *ROOMS))


def test_no_module_imports_itself_by_way_of_others():
    imports = [found for package in (*ARROWS, "benchmarks") for found in imports_of(package)]
    fail_with([f"a circle of imports: {', '.join(circle)}" for circle in circles(imports)])


def test_a_circle_is_seen():
    ring = [Import("", "sim.a", "sim.b.x"), Import("", "sim.b", "sim.c"), Import("", "sim.c", "sim.a.y")]
    assert circles(ring) == [["sim.a", "sim.b", "sim.c"]]
    assert circles(ring[:2]) == []


def test_sim_leaves_plots_and_foreign_chance_alone_and_only_the_model_meets_mesa():
    fail_with(all_wrong(wrong_library, "sim"))


def test_importing_sim_loads_no_library_that_a_worker_can_do_without():
    ask = f"import sim, sys; print(*[name for name in {LATE_LIBRARIES} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []


def read(source, path="sim/rules/crews.py"):
    parts = tuple(path.removesuffix(".py").split("/"))
    nodes = ast.walk(ast.parse(source))
    return [Import(path, ".".join(parts), target) for node in nodes for target in targets(node, parts)]


def test_the_reader_sees_every_spelling_of_a_forbidden_import():
    for source in (
        "import sim.engine.restoration",
        "from sim.engine import restoration",
        "from sim.engine.restoration import restore",
        "from ..engine.restoration import restore",
        "def late():\n    from sim import run",
    ):
        assert any(map(wrong_between_rooms, read(source))), source
    for source in (
        "import numpy.random",
        "from numpy import random",
        "np.random.rand()",
        "from random import random",
    ):
        assert any(map(wrong_library, read(source))), source
    assert any(map(wrong_between_packages, read("from experiments.runs.runner import execute")))
    assert any(map(wrong_between_packages, read("import sim", path="analysis/measures/equity.py")))


def test_the_reader_lets_allowed_imports_pass():
    for source in (
        "import numpy as np",
        "from sim.core import luck",
        "from .oms import predict",
        "from sim.core.luck import Luck",
    ):
        for rule in (wrong_between_rooms, wrong_library, wrong_between_packages):
            assert not any(map(rule, read(source))), source
    assert not any(map(wrong_library, read("import mesa", path="sim/mesa_face/model.py")))
