"""What all tests need of the process that they run in, and one real browser for those that open pages."""

import os
import shutil
import signal
from pathlib import Path

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job in the background: its children would be deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
