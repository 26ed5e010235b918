"""She takes six words, comes back by them, and reads what was said: in Chromium and in Firefox."""

import json
from collections.abc import Callable, Iterator

import pytest
from marionette_driver.marionette import Marionette
from playwright.sync_api import Page, expect

from tests.browser.desk import until
from tests.browser.visit import HIDE, STORED, WOULD_STORE, Counselling, Counsellor, Visit, talk
from tests.browser.watch import Watch
from tests.servers.installation import Installation


@pytest.fixture(scope="module")
def anna(site: Installation) -> Iterator[Counsellor]:
    """Anna, who answers."""
    with Counselling(site.address, site.sign_ins[0]) as counsellor:
        yield counsellor


def take_words(visit: Visit) -> str:
    """Take a code, and prove to know it."""
    visit.part("code").click()
    visit.page.get_by_role("button", name="Geef me zes woorden").click()
    shown = visit.part("six").locator("li")
    expect(shown).to_have_count(6)
    words = " ".join(shown.all_inner_texts())
    visit.page.get_by_role("button", name="Ik ken de woorden").click()
    visit.part("take-typed").fill(words.upper())
    visit.page.get_by_role("button", name="Kijk of het klopt").click()
    expect(visit.part("take-note")).to_have_text("Goed! Je kent de woorden.")
    visit.part("take").locator("[data-step=done] button").click()
    expect(visit.box).to_be_focused()
    return words


def come_back(visit: Visit, words: str) -> None:
    visit.open()
    visit.part("back").click()
    visit.part("back-typed").fill(words)
    visit.page.get_by_role("button", name="Verder").click()


def test_she_comes_back_by_six_words_to_what_was_said_and_to_whom(
    phone: Page,
    new_page: Callable[..., Page],
    anna: Counsellor,
    axe: Callable[[Page], None],
    watch: Watch,
) -> None:
    watch.expect("404 .*/chat/back")
    visit = Visit(phone)
    conv = talk(visit, anna)
    visit.say("ik durf het nog niet te zeggen")
    anna.hears(conv, "ik durf het nog niet te zeggen")
    anna.say(conv, "dat hoeft nu ook niet")
    expect(visit.texts).to_have_count(2)
    visit.part("code").click()
    expect(phone.get_by_role("button", name="Geef me zes woorden")).to_be_visible()
    axe(phone)
    phone.get_by_role("button", name="Terug naar de chat").click()
    words = take_words(visit)
    assert words not in phone.content()
    visit.say(f"mijn woorden zijn {words}")
    expect(visit.part("note")).to_contain_text("Dit lijken je zes woorden")
    expect(visit.texts).to_have_count(2)
    visit.part("leave").click()

    again = Visit(new_page("phone", language="nl"))
    come_back(again, f"{words} nog")
    expect(again.part("back-note")).to_have_text("Het moeten zes woorden zijn. Jij schreef er 7.")
    axe(again.page)
    again.part("back-typed").fill(words)
    again.page.get_by_role("button", name="Verder").click()
    again.page.get_by_role("button", name="Ja, als het kan met Anna").click()
    expect(again.texts).to_have_text(["ik durf het nog niet te zeggen", "dat hoeft nu ook niet"])
    until(lambda: anna.waiting(again.conv))
    waiting = anna.waiting(again.conv) or {}
    assert waiting["returning"] is True
    assert waiting["wish"] == {"member": anna.member.keys.member, "alias": "Anna"}
    again.page.reload()
    expect(again.texts).to_have_text(["ik durf het nog niet te zeggen", "dat hoeft nu ook niet"])
    again.part("code").click()
    again.page.get_by_role("button", name="Gooi de woorden weg").click()
    expect(again.part("take-note")).to_have_text("De zes woorden werken niet meer.")

    late = Visit(new_page("phone", language="nl"))
    come_back(late, words)
    expect(late.part("back-note")).to_contain_text("We kennen deze woorden niet")


def test_the_six_words_work_in_firefox(firefox: Marionette, site: Installation) -> None:
    def find(selector: str) -> list[str]:
        return [one.text for one in firefox.find_elements("css selector", selector)]

    def click(selector: str) -> None:
        firefox.find_element("css selector", selector).click()

    firefox.navigate(f"{site.address}/en")
    click("[data-part=begin]")
    until(lambda: firefox.execute_script(f"return ({WOULD_STORE})()"))
    firefox.find_element("css selector", "[data-part=text]").send_keys("from Firefox")
    click("[data-part=composer] button")
    click("[data-part=code]")
    until(lambda: find("[data-do=draw]"))
    click("[data-do=draw]")
    until(lambda: len(find(".six li")) == 6)
    words = " ".join(find(".six li"))
    _, _, code = json.loads(firefox.execute_script(f"{HIDE}; return sessionStorage.{STORED}"))
    assert code
    click("[data-part=leave]")
    firefox.navigate(f"{site.address}/en")
    click("[data-part=back]")
    until(lambda: find("[data-part=back-typed]"))
    firefox.find_element("css selector", "[data-part=back-typed]").send_keys(words)
    click("[data-part=come-back] [type=submit]")
    until(lambda: find(".said .text") == ["from Firefox"])
