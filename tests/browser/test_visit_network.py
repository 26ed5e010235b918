"""A visitor whose network, phone or server fails in the middle of a sentence: nothing is lost."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.desk import until
from tests.browser.visit import HIDE, Counselling, Counsellor, Visit, talk
from tests.browser.watch import Watch
from tests.servers.installation import Installation

OFFLINE = "ERR_INTERNET_DISCONNECTED"
CUT = "ERR_FAILED"
NO_SERVER = "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY"
MESSAGES = re.compile(r"/live/conv/[0-9a-f]{32}/m$")
STREAMS = re.compile(r"/live/events")
LOST = "No connection. We keep trying. What you write is sent later."


@pytest.fixture(scope="module")
def anna(site: Installation) -> Iterator[Counsellor]:
    """Anna, who answers."""
    with Counselling(site.address, site.sign_ins[0]) as counsellor:
        yield counsellor


def test_what_is_written_without_network_is_sent_after(
    desktop: Page, anna: Counsellor, watch: Watch
) -> None:
    watch.expect(OFFLINE)
    visit = Visit(desktop)
    conv = talk(visit, anna)
    visit.say("before")
    anna.hears(conv, "before")
    desktop.context.set_offline(True)
    desktop.wait_for_function("!navigator.onLine")
    visit.say("meanwhile, one", "meanwhile, two")
    expect(visit.states.nth(1)).to_have_text("Not sent yet")
    expect(visit.part("connection")).to_have_text(LOST)
    anna.say(conv, "are you there?")
    visit.box.fill("half a sen")
    desktop.context.set_offline(False)
    expect(visit.part("connection")).to_be_empty()
    expect(visit.box).to_have_value("half a sen")
    expect(visit.texts).to_have_text(
        ["before", "are you there?", "meanwhile, one", "meanwhile, two"]
    )
    expect(visit.states).to_contain_text(["Arrived"] * 3)
    anna.hears(conv, "before", "meanwhile, one", "meanwhile, two")


def test_a_message_whose_answer_was_lost_is_there_once(
    desktop: Page, anna: Counsellor, watch: Watch
) -> None:
    watch.expect(CUT)
    visit = Visit(desktop)
    conv = talk(visit, anna)
    bodies: list[str | None] = []

    def lose_first_answer(route: Route) -> None:
        bodies.append(route.request.post_data)
        if len(bodies) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort()

    desktop.route(MESSAGES, lose_first_answer)
    visit.say("only once", "and then this")
    expect(visit.states).to_contain_text(["Arrived", "Arrived"])
    anna.hears(conv, "only once", "and then this")
    assert bodies[0] == bodies[1] != bodies[2]


def test_a_reload_goes_on_and_sends_what_was_not_sent(
    desktop: Page, anna: Counsellor, watch: Watch
) -> None:
    watch.expect(CUT)
    visit = Visit(desktop)
    conv = talk(visit, anna)
    anna.say(conv, "hello")
    visit.say("hi")
    expect(visit.states).to_contain_text(["Arrived"])
    desktop.route(MESSAGES, lambda route: route.abort())
    visit.say("not sent", "not sent either")
    expect(visit.states.last).to_have_text("Not sent yet")
    desktop.reload()
    expect(visit.texts).to_have_text(["hello", "hi", "not sent", "not sent either"])
    desktop.unroute(MESSAGES)
    expect(visit.states).to_contain_text(["Arrived"] * 3)
    visit.say("and on we go")
    anna.hears(conv, "hi", "not sent", "not sent either", "and on we go")
    expect(visit.part("title")).to_have_text("You are talking with Anna")


def test_a_tab_that_was_thrown_away_in_line_keeps_its_place(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone).open().begin()
    conv = visit.conv
    visit.say("ik wacht")
    expect(visit.states).to_contain_text(["Aangekomen"])
    phone.goto("about:blank")
    phone.go_back()
    expect(visit.texts).to_have_text(["ik wacht"])
    expect(visit.part("queue")).to_be_visible()
    anna.accept(conv)
    expect(visit.part("title")).to_have_text("Je praat met Anna")
    anna.hears(conv, "ik wacht")


def test_a_chat_that_ended_while_she_was_away_says_so_and_leaves_nothing(
    desktop: Page, anna: Counsellor, watch: Watch
) -> None:
    watch.expect("404")
    visit = Visit(desktop)
    conv = talk(visit, anna)
    desktop.goto("about:blank")
    # A page that goes may hear the end while it is still going, and then has nothing to keep.
    anna.misses(conv)
    anna.end(conv)
    desktop.go_back()
    expect(visit.part("closed-title")).to_have_text("This chat is closed")
    assert desktop.evaluate("sessionStorage.length") == 0


def test_last_words_said_while_she_was_away_are_still_read(
    desktop: Page, anna: Counsellor, watch: Watch
) -> None:
    watch.expect(OFFLINE)
    visit = Visit(desktop)
    conv = talk(visit, anna)
    desktop.context.set_offline(True)
    expect(visit.part("connection")).to_have_text(LOST)
    anna.say(conv, "call me tomorrow", "take care")
    anna.end(conv)
    desktop.context.set_offline(False)
    expect(visit.part("closed-title")).to_have_text("The chat has ended")
    expect(visit.texts).to_have_text(["call me tomorrow", "take care"])


def test_a_second_tab_of_the_same_chat_steps_back(desktop: Page, anna: Counsellor) -> None:
    visit = Visit(desktop)
    conv = talk(visit, anna)
    visit.say("from the first tab")
    anna.hears(conv, "from the first tab")
    # A window opened by a script gets a copy of the tab's storage, as a duplicated tab does.
    with desktop.context.expect_page() as opened:
        desktop.evaluate(f"{HIDE}, void window.open(location.href)")
    second = Visit(opened.value)
    expect(second.part("closed-title")).to_have_text("The chat is open in another tab")
    expect(second.box).to_be_hidden()
    desktop.close()
    expect(second.texts).to_have_text(["from the first tab"])
    second.say("from the second")
    anna.hears(conv, "from the first tab", "from the second")


def test_a_tab_that_another_got_ahead_of_seals_again(
    desktop: Page, anna: Counsellor, watch: Watch
) -> None:
    """As in a browser without locks, where two tabs of one chat cannot know of each other."""
    watch.expect(f"{OFFLINE}|409")
    desktop.context.add_init_script("delete Navigator.prototype.locks")
    visit = Visit(desktop)
    conv = talk(visit, anna)
    with desktop.context.expect_page() as opened:
        desktop.evaluate(f"{HIDE}, void window.open(location.href)")
    second = Visit(opened.value)
    expect(second.part("title")).to_have_text("You are talking with Anna")
    desktop.route(MESSAGES, lambda route: route.abort())
    watch.expect(CUT)
    visit.say("written first, sent last", "and this")
    second.say("from the second tab")
    anna.hears(conv, "from the second tab")
    desktop.unroute(MESSAGES)
    expect(visit.states).to_contain_text(["Arrived"] * 3)
    anna.hears(conv, "from the second tab", "written first, sent last", "and this")
    expect(visit.texts).to_have_text(
        ["from the second tab", "written first, sent last", "and this"]
    )
    expect(visit.part("log").locator(".event")).to_have_count(1)


def test_writing_faster_than_is_allowed_loses_nothing(
    desktop: Page,
    anna: Counsellor,
    watch: Watch,
) -> None:
    watch.expect("429")
    visit = Visit(desktop)
    conv = talk(visit, anna)
    said = [f"line {number}" for number in range(1, 14)]
    # At once: typed one after the other on a slow machine they would be slow enough.
    visit.box.evaluate(
        """(box, said) => said.forEach((text) => {
            box.value = text
            box.dispatchEvent(new InputEvent("input", { bubbles: true }))
            box.form.requestSubmit()
        })""",
        said,
    )
    expect(visit.part("note")).to_have_text("You write fast. The rest is sent in a moment.")
    anna.hears(conv, *said)
    expect(visit.part("note")).to_be_empty()


def test_a_network_that_holds_streams_back_is_polled(
    new_page: Callable[..., Page], anna: Counsellor, watch: Watch
) -> None:
    """The page waits ten seconds for the first bytes, twice; the clock is turned on for it."""
    watch.expect(CUT)
    page = new_page()
    page.clock.install()
    asked: list[str] = []
    held: list[Route] = []

    def hold_back(route: Route) -> None:
        asked.append(route.request.url)
        if "poll=1" in route.request.url:
            route.continue_()
        else:
            held.append(route)

    page.route(STREAMS, hold_back)
    visit = Visit(page).open().begin()
    conv = visit.conv
    for streams in (1, 2):
        until(lambda: page.evaluate("1") and len(asked) >= streams)  # noqa: B023 -- called at once
        page.clock.fast_forward(15_000)
    until(lambda: page.evaluate("1") and any("poll=1" in url for url in asked))
    anna.accept(conv)
    expect(visit.part("title")).to_have_text("You are talking with Anna")
    page.clock.fast_forward(2_000)
    anna.say(conv, "by the slow road")
    expect(visit.texts).to_have_text(["by the slow road"])
    for route in held:
        route.abort()


def test_a_server_that_is_killed_and_comes_back_loses_nothing(
    new_page: Callable[..., Page],
    new_installation: Callable[..., Installation],
    watch: Watch,
) -> None:
    watch.expect(NO_SERVER)
    site = new_installation("sqlite")
    visit = Visit(new_page(base_url=site.address))
    with Counselling(site.address, site.sign_ins[0]) as anna:
        conv = talk(visit, anna)
        visit.say("before the fall")
        anna.hears(conv, "before the fall")
        site.kill()
        visit.say("during it")
        expect(visit.part("connection")).to_have_text(LOST)
        expect(visit.states.last).to_have_text("Not sent yet")
        site.restart()
        expect(visit.states).to_contain_text(["Arrived", "Arrived"], timeout=20_000)
        expect(visit.part("connection")).to_be_empty()
        anna.say(conv, "still here")
        expect(visit.texts).to_have_text(["before the fall", "during it", "still here"])
        until(lambda: len(anna.heard(conv)) == 2)
        anna.hears(conv, "before the fall", "during it")


def test_the_first_visit_is_six_requests_and_thirty_kilobytes(
    new_page: Callable[..., Page],
) -> None:
    page = new_page("phone")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    asked: list[Request] = []
    page.on("request", lambda request: asked.extend([request]))
    visit = Visit(page).open()
    visit.part("begin").click()
    expect(visit.box).to_be_visible()
    fetched = [request for request in asked if request.method == "GET"]
    assert len([request for request in fetched if not STREAMS.search(request.url)]) <= 6
    assert 10_000 < sum(received) <= 30_000
    visit.part("leave").click()
