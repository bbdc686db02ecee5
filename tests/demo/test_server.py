"""The server: answers its own page, refuses the rest, and goes on."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.demo import questions
from app.demo.server import LARGEST_BODY, Server
from app.demo.serving import opened
from app.process.exits import Stop
from sim import load

ROOT = Path(__file__).resolve().parents[2]
JSON = {"Content-Type": "application/json"}
PLAIN = {"lesson": "", "seed": 1, "city": {"changes": [], "set": {}}}


def ask(server, method, path, body=None, headers=JSON, host=None):
    port = server.server_address[1]
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    line.putheader("Host", host or f"127.0.0.1:{port}")
    sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    for name, value in headers.items():
        line.putheader(name, value)
    if sent is not None and "Content-Length" not in headers:
        line.putheader("Content-Length", str(len(sent)))
    line.endheaders(sent)
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return answer, content


def assert_alive(server):
    assert ask(server, "GET", "/")[0].status == 200


def test_the_page_comes_with_a_strict_policy(server):
    answer, content = ask(server, "GET", "/")
    assert answer.status == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"://" not in content


def test_every_file_of_the_page_is_there_and_names_no_other_place(server):
    names = {path.name for path in (ROOT / "app/demo/page").iterdir()}
    assert {"/", "/start", *(f"/{name}" for name in names)} == set(server.pages)
    for kind, content in server.pages.values():
        if "javascript" in kind or "html" in kind or "css" in kind:
            assert b"http://" not in content.replace(b"http://www.w3.org/2000/svg", b"")  # a name, no address
            assert b"https://" not in content


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/../server.py", 404),
        ("GET", "/..%2fserver.py", 404),
        ("GET", "//etc/passwd", 404),
        ("GET", "/page/../../../etc/passwd", 404),
        ("GET", "/index.html%00", 404),
        ("GET", "/film", 405),
        ("POST", "/", 404),
        ("PUT", "/", 501),
        ("DELETE", "/film", 501),
    ],
)
def test_unknown_paths_and_methods_are_refused(server, method, path, status):
    assert ask(server, method, path, PLAIN if method != "GET" else None)[0].status == status
    assert_alive(server)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 50_000, b'{"seed": ' + b"9" * 5_000 + b"}",
        {**PLAIN, "seed": -1}, {**PLAIN, "seed": 1.5}, {**PLAIN, "seed": True}, {**PLAIN, "seed": 2**60},
        {**PLAIN, "lesson": "nothing"}, {**PLAIN, "lesson": []}, {"lesson": "", "seed": 1}, {**PLAIN, "city": 3},
        {**PLAIN, "city": {"changes": "x"}}, {**PLAIN, "city": {"changes": [[]]}}, {**PLAIN, "city": {"set": []}},
        {**PLAIN, "city": {"set": {"place.tracts": "/etc/passwd"}}},
        b'{"lesson": "", "seed": 1, "city": {"set": {"channels.web.availability": NaN}}}',
    ],
)  # fmt: skip
def test_a_question_that_does_not_fit_gets_one_line(server, body):
    answer, content = ask(server, "POST", "/film", body)
    assert answer.status == 400
    assert content.count(b"\n") == 1
    assert b"Traceback" not in content
    assert_alive(server)


@pytest.mark.parametrize("household", [-1, 2000, "0", None])
def test_a_home_that_is_not_there_is_refused(server, household):
    question = {"lesson": "", "seed": 1, "a": {}, "household": household}
    assert ask(server, "POST", "/story", question)[0].status == 400


@pytest.mark.parametrize("more", [{"by": "nothing"}, {"group": "other"}, {"storms": 10_000}, {"b": None}])
def test_twenty_storms_of_nonsense_are_refused(server, more):
    question = {"lesson": "", "seed": 1, "a": {}, "b": {}, "by": "minority", "group": "minority", **more}
    assert ask(server, "POST", "/storms", question)[0].status == 400


def test_bodies_have_a_length_a_limit_and_a_type(server):
    assert ask(server, "POST", "/film")[0].status == 411
    assert ask(server, "POST", "/film", headers={**JSON, "Content-Length": str(LARGEST_BODY + 1)})[0].status == 413
    assert ask(server, "POST", "/film", headers={**JSON, "Content-Length": "9" * 400})[0].status == 413
    assert ask(server, "POST", "/film", headers={**JSON, "Content-Length": "-5"})[0].status == 411
    assert ask(server, "POST", "/film", PLAIN, headers={"Content-Type": "text/plain"})[0].status == 415
    assert_alive(server)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "localhost", "", "10.0.0.1:{port}"]
)
def test_a_foreign_host_is_refused(server, host):
    port = server.server_address[1]
    assert ask(server, "GET", "/", host=host.format(port=port) or " ")[0].status == 403


@pytest.mark.parametrize("name", ["Origin", "Sec-Fetch-Site"])
def test_a_foreign_page_is_refused(server, name):
    answer, _ = ask(server, "POST", "/film", PLAIN, headers={**JSON, name: "https://evil.example"})
    assert answer.status == 403


def test_the_page_s_own_requests_are_answered_under_both_names(server):
    for host in ("127.0.0.1", "localhost"):
        name = f"{host}:{server.server_address[1]}"
        headers = {**JSON, "Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin"}
        assert ask(server, "POST", "/film", PLAIN, headers=headers, host=name)[0].status == 200


def test_other_addresses_are_known_only_when_asked_for(engine):
    with Server("0.0.0.0", 0, engine, 1) as wide:
        port = wide.server_address[1]
        assert wide.is_own(f"10.0.0.1:{port}")
        assert not wide.is_own(f"evil.example:{port}")


def test_a_browser_that_leaves_in_the_middle_disturbs_nobody(server, capfd):
    question = json.dumps({**PLAIN, "seed": 99}).encode()
    head = f"POST /film HTTP/1.1\r\nHost: 127.0.0.1:{server.server_address[1]}\r\nContent-Type: application/json\r\n"
    for sent in (head, head + "Content-Length: 9000\r\n\r\n{", head + f"Content-Length: {len(question)}\r\n\r\n"):
        with socket.create_connection(server.server_address) as line:
            line.sendall(sent.encode() + (question if sent.endswith(f"{len(question)}\r\n\r\n") else b""))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert_alive(server)
    assert "Traceback" not in capfd.readouterr().err


def test_our_own_mistake_is_one_line_and_the_server_goes_on(server, monkeypatch, capfd):
    def broken(engine, question):
        raise KeyError("oops")

    monkeypatch.setitem(questions.ANSWERS, "/film", ("application/json", broken))
    answer, content = ask(server, "POST", "/film", PLAIN)
    assert (answer.status, content.count(b"\n")) == (500, 1)
    assert "Traceback" not in capfd.readouterr().err
    assert_alive(server)


def test_two_browsers_at_once_get_each_their_own(server):
    asked = [{**PLAIN, "seed": seed, "city": {"set": {"crews.line.own": own}}} for seed in (1, 2) for own in (1, 3, 6)]
    alone = [ask(server, "POST", "/film", question)[1] for question in asked]
    with ThreadPoolExecutor(6) as many:
        together = list(many.map(lambda question: ask(server, "POST", "/film", question)[1], asked * 3))
    assert together == alone * 3
    assert len(set(alone)) == len(alone)


def test_a_small_answer_is_not_held_back_on_a_line_that_stays_open(server):
    line, taken = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10), []
    for _ in range(20):
        begun = time.perf_counter()
        line.request("POST", "/story", json.dumps({"lesson": "", "seed": 1, "a": {}, "household": 5}), JSON)
        line.getresponse().read()
        taken.append(time.perf_counter() - begun)
    line.close()
    assert min(taken[1:]) < 0.035  # held back, each takes 0.04 s


def test_a_taken_port_names_the_next_free_one(server):
    port = server.server_address[1]
    with pytest.raises(Stop, match=rf"--port {port}: taken.*--port \d+"):
        opened(load("classroom"), 1, "127.0.0.1", port)


def test_without_a_port_the_next_free_one_is_taken_and_said(server, monkeypatch, capsys):
    port = server.server_address[1]
    monkeypatch.setattr("app.demo.serving.PORT", port)
    with opened(load("classroom"), 1, "127.0.0.1", None) as other:
        assert other.server_address[1] > port
    assert f"port {port} is taken; using {other.server_address[1]}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("demo", "nowhere.toml"), "nowhere.toml"),
        (("demo", "clasroom"), "did you mean 'classroom'"),
        (("demo", "--host", "256.1.1.1"), "--host 256.1.1.1"),
        (("demo", "invalid/negative"), "invalid/negative"),
    ],
)
def test_what_cannot_be_shown_is_one_line(words, said):
    answer = CliRunner().invoke(app, [*words, "--no-browser"])
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.count("\n") == 1
    assert said in answer.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_command_prints_its_address_warns_of_the_network_and_ends_with_ctrl_c(server):
    command = [sys.executable, "-m", "app.cli", "demo", "--no-browser", "--port", "0", "--host", "0.0.0.0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        killer = threading.Timer(300, demo.kill)
        killer.start()
        line = demo.stdout.readline()
        demo.send_signal(signal.SIGINT)
        rest, errors = demo.communicate()
        killer.cancel()
    assert "http://127.0.0.1:" in line
    assert (demo.returncode, rest.strip()) == (0, "The live city is closed.")
    assert "warning: --host 0.0.0.0" in errors
    assert "Traceback" not in errors
