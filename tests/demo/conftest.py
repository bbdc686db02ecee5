"""A demo served on a free port."""

import threading

import pytest

from app.demo.engine import Asked, Engine
from app.demo.lessons import City
from app.demo.server import Server
from sim import load
from tests.demo.steering import PROJECTOR, visit

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


@pytest.fixture
def page(browser, address):
    """A page whose every request and complaint is looked at when the test is over."""
    context = browser.new_context(viewport=PROJECTOR)
    opened = context.new_page()
    asked, complaints = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    visit(opened, address)
    yield opened
    context.close()
    assert not [url for url in asked if not url.startswith(address)]
    assert complaints == []
