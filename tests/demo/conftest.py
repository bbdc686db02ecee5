"""A demo served on a free port, and a real browser without a network."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from app.demo.engine import Asked, Engine
from app.demo.lessons import City
from app.demo.server import Server
from sim import load

PLAIN = City((), {})


@pytest.fixture(scope="session")
def engine():
    return Engine(load("classroom"))


@pytest.fixture(scope="session")
def server(engine):
    """The demo of the classroom town, listening on a free port of this machine."""
    engine.outcomes(Asked("", 1, PLAIN))
    listening = Server("127.0.0.1", 0, engine, 1)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield listening
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture(scope="session")
def address(server):
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture(scope="session")
def browser():
    """Chromium, from $COPRODUCE_CHROMIUM or the PATH."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = os.environ.get("COPRODUCE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not program or not Path(program).exists():
        pytest.skip("no Chromium: install one, or set COPRODUCE_CHROMIUM to its path")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()
