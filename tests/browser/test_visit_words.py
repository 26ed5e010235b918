"""What a visitor reads and hears: all languages, every refusal, and nothing for axe to find."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from havenlight.core.refusals import STATUS
from havenlight.team.languages import ALL
from tests.browser.visit import WOULD_STORE, Counselling, Counsellor, Visit, talk
from tests.browser.watch import Watch
from tests.servers.installation import Installation

WORDS = {
    "nl": {
        "start": "Hier kun je met iemand praten",
        "emergency": "Bel 112",
        "exit": "Snel weg",
    },
    "en": {
        "start": "You can talk to someone here",
        "emergency": "Call 112",
        "exit": "Leave quickly",
    },
    "ar": {
        "start": "هنا يمكنك الكلام مع شخص",
        "emergency": "اتصل بالرقم 112",
        "exit": "خروج سريع",
    },
}
MESSAGES = re.compile(r"/live/conv/[0-9a-f]{32}/m$")
STREAMS = re.compile(r"/live/events")


@pytest.fixture(scope="module")
def anna(site: Installation) -> Iterator[Counsellor]:
    """Anna, who answers."""
    with Counselling(site.address, site.sign_ins[0]) as counsellor:
        yield counsellor


@pytest.fixture
def all_languages(site: Installation) -> Iterator[None]:
    """Visitors may choose every language, as if a speaker had reviewed each."""
    with closing(sqlite3.connect(site.database, isolation_level=None)) as database:
        settle = (
            "UPDATE team_helplinelanguage"
            " SET is_on = ?, reviewed_by = 'Samira', reviewed_on = '2026-11-01'"
            " WHERE code NOT IN ('nl', 'en')"
        )
        database.execute(settle, (True,))
        yield
        database.execute(settle, (False,))


@pytest.mark.parametrize(
    ("asked", "path", "answered"),
    [
        ("nl", "/", "nl"),
        ("en", "/", "en"),
        ("pl", "/", "en"),
        ("en", "/nl", "nl"),
        ("nl", "/en", "en"),
    ],
)
def test_the_page_speaks_the_language_of_the_browser_or_of_the_address(
    new_page: Callable[..., Page], asked: str, path: str, answered: str
) -> None:
    visit = Visit(new_page("phone", language=asked)).open(path)
    expect(visit.page.locator("html")).to_have_attribute("lang", answered)
    expect(visit.page.get_by_role("heading")).to_have_text(WORDS[answered]["start"])
    other = "Nederlands" if answered == "en" else "English"
    visit.page.get_by_role("link", name=other).click()
    expect(visit.page.get_by_role("heading")).not_to_have_text(WORDS[answered]["start"])


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("nl", "light"), ("nl", "dark"), ("en", "light"), ("ar", "light"), ("ar", "dark")],
)
@pytest.mark.usefixtures("all_languages")
def test_axe_finds_nothing_and_the_way_out_is_always_there(
    new_page: Callable[..., Page],
    anna: Counsellor,
    axe: Callable[[Page], None],
    language: str,
    scheme: str,
) -> None:
    page = new_page("phone", language=language, color_scheme=scheme)
    visit = Visit(page)

    def fine() -> None:
        axe(page)
        for name in ("emergency", "exit"):
            box = page.get_by_role("link", name=WORDS[language][name]).bounding_box()
            assert box
            assert box["height"] >= 44
            assert 0 <= box["y"] < 60
        assert page.evaluate("document.documentElement.scrollWidth") == 360

    visit.open()
    fine()
    page.locator("summary").click()
    fine()
    visit.begin()
    visit.say("a" * 300)
    page.locator("[data-tap=in_danger] [value=true]").click()
    expect(visit.states).not_to_contain_text(["…"])
    fine()
    conv = visit.conv
    anna.accept(conv)
    anna.say(conv, "hoi")
    anna.type(conv)
    expect(visit.part("typing")).to_be_visible()
    fine()
    anna.end(conv)
    expect(visit.part("closed")).to_be_visible()
    fine()


@pytest.mark.parametrize("language", sorted(ALL))
@pytest.mark.usefixtures("all_languages")
def test_every_language_fits_a_small_phone_and_letters_twice_as_large(
    new_page: Callable[..., Page], axe: Callable[[Page], None], language: str
) -> None:
    page = new_page("phone", viewport={"width": 320, "height": 640})
    for path in ("/help", "/info", ""):
        page.goto(f"/{language}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
    axe(page)
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '2.125rem'")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_forced_colours_and_stillness_are_respected(
    new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = new_page("phone", forced_colors="active", reduced_motion="reduce")
    visit = Visit(page).open()
    axe(page)
    visit.begin()
    page.locator("[data-tap=in_danger] [value=true]").click()
    chosen, other = (
        page.locator(f"[data-tap=in_danger] [value={value}]") for value in ("true", "false")
    )
    colour = "(button) => getComputedStyle(button).backgroundColor"
    assert chosen.evaluate(colour) != other.evaluate(colour)
    assert page.evaluate("document.getAnimations().length") == 0
    visit.part("leave").click()


def test_the_exit_stays_on_a_small_screen_with_letters_twice_as_large(
    new_page: Callable[..., Page],
) -> None:
    page = new_page("phone", language="nl", viewport={"width": 320, "height": 568})
    visit = Visit(page).open()
    page.evaluate("document.documentElement.style.fontSize = '2.125rem'")
    visit.begin()
    box = visit.part("exit").bounding_box()
    assert box, "it is there"
    assert box["height"] < 568 / 4
    for down in (0, 99_999):
        page.evaluate(f"scrollTo(0, {down})")
        expect(visit.part("exit")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [320, 360])
def test_all_touch_targets_are_large_enough(new_page: Callable[..., Page], width: int) -> None:
    page = new_page("phone", language="nl", viewport={"width": width, "height": 640})
    visit = Visit(page).open()
    expect(visit.part("begin")).to_be_in_viewport(ratio=1)

    def small() -> list[str]:
        found: list[str] = page.evaluate(
            """() => [...document.querySelectorAll("a, button, summary, textarea")]
              .filter((one) => one.checkVisibility())
              .filter((one) => one.getBoundingClientRect().height < 44)
              .map((one) => one.textContent)"""
        )
        return found

    assert small() == []
    visit.begin()
    assert small() == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    visit.part("leave").click()


def test_new_messages_are_announced_and_old_ones_are_not_again(
    desktop: Page, anna: Counsellor
) -> None:
    visit = Visit(desktop)
    conv = talk(visit, anna)
    log = desktop.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")
    visit.say("one")
    expect(visit.states).to_contain_text(["Arrived"])
    log.evaluate(
        """(log) => {
          window.changed = []
          new MutationObserver((all) => window.changed.push(...all.map(({ type, removedNodes }) =>
            [type, removedNodes.length]))).observe(log, { childList: true })
        }"""
    )
    anna.say(conv, "two")
    anna.read(conv, 1)
    expect(visit.states).to_contain_text(["Seen"])
    assert desktop.evaluate("window.changed") == [["childList", 0]]


def test_the_whole_chat_goes_by_keyboard(desktop: Page, anna: Counsellor) -> None:
    visit = Visit(desktop).open()
    visit.part("begin").focus()
    desktop.keyboard.press("Enter")
    expect(visit.part("title")).to_be_focused()
    desktop.wait_for_function(WOULD_STORE)
    for _ in range(12):
        desktop.keyboard.press("Tab")
        if visit.box.evaluate("(box) => box === document.activeElement"):
            break
    desktop.keyboard.type("hello")
    desktop.keyboard.press("Enter")
    conv = visit.conv
    anna.accept(conv)
    anna.hears(conv, "hello")
    expect(visit.box).to_be_focused()


@pytest.mark.parametrize(
    ("wait_from", "wait_to", "said"),
    [
        (None, None, "We cannot say yet how long it takes."),
        (0, 1, "About 1 minute."),
        (0, 3, "Less than 3 minutes, we think."),
        (5, 15, "About 5 to 15 minutes."),
    ],
)
def test_the_wait_is_said_in_words(
    desktop: Page, wait_from: int | None, wait_to: int | None, said: str
) -> None:
    """The queue of this test is its own: the range comes from a stream that the test writes."""
    event = json.dumps({"wait_from": wait_from, "wait_to": wait_to})
    desktop.route(
        STREAMS,
        lambda route: route.fulfill(
            content_type="text/event-stream", body=f"retry: 3000\n\nevent: q\ndata: {event}\n\n"
        ),
    )
    visit = Visit(desktop).open()
    visit.part("begin").click()
    expect(visit.part("wait")).to_have_text(said)


WRITE_AGAIN = "Something went wrong with this message. Please write it again."
BUSY = "It is very busy here. We keep trying to send your message."
FINAL = {
    "malformed": WRITE_AGAIN,
    "method": WRITE_AGAIN,
    "id_reused": WRITE_AGAIN,
    "not_json": WRITE_AGAIN,
    "taken": WRITE_AGAIN,
    "a_code_of_later": WRITE_AGAIN,
    "too_large": "This message is too long. Send it in parts.",
}
PASSING = {
    "too_fast": "You write fast. The rest is sent in a moment.",
    "busy": BUSY,
    "storage": BUSY,
    "stopping": BUSY,
}
ENDINGS = {
    "ended": "This chat is closed",
    "unknown": "This chat is closed",
    "token": "This chat is closed",
    "epoch": "This page was open for a long time",
    "origin": "Do not chat on this page now",
}


def refuse(page: Page, code: str, *, times: int | None = None) -> None:
    """Answer the next messages with a refusal."""
    body = json.dumps({"code": code, "retry_after": 1})
    status = STATUS.get(code, 400)
    page.route(
        MESSAGES,
        lambda route: route.fulfill(status=status, content_type="application/json", body=body),
        times=times,
    )


def test_every_final_refusal_has_words_and_the_chat_goes_on(
    desktop: Page, anna: Counsellor, watch: Watch
) -> None:
    watch.expect("Failed to load resource")
    visit = Visit(desktop)
    conv = talk(visit, anna)
    for number, (code, words) in enumerate(FINAL.items()):
        refuse(desktop, code, times=1)
        visit.say(f"refused as {code}")
        expect(visit.part("note")).to_have_text(words)
        expect(visit.states.nth(number)).to_have_text("Could not be sent")
    visit.say("and on we go")
    anna.hears(conv, "and on we go")
    expect(visit.part("note")).to_be_empty()


@pytest.mark.parametrize("code", PASSING)
def test_every_refusal_that_passes_has_words_and_the_message_arrives(
    desktop: Page, anna: Counsellor, watch: Watch, code: str
) -> None:
    watch.expect("Failed to load resource")
    visit = Visit(desktop)
    conv = talk(visit, anna)
    refuse(desktop, code, times=1)
    visit.say("later")
    expect(visit.part("note")).to_have_text(PASSING[code])
    anna.hears(conv, "later")
    expect(visit.part("note")).to_be_empty()


@pytest.mark.parametrize("code", ENDINGS)
def test_every_refusal_that_ends_a_chat_has_words(
    desktop: Page, anna: Counsellor, watch: Watch, code: str
) -> None:
    watch.expect("Failed to load resource")
    visit = Visit(desktop)
    talk(visit, anna)
    refuse(desktop, code)
    visit.say("first")
    expect(visit.part("closed-title")).to_have_text(ENDINGS[code])
    expect(visit.states).to_have_text(["Could not be sent"])
    expect(desktop.get_by_role("link", name="Call 112")).to_be_visible()
    assert desktop.evaluate("sessionStorage.length") == 0


def test_a_page_that_is_not_here_has_the_emergency_line_and_no_script(
    desktop: Page, watch: Watch
) -> None:
    watch.expect("404")
    desktop.goto("/not-here")
    expect(desktop.get_by_role("heading")).to_have_text("This page is not here")
    expect(desktop.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    assert desktop.locator("script").count() == 0
