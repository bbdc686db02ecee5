"""The page's server: the standard library's HTTP, a handful of files read at the start, three questions.

It is for one teacher's machine. It answers on loopback unless told otherwise; serves only the files of the page folder,
which it holds in memory by name, so that no path leads anywhere else; and refuses what a browser sends on behalf of
another site: a foreign ``Host`` (DNS rebinding), a foreign ``Origin``, a body that is not JSON.
"""

import ipaddress
import os
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any

from analysis.measures.grouping import GroupingError
from app.demo.engine import Engine
from app.demo.questions import ANSWERS, read, start
from sim import ScenarioError

LARGEST_BODY = 64 * 1024  # bytes; a question has about one thousand
PATIENCE_S = 20.0  # for a browser that does not finish its request
TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}  # fmt: skip
ALWAYS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
JSON, TEXT = "application/json", "text/plain; charset=utf-8"


class Refused(Exception):
    """A request that is not answered, with its status and one line."""

    def __init__(self, status: HTTPStatus, line: str) -> None:
        super().__init__(line)
        self.status = status


def page_files() -> dict[str, tuple[str, bytes]]:
    """Type and content of every file of the page, by the path that a browser asks for."""
    folder = Path(str(files("app.demo"))) / "page"
    found = {f"/{path.name}": (TYPES[path.suffix], path.read_bytes()) for path in sorted(folder.iterdir())}
    return {**found, "/": found["/index.html"]}


class Server(ThreadingHTTPServer):
    """Listens, and holds what all requests read."""

    daemon_threads = True  # a slow browser does not keep the program from ending
    block_on_close = False
    allow_reuse_address = os.name != "nt"  # elsewhere two programs could hold one port

    def __init__(self, host: str, port: int, engine: Engine, seed: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.host, self.engine = host, engine
        self.pages = {**page_files(), "/start": (JSON, start(engine, seed))}
        super().__init__((host, port), Handler)

    def is_own(self, name: str) -> bool:
        """Whether a ``Host`` header is one under which this server is meant to be known."""
        host, _, port = (name if ":" in name.rpartition("]")[2] else f"{name}:80").rpartition(":")
        if not port.isdecimal() or int(port) != self.server_address[1]:
            return False
        host = host.strip("[]").lower()
        if host in ("localhost", "127.0.0.1", "::1", self.host.lower()):
            return True
        return not is_loopback(self.host) and (_is_number(host) or host == socket.gethostname().lower())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no error."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host."""
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "coproduce", ""
    timeout = PATIENCE_S
    disable_nagle_algorithm = True  # else a body waits up to 40 ms until the browser has confirmed its header

    def do_GET(self) -> None:
        """A file of the page, or what the page starts from."""
        self._answer(self._page)

    def do_POST(self) -> None:
        """One of the questions of `app.demo.questions`."""
        self._answer(self._question)

    def _answer(self, find: Any) -> None:
        try:
            self._check_sender()
            kind, body = find()
            status = HTTPStatus.OK
        except Refused as no:
            status, kind, body = no.status, TEXT, f"{no}\n".encode()
        except (ScenarioError, GroupingError) as bad:
            status, kind, body = HTTPStatus.BAD_REQUEST, TEXT, f"{bad}\n".encode()
        except OSError:  # the browser has gone, or does not finish its request
            raise
        except Exception as bad:  # our mistake: said once here and once there, and the server goes on
            line = f"a mistake in the program: {type(bad).__name__}: {bad}"
            print(f"coproduce: {line}", file=sys.stderr, flush=True)
            status, kind, body = HTTPStatus.INTERNAL_SERVER_ERROR, TEXT, f"{line}\n".encode()
        if status is not HTTPStatus.OK:
            self.close_connection = True  # its body may still be under way
        self.send_response(status)
        for name, value in {**ALWAYS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _check_sender(self) -> None:
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if not self.server.is_own(host):
            raise Refused(HTTPStatus.FORBIDDEN, "this server is not known under that name")
        if origin is not None and origin != f"http://{host}":
            raise Refused(HTTPStatus.FORBIDDEN, "requests come from this server's own page only")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise Refused(HTTPStatus.FORBIDDEN, "requests come from this server's own page only")

    def _page(self) -> tuple[str, bytes]:
        path = self.path.partition("?")[0]
        if path in ANSWERS:
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "ask this with POST")
        if path not in self.server.pages:
            raise Refused(HTTPStatus.NOT_FOUND, "no such page")
        return self.server.pages[path]

    def _question(self) -> tuple[str, bytes]:
        if self.path not in ANSWERS:
            raise Refused(HTTPStatus.NOT_FOUND, "no such question")
        kind, answer = ANSWERS[self.path]
        if self.headers.get_content_type() != JSON:
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"a question is sent as {JSON}")
        return kind, answer(self.server.engine, read(self._body()))

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "how long is the question?")
        if len(length) > 9 or int(length) > LARGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a question has at most {LARGEST_BODY} bytes")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise Refused(HTTPStatus.BAD_REQUEST, "the question broke off")
        return body

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: a class needs no log of requests."""
