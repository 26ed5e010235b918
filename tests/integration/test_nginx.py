"""The nginx configuration that we ship: what it passes on, what it answers, what it writes down."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import Proxied
from tests.servers.nginx import Nginx
from tests.servers.process import free_port

# An address of the loopback network that nothing else here uses: where it turns up, it leaked.
VISITOR = "127.66.77.88"
TELLING = {
    "User-Agent": "CanaryPhone/1.0",
    "Referer": "http://canary.example/",
    "X-Forwarded-For": "192.0.2.1",
    "X-Real-IP": "192.0.2.1",
    "Forwarded": "for=192.0.2.1",
    "Via": "canary",
    "True-Client-IP": "192.0.2.1",
    "CF-Connecting-IP": "192.0.2.1",
    "X-Havenlight-Peer": "192.0.2.1",
    "Sec-CH-UA": '"Canary"',
}


class Answer:
    """What nginx answered."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def ask(
    address: str, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    """One request from VISITOR, on a connection of its own."""
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10, source_address=(VISITOR, 0))
    try:
        connection.request(method, path, body, {**TELLING, **headers})
        return Answer(connection.getresponse())
    finally:
        connection.close()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """The port of a server behind nginx that answers as `handler` does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextmanager
def nginx_before(tmp_path: Path, *ports: int) -> Iterator[Nginx]:
    """The shipped configuration before other processes than ours."""
    nginx = Nginx(tmp_path, free_port(), list(ports), tmp_path)
    yield nginx
    nginx.close()


class Mirror(BaseHTTPRequestHandler):
    """Answers with the headers that it was sent."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.mark.parametrize("path", ["/", "/chat/token", "/chat/start", "/live/events", "/desk/"])
def test_the_process_is_told_the_address_in_one_header_and_nothing_else(
    tmp_path: Path, path: str
) -> None:
    with serving(Mirror) as port, nginx_before(tmp_path, port) as nginx:
        answer = ask(nginx.address, path)

    passed = json.loads(answer.body)
    assert passed.pop("X-Havenlight-Peer") == VISITOR
    assert passed.pop("Host") == nginx.address.removeprefix("http://")
    assert passed == {"Accept-Encoding": "identity"}


@pytest.mark.parametrize("path", ["/", "/desk/", "/chat/token", "/live/events", "/static/x"])
def test_nothing_writes_the_address_down_when_the_processes_are_away(
    tmp_path: Path, path: str
) -> None:
    with nginx_before(tmp_path, free_port()) as nginx:
        answer = ask(nginx.address, path)
        written = nginx.output()

    assert answer.status in {404, 503}
    assert VISITOR not in written
    assert "canary" not in written.lower()


@pytest.mark.parametrize("path", ["/chat/start", "/chat/token", "/live/events"])
def test_the_protocol_is_told_in_its_words_that_the_processes_are_away(
    tmp_path: Path, path: str
) -> None:
    with nginx_before(tmp_path, free_port()) as nginx:
        answer = ask(nginx.address, path)

    assert answer.status == 503
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.body) == {"code": "stopping", "retry_after": 2}


def test_a_page_says_to_try_again_when_the_processes_are_away(tmp_path: Path) -> None:
    with nginx_before(tmp_path, free_port()) as nginx:
        answer = ask(nginx.address, "/")

    assert answer.status == 503
    assert b"try again" in answer.body
    assert b"nginx" not in answer.body


@pytest.mark.parametrize("path", ["/chat/start", f"/live/conv/{'0' * 32}/m"])
def test_a_body_over_the_limit_is_refused_in_the_words_of_the_protocol(
    proxied: Proxied, path: str
) -> None:
    answer = ask(proxied.address, path, method="POST", body=b"x" * 16_385)

    assert answer.status == 413
    assert json.loads(answer.body) == {"code": "too_large"}


def test_a_flood_of_codes_from_one_address_is_refused_until_it_slows_down(
    tmp_path: Path,
) -> None:
    with serving(Mirror) as port, nginx_before(tmp_path, port) as nginx:
        answers = [ask(nginx.address, "/chat/back") for _ in range(40)]
        written = nginx.output()

    assert [answer.status for answer in answers[:30]] == [200] * 30
    assert answers[-1].status == 429
    assert json.loads(answers[-1].body) == {"code": "too_fast", "retry_after": 2}
    assert VISITOR not in written


@pytest.mark.parametrize(
    ("script", "kept"),
    [
        ("chat/visit.mjs", "no-store"),
        (f"p/{sha256(b'visit').hexdigest()[:4]}.mjs", "no-store"),
        ("console/desk.mjs", "public, max-age=31536000, immutable"),
    ],
)
def test_a_script_comes_compressed_from_disk_and_only_a_member_s_may_be_kept(
    proxied: Proxied, script: str, kept: str
) -> None:
    release = next((proxied.installation.directory / "static").iterdir())
    path = f"/static/{release.name}/{script}"

    answer = ask(proxied.address, path, **{"Accept-Encoding": "gzip"})

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/javascript"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == kept
    assert answer.body == (release / f"{script}.gz").read_bytes()


def test_a_page_comes_compressed_and_is_never_kept(proxied: Proxied) -> None:
    answer = ask(proxied.address, "/", **{"Accept-Encoding": "gzip"})

    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"


class Trickle(BaseHTTPRequestHandler):
    """A stream that says one thing and then waits for the test to end."""

    go_on = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"retry: 1000\n\n")
        self.go_on.wait(20)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def test_the_first_event_of_a_stream_arrives_while_the_stream_is_open(tmp_path: Path) -> None:
    Trickle.go_on.clear()
    with serving(Trickle) as port, nginx_before(tmp_path, port) as nginx:
        host, _, nginx_port = nginx.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(nginx_port)), timeout=5) as connection:
            request = f"GET /live/events HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n"
            connection.sendall(request.encode())
            received = b""
            while b"\n\n" not in received.partition(b"\r\n\r\n")[2]:
                received += connection.recv(4096)
        Trickle.go_on.set()

    assert b"retry: 1000" in received
    assert b"content-encoding" not in received.lower()
