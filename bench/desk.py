"""A busy desk in Chromium: how long it works for each change, and for each key that is pressed.

Twelve conversations are open and sixty visitors wait. Event Timing tells of a key how long it was
worked on, and when its frame was painted; what took less than 16 ms it leaves out, and is counted
as 8 here. It rounds to 8 ms. Keys are pressed ten a second, faster than most people type: without
a pause each would wait for those before it.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.figures import Figures, less_is_better
from tests.browser.background import Background
from tests.browser.chromium import CHROMIUM, CHROMIUM_FLAGS, PROFILES
from tests.browser.desk import Desk, People, Person
from tests.servers.installation import Installation

OPEN = 12
WAITING = 60
CHANGES = 20
LETTERS = 120
EVERY = 3
"""So many letters, and she goes to another conversation."""
_KEY_SECONDS = 0.1
_NOT_TOLD_MS = 8

_WATCH = """
window.keys = []
new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    if (one.name === "keydown")
      window.keys.push([one.processingEnd - one.processingStart, one.duration])
}).observe({ type: "event", durationThreshold: 16, buffered: false })
window.frames_ = []
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.frames_.push(one.duration)
}).observe({ type: "longtask", buffered: false })
"""


@contextmanager
def busy_desk(browser: Browser) -> Iterator[tuple[Page, list[Person]]]:
    """A desk with all its conversations and its queue, and those who wait."""
    with tempfile.TemporaryDirectory() as directory, closing(Background()) as background:
        installation = Installation(Path(directory))
        installation.start()
        people = People(background, installation.address)
        try:
            page = browser.new_page(base_url=installation.address, **PROFILES["desktop"])
            desk = Desk(page, installation.sign_ins[0]).sign_in().unlock()
            for number in range(OPEN):
                desk.accept(people.come(f"hello {number}", "and more", "and more still"))
            waiting = [people.come("hello", in_danger=number % 9 == 0) for number in range(WAITING)]
            desk.queue.nth(WAITING - 1).wait_for()
            _show_all_of(page)
            page.evaluate(_WATCH)
            yield page, waiting
        finally:
            people.leave()
            installation.stop()


def _show_all_of(page: Page) -> None:
    """Make the window larger than the page with what a browser has around it: of what lies outside
    the window no frame is ever painted, and the box to write in is at the foot.
    """
    session = page.context.new_cdp_session(page)
    window = session.send("Browser.getWindowForTarget")["windowId"]
    session.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"height": 1_000}})


def redraw_ms(page: Page, session: CDPSession, waiting: list[Person]) -> tuple[float, float]:
    """Milliseconds of the page's thread for one change of the queue: the mean, and the longest
    single task; 50 where none was as long as that.
    """
    page.evaluate("window.frames_ = []")
    before = _task_seconds(session)
    for number in range(CHANGES):
        person = waiting[number]
        person.run(person.visitor.tap(under_18=True))
        # The server tells changes at most five times a second; each is to be one of its own.
        time.sleep(0.3)
    page.wait_for_timeout(1_000)
    longest = max(page.evaluate("window.frames_"), default=50.0)
    return (_task_seconds(session) - before) * 1000 / CHANGES, longest


def _task_seconds(session: CDPSession) -> float:
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def keys_ms(page: Page) -> dict[str, float]:
    """Of letters that are typed and of changes to another conversation: processed, and painted."""
    page.evaluate("window.keys = []")
    page.keyboard.press("Alt+1")
    for number in range(LETTERS):
        _press(page, "abcdefghij"[number % 10])
        if number % EVERY == 0:
            _press(page, f"Alt+{number // EVERY % 9 + 1}")
    page.wait_for_timeout(500)
    told: list[tuple[float, float]] = page.evaluate("window.keys")
    # To go to another conversation is two keys: Alt, and its number.
    pressed = LETTERS + 2 * (LETTERS // EVERY)
    untold = [(_NOT_TOLD_MS, _NOT_TOLD_MS)] * max(0, pressed - len(told))
    processed, painted = zip(*told, *untold, strict=True)
    return {
        "processed_p95": statistics.quantiles(processed, n=20)[-1],
        "painted_p95": statistics.quantiles(painted, n=20)[-1],
    }


def _press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    time.sleep(_KEY_SECONDS)


def measure() -> Figures:
    """Unthrottled, and with a processor that is four times as slow."""
    figures: Figures = {}
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS) as browser,
        busy_desk(browser) as (page, waiting),
    ):
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        for name, rate in (("", 1), ("_4x", 4)):
            session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            mean, longest = redraw_ms(page, session, waiting)
            keys = keys_ms(page)
            figures |= {
                f"desk_redraw_ms{name}": less_is_better(mean, "ms", goal=50),
                f"desk_redraw_longest_ms{name}": less_is_better(longest, "ms", goal=50),
                f"desk_key_processed_ms{name}": less_is_better(
                    keys["processed_p95"], "ms", goal=16
                ),
                f"desk_key_painted_ms{name}": less_is_better(keys["painted_p95"], "ms", goal=50),
            }
    return figures
