"""What :mod:`benchmarks.promises` measures, a process each: ``python -P promise_rows.py MEASUREMENT SIZES``.

The same file measures this checkout and an older one, whichever ``PYTHONPATH`` names. So it keeps to names that both
have, and asks `benchmarks` of the measured checkout for what depends on how that one is built.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

CITY = "tallahassee-michael"
MEMORY_SHARE = 0.5  # of this machine's, which a large city may ask for before it is refused more
FIRST = "from sim import load, run; run(load({scenario!r}), seed=1)"
STARTED = re.compile(r"The live city is at http://127\.0\.0\.1:(\d+)/")


def town(households: int, repeats: int) -> dict[str, Any]:
    """Seconds of world and run, and peak memory."""
    from benchmarks.growth import measure

    bounded()
    try:
        return measure(households, repeats)
    except MemoryError:
        return {"failed": f"needs more than {most_bytes() / 1e9:.0f} GB"}


def contest(**sizes: Any) -> dict[str, float]:
    """Ratios to the two Mesa models."""
    from benchmarks.contest import hold

    seconds = {name: row["seconds"] for name, row in hold(**sizes)["contestants"].items()}
    engine = seconds["engine, all rules"]
    return {"to_stepped": seconds["stepped Mesa"] / engine, "to_events": seconds["event-driven Mesa"] / engine}


def command(households: int) -> dict[str, Any]:
    """Seconds on the clock and peak memory of ``coproduce run ... --out``."""
    with TemporaryDirectory(prefix="coproduce-") as folder:
        words = ["-m", "app.cli", "run", CITY, *settings(households), "--out", f"{folder}/out"]
        started = time.perf_counter()
        answer = subprocess.run([sys.executable, *words], capture_output=True, text=True, preexec_fn=bounded)
        taken_s = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024.0 / 1e6
    if answer.returncode != 0:
        return {"failed": f"fails with {most_bytes() / 1e9:.0f} GB", "said": answer.stderr[-2000:]}
    return {"clock_s": taken_s, "peak_mb": peak_mb}


def settings(households: int) -> list[str]:
    """The benchmark's city at a size, as options of the command."""
    from benchmarks import city
    from sim import load
    from sim.inputs.parameters.declare import catalogue

    old, new = load(CITY), city.everything(households)
    moved = [each.path for each in catalogue(new.parameters) if new[each.path] != old[each.path]]
    return [word for path in moved for word in ("--set", f"{path}={new[path]}")]


def bounded() -> None:
    """Refuse this process more than its share of the machine's memory, so that nothing else has to end for it."""
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes(), most_bytes()))


def most_bytes() -> int:
    """The share of the machine's memory."""
    return int(MEMORY_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def study(households: int, runs: int, blocks: int, workers: int, of: int) -> dict[str, float]:
    """Seconds of so many runs of a Sobol' design, from the rate of blocks of its runs."""
    from benchmarks.study_runs import seconds_of, sweep, town, wake
    from experiments.runs.workers import Processes

    scenario, hands = town(households), Processes(workers)
    try:
        wake(hands, scenario, workers)
        taken = [seconds_of(sweep(scenario, runs, first=n * runs), hands) for n in range(blocks)]
    finally:
        hands.close()
    return {"clock_s": of * median(taken) / runs}


def overhead(households: int, runs: int, rounds: int) -> dict[str, float]:
    """Seconds of a run of a study outside the engine."""
    from benchmarks.study_overhead import overhead

    return {"clock_s": overhead(households, runs, rounds)["overhead_s"]["median"]}


def first(scenario: str, compiled_before: bool) -> dict[str, float]:
    """Processor seconds of a first process: imports, compilation, one run. Python's own bytecode is made before."""
    ask = [sys.executable, "-c", FIRST.format(scenario=scenario)]
    subprocess.run(ask, check=True)
    with TemporaryDirectory(prefix="coproduce-") as folder:
        surroundings = os.environ if compiled_before else {**os.environ, "NUMBA_CACHE_DIR": folder}
        before_s = processor_s()
        subprocess.run(ask, env=surroundings, check=True)
        return {"processor_s": processor_s() - before_s}


def processor_s() -> float:
    """Processor seconds of processes that have ended below this one."""
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken.ru_utime + taken.ru_stime


def live(households: int, moves: int) -> dict[str, float]:
    """Seconds on the clock from a question of the live city's page until the whole storm has come over HTTP."""
    with serving(households) as port:
        line, taken, world = HTTPConnection("127.0.0.1", port), [], None
        for number in range(1 + moves):
            seconds, world = asked_of(line, 0.5 + 0.01 * number, world)
            taken.append(seconds)
    return {"clock_s": median(taken[1:])}  # the first also fetches what the page then has


def drawn(households: int, moves: int) -> dict[str, Any]:
    """Seconds on the clock from a moved control until the page has drawn the storm, as the page itself tells."""
    program = os.environ.get("COPRODUCE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not program or not find_spec("playwright"):
        return {"failed": "no Chromium here"}
    from playwright.sync_api import sync_playwright

    with serving(households) as port, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("html[data-answers]")
        page.locator("summary", has_text="Utility").click()
        page.get_by_role("slider", name="Line crews of its own").focus()
        taken = [moved(page) for _ in range(1 + moves)]
        browser.close()
    return {"clock_s": median(taken[1:])}


def moved(page: Any) -> float:
    """Move the control by a step, and wait for the picture; seconds."""
    before = page.get_attribute("html", "data-answers")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(f'html:not([data-answers="{before}"])')
    return int(page.get_attribute("html", "data-latency")) / 1e3


@contextmanager
def serving(households: int) -> Iterator[int]:
    """The live city of a size on a port of this machine, until it is no longer looked at."""
    words = ["-u", "-m", "app.cli", "demo", CITY, "--customers", str(households), "--no-browser"]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told = STARTED.match(server.stdout.readline())
            if told is None:
                raise RuntimeError("the live city did not start")
            yield int(told[1])
        finally:
            server.kill()


def asked_of(line: HTTPConnection, share: float, world: str | None) -> tuple[float, str | None]:
    """Seconds until the storm has come in which the web channel is offered to such a share; and the mark of its world.

    As the page does, the question names the world that it has, which a server may then leave out.
    """
    city = {"changes": [], "set": {"channels.web.availability": share}}
    question = {"lesson": "", "seed": 1, "city": city, "held": world}
    started = time.perf_counter()
    line.request("POST", "/film", json.dumps(question), {"Content-Type": "application/json"})
    answer = line.getresponse()
    film = answer.read()
    taken_s = time.perf_counter() - started
    if answer.status != 200:
        raise RuntimeError(f"the live city answers {answer.status}: {film[:200]!r}")
    header = json.loads(film[4 : 4 + int.from_bytes(film[:4], "little")])
    return taken_s, header.get("world")


MEASUREMENTS: dict[str, Callable[..., dict[str, Any]]] = {
    "town": town, "contest": contest, "command": command, "study": study, "overhead": overhead, "first": first,
    "live": live, "drawn": drawn,
}  # fmt: skip


def check_measured() -> None:
    """Raise where Python finds another checkout than the one that it was started in."""
    found = find_spec("sim")
    if found is None or Path.cwd() not in Path(str(found.origin)).resolve().parents:
        raise RuntimeError(f"{Path.cwd()} was to be measured, but Python finds {found}")


if __name__ == "__main__":
    check_measured()
    print(json.dumps(MEASUREMENTS[sys.argv[1]](**json.loads(sys.argv[2]))))
