"""A member lets a made-up visitor come, and talks with her at her desk."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.servers.installation import Installation


def test_a_member_practises_on_a_visitor_who_is_marked_as_practice(
    new_page: Callable[..., Page], site: Installation
) -> None:
    page = new_page()
    desk = Desk(page, site.sign_ins[1]).sign_in().unlock()
    page.get_by_text("Pages", exact=True).click()
    page.get_by_role("link", name="Practice").click()
    page.get_by_role("button", name="He is sweet, but, in English").click()
    desk.unlock()
    row = desk.queue.filter(has_text="practice")
    row.get_by_role("button").click()
    pane = desk.pane(1)
    expect(pane.get_by_text("are you a real person?")).to_be_visible()
    expect(pane.locator(".tag.practice")).to_have_text("practice")
    desk.say(1, "Yes, I am. How are you?")
    expect(pane.get_by_text("my boyfriend wants me to do things")).to_be_visible()
    pane.get_by_role("button", name="End", exact=True).click()
    pane.get_by_role("button", name="End it now").click()
    pane.get_by_role("button", name="Finish").click()
    expect(desk.hers).to_have_count(0)
