"""A demo served on a free port."""

import threading

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
