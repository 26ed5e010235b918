"""What is left in a browser after start, chat, return code and exit: docs/traces.md.

`make traces` writes the page anew; every run compares it with what was found.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from marionette_driver.errors import UnknownException
from marionette_driver.marionette import Marionette
from playwright.sync_api import Playwright

from havenlight.client import Link, ServerRefused, Visitor
from havenlight.core.seal.encoding import unb64
from tests.browser.background import Background
from tests.browser.chromium import CHROMIUM, CHROMIUM_FLAGS
from tests.browser.conftest import FIREFOX, FIREFOX_PREFERENCES
from tests.browser.desk import until
from tests.browser.profiles import (
    KINDS,
    discarded_by_firefox,
    holding,
    kept_by_chromium,
    kept_by_firefox,
)
from tests.browser.visit import (
    TOLD,
    WOULD_STORE,
    Counselling,
    Counsellor,
    Visit,
    held_in_firefox,
    talk,
)
from tests.servers.installation import Installation
from tests.servers.process import free_port

PAGE = Path(__file__).parents[2] / "docs" / "traces.md"
LINK = "/c/fern"
RELEASE = re.compile(r"/static/[0-9a-f]{12}/")
NEUTRAL = re.compile(RELEASE.pattern + r"p/[0-9a-f]{4}\.mjs")
SAID, HEARD, UNSENT = "gezegdwoord", "gehoordwoord", "ongestuurdwoord"

HEAD = """# Traces

What is left in a browser after a visitor opened the page by a link of a campaign, chatted, took a
return code, began another message and left by the exit. The list is written by
`tests/browser/test_traces.py` (`make traces`), which does all of that in a new profile, closes the
browser, reads the profile's files, and takes away what a profile has that never opened our page.
Every run compares what it finds with this page.

`HOST` is the host name of the helpline; `Info` is the title that the organisation chose; `fern` is
the word of the link, which the organisation chooses as well and which says nothing. Without a link
there is no second address.
"""

TAIL = """
## What it means

What either side said, what was typed and not sent, and the six words were searched for in every
file of both profiles, as UTF-8 and as UTF-16, and are in none.

The last line of each list is what a browser writes to restore a tab that was closed or crashed. The
page stores nothing there while she looks at it. When she goes to another app or tab, and when the
page loads anew, it stores one random secret with what was not sent yet and the code's key, both
sealed, and takes them away when she is back. Chromium writes it to its disk if she stays away for
some seconds, and does not overwrite it when it is taken away. It opens nothing: with it the test
asks the server for the conversation after the exit, and is refused, since the server's half is
destroyed.

Chromium notes in its cache of compiled scripts which scripts ran, though it keeps none of them.
Their names say nothing. To read them one needs the profile's files, not the browser.

Firefox makes room in its cache for an answer that is long in coming (over five seconds, or until
the browser is closed), and hears only from the answer that it may not be kept. It throws the room
away, and erases it some time after its next start. Until then a file holds the address, and nothing
that was there: of a page that stands in the history, or one of the same neutral names. The test
allows these and no other.

Not in these lists, because no page can know: what is kept by a keyboard, a screenshot or recording
of the screen, parental control, a browser that shares its history with another device, the network,
or the phone's own statistics.
"""


@dataclass
class Left:
    """What a browser kept, by kind, which files hold which of what only she should know, and what
    it may or may not have discarded without erasing it yet.
    """

    kept: dict[str, set[str]]
    marks: dict[str, str]
    holding: dict[str, set[str]]
    discarded: frozenset[str] = frozenset()


def marks(conv: str, stored: str, words: list[str]) -> dict[str, str]:
    """What is looked for in every file."""
    secret, _outbox, code = json.loads(stored)
    return {
        "conversation's id": conv,
        "tab's secret": secret,
        "code's key, sealed": code,
        "said": SAID,
        "heard": HEARD,
        "unsent": UNSENT,
        "six words": " ".join(words),
        "first words": "\n".join(words[:2]),
    }


def difference(visited: dict[str, set[str]], baseline: dict[str, set[str]]) -> dict[str, set[str]]:
    return {kind: visited[kind] - baseline[kind] for kind in KINDS}


@pytest.fixture
def anna(site: Installation) -> Iterator[Counsellor]:
    with Counselling(site.address, site.sign_ins[0]) as counsellor:
        yield counsellor


@pytest.fixture
def left_in_chromium(
    playwright: Playwright, site: Installation, anna: Counsellor, tmp_path: Path
) -> Left:
    def browse(profile: Path) -> object:
        return playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=CHROMIUM_FLAGS,
            locale="nl",
            base_url=site.address,
        )

    browse(tmp_path / "baseline").close()
    visited = tmp_path / "visited"
    context = browse(visited)
    page = context.pages[0]
    page.goto(LINK)
    visit = Visit(page)
    conv = talk(visit, anna)
    visit.say(SAID)
    anna.hears(conv, SAID)
    anna.say(conv, HEARD)
    visit.texts.nth(1).wait_for()
    visit.part("code").click()
    visit.page.locator("[data-do=draw]").click()
    visit.part("six").locator("li").first.wait_for()
    words = visit.part("six").locator("li").all_inner_texts()
    visit.page.locator("[data-do=try]").click()
    visit.part("take-typed").fill(" ".join(words))
    visit.page.locator("[data-step=try] [data-do=close]").click()
    visit.box.press_sequentially(UNSENT)
    found = marks(conv, page.evaluate(f"() => {{ {TOLD} }}"), words)
    visit.part("exit").click()
    until(lambda: anna.told(conv)[-1:] == [("ended", "exit")])
    context.close()
    kept = difference(kept_by_chromium(visited), kept_by_chromium(tmp_path / "baseline"))
    return Left(kept, found, holding(visited, found))


@pytest.fixture
def left_in_firefox(site: Installation, anna: Counsellor, tmp_path: Path) -> Iterator[Left]:
    clients = []

    def browse() -> tuple[Marionette, Path]:
        client = Marionette(
            port=free_port(),
            bin=FIREFOX,
            headless=True,
            # Written each second instead of every 15: what a crash would leave is left for certain.
            prefs={**FIREFOX_PREFERENCES, "browser.sessionstore.interval": 1000},
            gecko_log=str(tmp_path / "log"),
            workspace=str(tmp_path),
        )
        client.start_session()
        client.timeout.implicit = 10
        clients.append(client)
        return client, Path(client.instance.profile.profile)

    firefox, baseline = browse()
    firefox.quit(in_app=True)
    firefox, visited = browse()

    def find(selector: str) -> object:
        return firefox.find_element("css selector", selector)

    firefox.navigate(f"{site.address}{LINK}")
    find("[data-part=begin]").click()
    until(lambda: firefox.execute_script(f"return ({WOULD_STORE})()"))
    [conv] = held_in_firefox(firefox)
    anna.accept(conv)
    find("[data-part=text]").send_keys(SAID)
    find("[data-part=composer] button").click()
    anna.hears(conv, SAID)
    anna.say(conv, HEARD)
    find("[data-part=code]").click()
    find("[data-do=draw]").click()
    until(lambda: len(firefox.find_elements("css selector", ".six li")) == 6)
    words = [one.text for one in firefox.find_elements("css selector", ".six li")]
    find("[data-do=try]").click()
    find("[data-part=take-typed]").send_keys(" ".join(words))
    find("[data-step=try] [data-do=close]").click()
    find("[data-part=text]").send_keys(UNSENT)
    found = marks(conv, firefox.execute_script(TOLD), words)
    sessions = visited / "sessionstore-backups"
    until(lambda: holding(sessions, {"page": site.address})["page"])
    # The other site is out of reach here, which Marionette takes for a failure of the click.
    with contextlib.suppress(UnknownException):
        find("[data-part=exit]").click()
    until(lambda: anna.told(conv)[-1:] == [("ended", "exit")])
    firefox.quit(in_app=True)
    kept = difference(kept_by_firefox(visited), kept_by_firefox(baseline))
    yield Left(kept, found, holding(visited, found), frozenset(discarded_by_firefox(visited)))
    for client in clients:
        client.cleanup()


def section(browser: str, left: Left, site: Installation) -> str:
    """The list of one browser."""
    host = site.address.removeprefix("http://")
    lines = [f"\n## {browser}\n", "| | |", "| --- | --- |"]
    for kind in KINDS:
        named = {RELEASE.sub("/static/…/", row.replace(host, "HOST")) for row in left.kept[kind]}
        rows = sorted(named)
        lines.append(f"| {kind} | {'<br>'.join(f'`{row}`' for row in rows) or 'nothing'} |")
    secrets = sorted(name for name, files in left.holding.items() if files)
    lines.append(f"| files that restore a tab | {'; '.join(secrets) or 'nothing'} |")
    return "\n".join(lines) + "\n"


def compare(browser: str, found: str) -> None:
    """Hold `found` against the page, or write it there when that was asked for."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD + TAIL
    pattern = re.compile(rf"\n## {browser}\n.*?(?=\n## |{re.escape(TAIL)}|\Z)", re.S)
    written = pattern.search(page)
    if os.environ.get("WRITE_TRACES"):
        rest = pattern.sub("", page).removeprefix(HEAD).partition(TAIL[: TAIL.index("\n", 1)])[0]
        lists = sorted([*re.findall(r"\n## .*?(?=\n## |\Z)", rest, re.S), found])
        PAGE.write_text(HEAD + "".join(lists) + TAIL, encoding="utf-8")
    else:
        assert page.startswith(HEAD), "other words before the lists: make traces"
        assert page.endswith(TAIL), "other words after the lists: make traces"
        assert written, f"{PAGE.name} says nothing of {browser}: make traces"
        assert found == written.group(), "other traces than docs/traces.md lists: make traces"


async def ask_again(address: str, marks: dict[str, str]) -> None:
    """What whoever has the profile could do: ask for the conversation as the tab would."""
    async with Link(address) as link:
        secret = unb64(marks["tab's secret"])
        await Visitor.reload(link, marks["conversation's id"], secret)


def check(browser: str, left: Left, site: Installation, background: Background) -> None:
    """Nothing of what was said, nothing that opens anything, and no more than the page lists."""
    with pytest.raises(ServerRefused, match="unknown"):
        background.run(ask_again(site.address, left.marks))
    for name in ("said", "heard", "unsent", "six words", "first words"):
        assert not left.holding[name], f"{browser} keeps {name}"
    opened = {site.address.removeprefix("http://") + path for path in ("/", LINK)}
    told = {row for row in left.discarded - opened if not NEUTRAL.search(row)}
    assert not told, f"{browser} discarded, but still has"
    compare(browser, section(browser, left, site))


def test_chromium_keeps_no_more_than_the_page_of_traces_lists(
    left_in_chromium: Left, site: Installation, background: Background
) -> None:
    check("Chromium", left_in_chromium, site, background)


def test_firefox_keeps_no_more_than_the_page_of_traces_lists(
    left_in_firefox: Left, site: Installation, background: Background
) -> None:
    check("Firefox", left_in_firefox, site, background)
