"""Starting and ending the demo: a port, an address to print, a browser, and Ctrl-C."""

import errno
import socket
import sys
import threading
import webbrowser

from app.demo.engine import Asked, Engine
from app.demo.lessons import City
from app.demo.server import Server, is_loopback
from app.process.exits import Stop
from experiments.runs.watch import COMPILING
from sim import Scenario
from sim.core.compiled import is_cached

HOST, PORT = "127.0.0.1", 8765
TRIES = 50  # ports looked at for a free one
LARGE = 200_000  # households from which on answers take noticeably long


def serve(scenario: Scenario, seed: int, host: str, port: int | None, browser: bool) -> None:
    """Show a city in the browser until Ctrl-C.

    Parameters
    ----------
    port : None takes the first free one from 8765 on; a port of one's own must be free
    """
    server = opened(scenario, seed, host, port)
    with server:
        _warn(scenario, host)
        if not is_cached():
            _say(COMPILING)
        server.engine.outcomes(Asked("", seed, City((), {})))  # compiled and built before anybody looks
        address = f"http://{_shown(host)}:{server.server_address[1]}/"
        try:
            print(f"The live city is at {address}   (Ctrl-C ends it)", flush=True)
            if browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            print("\nThe live city is closed.")


def opened(scenario: Scenario, seed: int, host: str, port: int | None) -> Server:
    """A server that holds its port.

    Raises
    ------
    Stop    the port is taken (the next free one is named), or the host is not this machine's
    """
    engine, wanted = Engine(scenario), PORT if port is None else port
    if port is not None:
        return _listening(host, port, engine, seed) or _taken(host, port)
    for each in range(wanted, wanted + TRIES):
        server = _listening(host, each, engine, seed)
        if server:
            if each != wanted:
                _say(f"port {wanted} is taken; using {each}")
            return server
    raise Stop(f"ports {wanted} to {wanted + TRIES - 1} are all taken; choose one with --port")


def _listening(host: str, port: int, engine: Engine, seed: int) -> Server | None:
    """A server on a port, or None where that is taken."""
    try:
        return Server(host, port, engine, seed)
    except OSError as bad:
        if bad.errno in (errno.EADDRINUSE, errno.EACCES):
            return None
        raise Stop(f"--host {host}: {bad.strerror or bad}; it must be an address of this machine") from None


def _taken(host: str, port: int) -> Server:
    free = next((p for p in range(port + 1, min(port + 1 + TRIES, 65_536)) if _is_free(host, p)), None)
    hint = f"; the next free one: --port {free}" if free else "; choose another with --port"
    raise Stop(f"--port {port}: taken, or not open to you{hint}")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _warn(scenario: Scenario, host: str) -> None:
    if not is_loopback(host):
        _say(f"warning: --host {host} lets other machines on this network use the page; there is no password")
    customers = scenario["place.customers"]
    if customers > LARGE:
        _say(f"note: with {customers:,} households an answer takes a second or more; --customers 10000 would be quick")


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _say(line: str) -> None:
    print(f"coproduce: {line}", file=sys.stderr, flush=True)
