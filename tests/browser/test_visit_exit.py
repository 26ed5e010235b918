"""A visitor who must be gone at once: by touch, by keyboard, without network, without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import until
from tests.browser.visit import Counselling, Counsellor, Visit, talk
from tests.browser.watch import Watch
from tests.servers.installation import Installation

ELSEWHERE = "a request to another host"

# By the page's own marks: from the touch until the screen is covered, all is wiped and she is off.
MEASURE_EXIT = """
() => {
  performance.mark("touched")
  document.querySelector("[data-part=exit]").click()
  performance.mark("left")
  if (!document.querySelector(".cover")) throw new Error("not covered")
  return performance.measure("exit", "touched", "left").duration
}
"""


@pytest.fixture(scope="module")
def anna(site: Installation) -> Iterator[Counsellor]:
    """Anna, who answers."""
    with Counselling(site.address, site.sign_ins[0]) as counsellor:
        yield counsellor


@pytest.fixture
def exit_to(phone: Page, watch: Watch) -> str:
    """Where the exit leads: a page of someone else, served by the test."""
    watch.expect(ELSEWHERE)
    phone.goto("/")
    address = phone.locator("[data-part=exit]").get_attribute("href") or ""
    phone.context.route(
        f"{address}**",
        lambda route: route.fulfill(content_type="text/html", body="<title>Weather</title>"),
    )
    phone.goto("about:blank")
    return address


def test_the_exit_ends_the_chat_and_takes_its_place_in_the_history(
    phone: Page, anna: Counsellor, exit_to: str
) -> None:
    visit = Visit(phone)
    conv = talk(visit, anna)
    visit.say("iemand komt binnen")
    before = phone.evaluate("history.length")
    visit.part("exit").click()
    phone.wait_for_url(exit_to)
    assert phone.evaluate("history.length") == before
    until(lambda: anna.told(conv)[-1:] == [("ended", "exit")])
    phone.go_back()
    expect(phone).to_have_url("about:blank")
    phone.goto("/")
    assert phone.evaluate("sessionStorage.length") == 0
    expect(visit.part("begin")).to_be_visible()


def test_the_exit_leaves_the_line(phone: Page, anna: Counsellor, exit_to: str) -> None:
    visit = Visit(phone).open().begin()
    conv = visit.conv
    until(lambda: anna.waiting(conv))
    visit.part("exit").click()
    phone.wait_for_url(exit_to)
    until(lambda: not anna.waiting(conv))


@pytest.mark.parametrize("screen", ["start", "chat"])
def test_shift_three_times_leaves(phone: Page, anna: Counsellor, exit_to: str, screen: str) -> None:
    visit = Visit(phone)
    if screen == "chat":
        talk(visit, anna)
        visit.box.focus()
    else:
        visit.open()
    phone.keyboard.press("Shift")
    expect(visit.part("exit-progress")).to_have_text(
        "Druk nog 2 keer op Shift om snel weg te gaan."
    )
    phone.keyboard.press("Shift")
    expect(visit.part("exit-progress")).to_have_text(
        "Druk nog 1 keer op Shift om snel weg te gaan."
    )
    phone.keyboard.press("Shift")
    phone.wait_for_url(exit_to)


def test_capitals_do_not_leave(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone)
    talk(visit, anna)
    visit.box.focus()
    for letter in ("Shift+A", "Shift+B", "Shift+C", "Shift+D"):
        phone.keyboard.press(letter)
    expect(visit.box).to_have_value("ABCD")


@pytest.mark.usefixtures("exit_to")
def test_the_screen_is_covered_before_anything_else(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone)
    talk(visit, anna)
    covered = phone.evaluate(
        """() => {
          document.querySelector("[data-part=exit]").click()
          const top = document.elementFromPoint(innerWidth / 2, innerHeight / 2)
          return [top.className, getComputedStyle(top).position, sessionStorage.length]
        }"""
    )
    assert covered == ["cover", "fixed", 0]


def test_without_scripts_there_is_the_way_out_and_the_emergency_line(
    new_page: Callable[..., Page],
) -> None:
    page = new_page("phone", language="nl", java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_role("link", name="Snel weg")).to_have_attribute(
        "href", re.compile("^https://")
    )
    expect(page.get_by_role("link", name="Bel 112")).to_have_attribute("href", "tel:112")
    expect(page.get_by_role("button", name="Start de chat")).to_have_count(1)
    expect(page.get_by_text("Hier doet onze computer op slot wat je schrijft")).to_be_visible()


def test_a_slow_phone_without_network_covers_the_screen_within_100_ms(
    new_page: Callable[..., Page], watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|another host")
    # Whatever else this machine does slows a page, never the other way: one of three will do.
    assert any(exit_ms(new_page("phone", language="nl")) < 100 for _ in range(3))


def exit_ms(page: Page) -> float:
    """How long the page's script takes; the next frame shows the cover."""
    Visit(page).open().begin()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    session.send("Network.emulateNetworkConditions", offline)
    taken: float = page.evaluate(MEASURE_EXIT)
    return taken
