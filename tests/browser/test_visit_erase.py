"""She has her chats erased by the six words that would bring her back to them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_visit_return import come_back, take_words
from tests.browser.visit import Counselling, Visit, talk
from tests.browser.watch import Watch
from tests.servers.installation import Installation


def test_she_erases_her_chats_and_her_words_open_nothing_any_more(
    phone: Page, new_page: Callable[..., Page], site: Installation, watch: Watch
) -> None:
    watch.expect("404 .*/chat/back")
    visit = Visit(phone)
    with Counselling(site.address, site.sign_ins[0]) as anna:
        conv = talk(visit, anna)
        visit.say("dit wil ik later kwijt")
        anna.hears(conv, "dit wil ik later kwijt")
        words = take_words(visit)
        visit.part("leave").click()

    again = Visit(new_page("phone", language="nl")).open()
    again.part("back").click()
    again.part("back-typed").fill(words)
    again.page.get_by_text("Meer", exact=True).click()
    erase = again.page.get_by_role("button", name="Wis mijn chats")
    erase.click()
    expect(again.part("back-note")).to_contain_text("Druk nog een keer op “Wis mijn chats”")
    erase.click()
    expect(again.part("back-note")).to_contain_text("Je chats zijn gewist")
    come_back(again, words)
    expect(again.part("back-note")).to_contain_text("We kennen deze woorden niet")
