"""The seal in the engines that people have: the vectors, and a cross-check with Python."""

import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from marionette_driver.marionette import Marionette
from playwright.sync_api import Browser

from tests.vectors import SEAL
from tests.vectors.peer import check_answer, sealed_by_python

ROOT = Path(__file__).parents[2]
# The product's own, so that nothing here works by a freedom that its pages do not have.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
PAGE = b"<!doctype html><title>seal</title><script type=module src=/tests/js/page.mjs></script>"


class Workbench(SimpleHTTPRequestHandler):
    """Serves the scripts as they are in the repository, and takes what a page found."""

    server: "Server"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=str(ROOT))

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(PAGE, "text/html")
        elif self.path == "/given":
            given = {"vectors": SEAL, "sealed": sealed_by_python()}
            self._answer(json.dumps(given).encode(), "application/json")
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self.server.outcomes.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(b"", "text/plain")

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: a failure says enough."""

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """One page, and what it found."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Workbench)
        self.outcomes: Queue[dict[str, Any]] = Queue()

    @property
    def address(self) -> str:
        """Where the page is; a loopback address is a secure context, which WebCrypto asks for."""
        return f"http://127.0.0.1:{self.server_port}/"

    def check(self) -> None:
        """Fail unless the page that was opened finds nothing wrong, and Python neither."""
        outcome = self.outcomes.get(timeout=60)
        assert outcome["failures"] == {}
        check_answer(outcome["answer"])


@pytest.fixture
def workbench() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_chromium_keeps_to_the_vectors_and_understands_python(
    chromium: Browser, workbench: Server
) -> None:
    context = chromium.new_context()
    context.new_page().goto(workbench.address)
    workbench.check()
    context.close()


def test_firefox_keeps_to_the_vectors_and_understands_python(
    firefox: Marionette, workbench: Server
) -> None:
    firefox.navigate(workbench.address)
    workbench.check()
