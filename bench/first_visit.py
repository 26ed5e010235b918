"""What a first visit loads, from the address to a box she can type in, as Chromium counts it."""

import statistics
import time
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench import sides
from bench.figures import RUNS, Figures, less_is_better
from tests.browser.chromium import CHROMIUM, CHROMIUM_FLAGS, PROFILES

_TYPING_BOX = "textarea:visible"
# A bad connection: 400 kbit/s, and 400 ms until an answer begins.
_BAD = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


class Traffic:
    """The requests of a page, with the bytes of their answers: headers, and bodies as sent."""

    def __init__(self, session: CDPSession) -> None:
        self._gets: set[str] = set()
        self._bytes: defaultdict[str, int] = defaultdict(int)
        session.on("Network.requestWillBeSent", self._on_request)
        session.on("Network.responseReceived", self._on_head)
        session.on("Network.dataReceived", self._on_data)
        session.on("Network.loadingFinished", self._on_finished)
        session.send("Network.enable")

    @property
    def gets(self) -> int:
        """How many GETs it took until she could type."""
        return len(self._gets)

    @property
    def kilobytes(self) -> float:
        """Of all answers, in 1,000 bytes."""
        return sum(self._bytes.values()) / 1000

    def _on_request(self, event: dict[str, Any]) -> None:
        # A page carries its icon as data:, which loads nothing.
        is_loaded = urlsplit(event["request"]["url"]).scheme in {"http", "https"}
        if is_loaded and event["request"]["method"] == "GET":
            self._gets.add(event["requestId"])

    def _on_head(self, event: dict[str, Any]) -> None:
        # The stream opens beside the box, which does not wait for it; its bytes count all the same.
        if event["response"]["mimeType"] == "text/event-stream":
            self._gets.discard(event["requestId"])
        self._bytes[event["requestId"]] = event["response"]["encodedDataLength"]

    def _on_data(self, event: dict[str, Any]) -> None:
        self._bytes[event["requestId"]] += event["encodedDataLength"]

    def _on_finished(self, event: dict[str, Any]) -> None:
        # The final word, head included; a stream never gets here.
        self._bytes[event["requestId"]] = event["encodedDataLength"]


def visit(page: Page, address: str) -> Traffic:
    """Open the page and press its one button."""
    traffic = Traffic(page.context.new_cdp_session(page))
    page.goto(address)
    page.locator("[data-part=begin]").click()
    page.locator(_TYPING_BOX).wait_for()
    # What is asked for as the box appears belongs to the visit.
    page.wait_for_timeout(1_000)
    return traffic


def seconds_until_typing(page: Page, address: str) -> float:
    """From the address to a box she can type in, on a bad connection."""
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", _BAD)
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator("[data-part=begin]").click()
    page.locator(_TYPING_BOX).wait_for()
    return time.monotonic() - begun


def _phone(browser: Browser) -> Page:
    return browser.new_page(**PROFILES["phone"])


def measure() -> Figures:
    """On a phone, with an empty cache."""
    with (
        sides.havenlight("sqlite", 0, 1) as side,
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS) as browser,
    ):
        traffic = visit(_phone(browser), side.address)
        waits = [seconds_until_typing(_phone(browser), side.address) for _ in range(RUNS)]
    return {
        "first_visit_kb": less_is_better(traffic.kilobytes, "kB", goal=30),
        "first_visit_requests": less_is_better(traffic.gets, "GETs", goal=6),
        "first_visit_typing": less_is_better(statistics.median(waits), "s", goal=3),
    }
