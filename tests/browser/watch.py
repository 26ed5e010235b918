"""Watches the pages of a test: whatever a browser complains of fails it."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

OURS = frozenset({"127.0.0.1", "localhost"})


class Watch:
    """Gathers console errors, content refused by CSP, uncaught errors, requests to other hosts."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of `context` from now on."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def expect(self, pattern: str) -> None:
        """Take no offence at complaints that match, such as "ERR_INTERNET_DISCONNECTED"."""
        self._expected.append(re.compile(pattern))

    def check(self) -> None:
        """Raise AssertionError when a page had something to complain of."""
        faults = [
            fault
            for fault in self._faults
            if not any(pattern.search(fault) for pattern in self._expected)
        ]
        assert not faults, "the browser complains:\n" + "\n".join(faults)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._faults.append(f"{message.text} ({message.location['url']})")

    def _on_error(self, error: WebError) -> None:
        self._faults.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in OURS:
            self._faults.append(f"a request to another host: {request.url}")
