"""What a result depends on is found in the sources: all of it, and nothing else."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from analysis.measures import table
from experiments.runs.evaluate import measure_run
from sim import run
from sim.core.sources import OURS, digest, digest_of, files, folder_of, is_library, model_digest
from sim.engine import restoration
from tests.house.test_imports_point_one_way import ARROWS
from tests.studies.small import environment

ROOT = Path(__file__).resolve().parents[2]
MODEL, MEASURES = "sim.engine.simulate", "experiments.runs.evaluate"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the packages, to be edited."""
    home = tmp_path_factory.mktemp("home")
    for package in OURS:
        shutil.copytree(ROOT / package, home / package, ignore=shutil.ignore_patterns("__pycache__"))
    return home


def moved(copy, edited):
    """Which of the two digests move when a file is edited."""
    path = copy / edited
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}# a comment\n", encoding="utf-8")
    digest.cache_clear()
    try:
        return {module for module in (MODEL, MEASURES) if digest(module, home=copy) != digest(module)}
    finally:
        path.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ("sim/mesa_face/agents.py", set()),
        ("sim/mesa_face/model.py", set()),
        ("sim/engine/describe.py", set()),
        ("app/faces/terminal.py", set()),
        ("analysis/figures/curves.py", set()),
        ("experiments/runs/ledger.py", set()),
        ("analysis/measures/table.py", {MEASURES}),
        ("analysis/measures/reliability.py", set()),
        ("analysis/measures/survival.py", {MEASURES}),
        ("sim/engine/costs.py", {MEASURES}),
        ("sim/rules/scores.py", {MODEL, MEASURES}),
        ("sim/inputs/parameters/utility.py", {MODEL, MEASURES}),
        ("sim/world/network_files.py", {MODEL, MEASURES}),
    ],
)
def test_a_digest_covers_what_its_result_depends_on_and_no_more(copy, edited, expected):
    assert moved(copy, edited) == expected


def test_the_packages_that_are_followed_are_all_of_ours():
    assert set(OURS) == set(ARROWS)


def test_functions_lead_to_the_modules_that_they_stand_in():
    assert digest_of(run) == model_digest() == digest(MODEL)
    assert digest_of(measure_run) == digest(MEASURES) != model_digest()
    found = files(MEASURES)
    assert Path(table.__file__) in found.values()
    assert Path(restoration.__file__) in found.values()
    assert "sim.mesa_face.agents" not in found
    assert "sim.__init__" not in found


def test_every_spelling_of_an_import_is_followed_and_a_name_passed_on_leads_to_its_source(tmp_path):
    sources = {
        "rules/__init__.py": "from rules.inner import score\nfrom rules.other import unused\n",
        "rules/inner.py": "from . import near\nfrom .deep.down import x\ndef score():\n    import late\n",
        "rules/other.py": "unused = 1\n",
        "rules/near.py": "from rules import near, score\n",
        "rules/deep/down.py": "import numpy\nfrom sim.core.limits import ROWS\n",
        "late.py": "import rules.inner\n",
        "mine.py": "from rules import score\n",
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = files("mine", own=tmp_path)
    assert next(iter(found)) == "mine"
    assert set(found) == {"mine", "rules.inner", "rules.near", "rules.deep.down", "late", "sim.core.limits"}
    assert folder_of("rules.deep.down", found["rules.deep.down"]) == tmp_path
    assert folder_of("rules", tmp_path / "rules/__init__.py") == tmp_path


def test_libraries_are_told_from_ones_own():
    assert is_library(Path(pytest.__file__))
    assert is_library(Path(shutil.__file__))
    assert not is_library(Path(__file__))


USES = """
    import sys
    from experiments.runs.workers import Here
    from experiments.runs.ledger import Ledger
    from experiments.runs.plan import plan_of
    from experiments.runs.rows import Finished, key
    from experiments.runs.work import prepare
    from sim import ScenarioError, Seeds, load
    plan = plan_of([(load("classroom"), {}, Seeds.all(n)) for n in (1, 2)], (), {"kind": "a test"})
    try:
        with Ledger.open(sys.argv[1], plan.identity) as ledger:
            work = prepare(plan, ledger)
            ledger.add(*(Finished(t.key, t.row, {"m": 1.0}, None, 0.1) for t in map(work.task, range(len(work.keys)))))
            print("recalled", work.recalled)
    except ScenarioError as bad:
        print(bad)
"""


def test_a_ledger_outlives_a_comment_in_a_face_and_is_refused_after_a_change_of_a_mean(copy, tmp_path):
    def told():
        command = [sys.executable, "-c", textwrap.dedent(USES), str(tmp_path / "runs.sqlite")]
        place = {**environment(), "PYTHONPATH": str(copy)}
        return subprocess.run(command, cwd=copy, env=place, capture_output=True, text=True, check=True).stdout.strip()

    assert told() == "recalled 0"
    for edited in ("sim/mesa_face/agents.py", "analysis/figures/curves.py"):
        (copy / edited).write_text((copy / edited).read_text(encoding="utf-8") + "# a comment\n", encoding="utf-8")
    assert told() == "recalled 2"
    arithmetic = copy / "analysis/measures/survival.py"
    arithmetic.write_text(arithmetic.read_text(encoding="utf-8") + "# another median\n", encoding="utf-8")
    assert (
        "holds runs of another version of the measures (experiments.runs.evaluate:measure_run); choose another"
        in told()
    )
    assert "\n" not in told()
