"""What a visitor is asked when the chat has ended, and what changes for who asks for another."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import Counselling, Counsellor, Visit, talk
from tests.servers.installation import Installation


@pytest.fixture(scope="module")
def anna(site: Installation) -> Iterator[Counsellor]:
    """Anna, who answers."""
    with Counselling(site.address, site.sign_ins[0]) as counsellor:
        yield counsellor


def test_two_taps_after_the_chat_tell_whether_it_helped(
    phone: Page, anna: Counsellor, axe: Callable[[Page], None]
) -> None:
    visit = Visit(phone)
    conv = talk(visit, anna)
    anna.end(conv)
    expect(visit.part("after")).to_be_visible()
    axe(phone)
    helped = phone.get_by_role("group", name="Heeft de chat je geholpen?")
    helped.get_by_role("button", name="Een beetje").click()
    expect(visit.part("after-note")).to_have_text("Dank je wel. Het is aangekomen.")
    phone.get_by_role("group", name="Zou je terugkomen?").get_by_role("button", name="Ja").click()
    expect(phone.locator("[data-after] [aria-pressed=true]")).to_have_text(["Een beetje", "Ja"])
    expect(visit.part("anew")).to_be_visible()


def test_who_worries_about_someone_else_is_told_what_helps(phone: Page) -> None:
    visit = Visit(phone).open().begin()
    phone.get_by_role("button", name="Iemand anders").click()
    expect(visit.part("other")).to_contain_text("Luister naar haar of hem.")
    expect(phone.get_by_role("group", name="Is zij of hij nu in gevaar?")).to_be_visible()
    phone.get_by_role("button", name="Over mij").click()
    expect(visit.part("other")).to_be_hidden()
    expect(phone.get_by_role("group", name="Nu in gevaar?", exact=True)).to_be_visible()


def test_she_reads_how_to_hide_her_visit(phone: Page, axe: Callable[[Page], None]) -> None:
    visit = Visit(phone).open()
    phone.get_by_role("link", name="Verberg je bezoek").click()
    expect(phone).to_have_title("Info")
    phone.get_by_text("Safari op een iPhone").click()
    expect(phone.get_by_text("Druk op de klok.")).to_be_visible()
    expect(phone.get_by_role("link", name="Snel weg")).to_be_in_viewport()
    axe(phone)
    phone.get_by_role("link", name="Terug naar het begin").click()
    expect(visit.part("begin")).to_be_visible()
