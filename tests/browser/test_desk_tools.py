"""The tools of a conversation and the team, by keyboard, in Dutch and English."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from havenlight.client import Link, Member, cookie_jar, organisation_of
from tests.browser.background import Background
from tests.browser.desk import Desk, People, until
from tests.servers.installation import Installation


async def colleague(link: Link, sign_in: dict[str, str]) -> Member:
    await link.__aenter__()
    member = await Member.sign_in(link, sign_in["email"], sign_in["password"])
    await member.unlock(sign_in["phrase"], await organisation_of(link), allow_demo=True)
    await member.stand("on")
    return member


def test_a_conversation_is_noted_flagged_and_handed_over_without_a_pointer(
    new_page: Callable[..., Page],
    people: People,
    helpline: Installation,
    background: Background,
    axe: Callable[[Page], None],
) -> None:
    page = new_page("desktop", language="nl", base_url=helpline.address)
    anna = Desk(page, helpline.sign_ins[0]).sign_in().unlock()
    visitor = people.come("hoi", lang="nl")
    anna.accept(visitor)
    keys = page.keyboard

    page.locator("[data-part=call-help]").press("Enter")
    page.locator("[data-part=call-answer]").press("Enter")
    expect(page.locator("[data-part=call-text]")).to_have_text("Anna heeft geen hulp meer nodig")

    keys.press("Alt+t")
    expect(page.locator("[role=option]").first).to_be_visible()
    keys.type("VEILIGE plek")
    expect(page.locator("[role=option]").first).to_contain_text("veilige plek")
    axe(page)
    keys.press("Enter")
    keys.press("Enter")
    until(lambda: any("veilige plek" in (text or "") for text in visitor.heard))

    keys.press("Alt+n")
    keys.type("Praat liever niet over thuis")
    keys.press("Enter")
    expect(page.locator(".drawer .note")).to_contain_text("Praat liever niet over thuis")
    keys.press("Alt+s")
    keys.press("Space")
    expect(page.locator("[data-part=risk-tag]")).to_be_visible()
    axe(page)

    page.route("**/desk/colleagues", lambda route: route.fulfill(json={"colleagues": []}))
    keys.press("Alt+h")
    expect(page.locator("[data-part=offer-nobody]")).to_be_focused()
    expect(page.locator("[data-part=offer-to]")).to_be_hidden()
    keys.press("Alt+h")
    page.unroute("**/desk/colleagues")

    link = Link(helpline.address, cookies=cookie_jar())
    bram = background.run(colleague(link, helpline.sign_ins[1]), seconds=60)
    keys.press("Alt+h")
    expect(page.locator("[data-part=offer-to] option")).to_have_count(1)
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[data-part=offered]")).to_contain_text("Bram")
    background.run(bram.take_up())
    background.run(bram.take_over(visitor.visitor.conv))
    # It left her desk, and what her browser sealed opens for him.
    expect(anna.hers).to_have_count(0)
    assert background.run(bram.notes(visitor.visitor.conv)) == ["Praat liever niet over thuis"]
    background.run(link.__aexit__(None, None, None))
