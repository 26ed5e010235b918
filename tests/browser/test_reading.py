"""A coordinator reads along, seen by both, whispers, and opens what has ended; by keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk, People, give_phrase, until
from tests.servers.installation import Installation


def test_reading_along_is_seen_by_both_and_whispers_by_the_team_alone(
    new_page: Callable[..., Page],
    people: People,
    helpline: Installation,
    axe: Callable[[Page], None],
) -> None:
    counsellor = new_page("desktop", base_url=helpline.address)
    anna = Desk(counsellor, helpline.sign_ins[0]).sign_in().unlock()
    visitor = people.come("nobody knows this")
    anna.accept(visitor)

    page = new_page("desktop", language="nl", base_url=helpline.address)
    coordinator = helpline.sign_ins[3]
    Desk(page, coordinator).sign_in()
    page.goto("/desk/reading")
    page.get_by_role("link", name="Lees het gesprek van Anna").first.click()
    axe(page)
    give_phrase(page, coordinator["phrase"])
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".message .text")).to_have_text("nobody knows this")
    until(lambda: visitor.reader == "Coordinator")
    expect(anna.pane(1).locator("[data-part=whispers-who]")).to_contain_text("reads along")
    anna.say(1, "you are not alone")
    expect(page.locator(".message .text")).to_have_count(2)

    page.locator("[data-part=whispers-text]").fill("vraag of zij veilig is")
    page.keyboard.press("Enter")
    expect(anna.pane(1).locator(".whispered")).to_contain_text("vraag of zij veilig is")
    axe(page)
    axe(counsellor)
    anna.pane(1).locator("[data-part=whispers-text]").fill("I will")
    counsellor.keyboard.press("Enter")
    expect(page.locator(".whispered")).to_contain_text("I will")
    page.get_by_role("button", name="Stop met meelezen").click()
    until(lambda: visitor.reader is None)
    assert visitor.heard == ["nobody knows this", "you are not alone"]

    anna.pane(1).get_by_role("button", name="End", exact=True).click()
    anna.pane(1).get_by_role("button", name="End it now").click()
    until(lambda: visitor.state == "ended")
    page.reload()
    give_phrase(page, coordinator["phrase"])
    page.locator("#reason").select_option("complaint")
    page.get_by_role("button", name="Openen", exact=True).click()
    expect(page.locator(".message .text")).to_have_count(2)
