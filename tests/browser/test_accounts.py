"""How members come in, counted in steps; and the pages of ways in, for axe."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.desk import THEMES, Desk, People
from tests.servers.installation import Installation

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(helpline: Installation) -> Installation:
    """The installation at which `people` wait."""
    return helpline


@pytest.fixture
def page(new_page: Callable[..., Page], helpline: Installation) -> Page:
    """A page of the site by its name, in a browser that has a finger to make passkeys with."""
    page = new_page(base_url=helpline.named_address)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_from_a_passkey_it_is_two_steps_to_the_first_conversation(
    page: Page, helpline: Installation, people: People
) -> None:
    anna = Desk(page, helpline.sign_ins[0]).sign_in()
    expect(page.locator("#phrase")).to_be_visible()
    page.goto("/team/account/passkey")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("listitem")).to_have_count(10)
    page.goto("/desk/")
    page.locator("[data-part=sign-out] button").click()
    page.get_by_role("link", name="Sign in again").click()

    page.get_by_role("button", name="Use your passkey").click()
    person = people.come("hello")
    anna.unlock()  # the first step
    anna.accept(person)  # the second
    expect(page.get_by_role("region", name="Conversation 1")).to_be_visible()


def test_with_a_password_a_code_and_six_words_it_is_at_most_three_steps_more(
    page: Page, helpline: Installation, people: People
) -> None:
    signs = helpline.sign_ins[1]
    bram = Desk(page, signs).sign_in()
    expect(page.locator("#phrase")).to_be_visible()
    page.goto("/team/account/password")
    secret = (page.locator(".app-code code").text_content() or "").replace(" ", "")
    for name in ("password", "again"):
        page.fill(f"[name={name}]", signs["password"])
    _give(page, _code(secret))
    expect(page.get_by_role("listitem")).to_have_count(10)
    page.goto("/desk/")
    page.locator("[data-part=sign-out] button").click()
    person = people.come("hello")

    steps = [
        bram.sign_in,
        lambda: _give(page, _code(secret, 1)),
        bram.unlock,
        lambda: bram.accept(person),
    ]
    for step in steps:
        step()
    expect(page.get_by_role("region", name="Conversation 1")).to_be_visible()
    assert len(steps) <= 2 + 3


def _give(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.press("[name=code]", "Enter")


def _code(secret: str, half_minutes: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + half_minutes))


def test_axe_finds_nothing_where_members_are_let_in(
    page: Page, helpline: Installation, axe: Callable[[Page], None]
) -> None:
    coordinator = next(one for one in helpline.sign_ins if one["email"].startswith("coord"))
    Desk(page, coordinator).sign_in()
    expect(page.locator("#phrase")).to_be_visible()
    page.goto("/desk/members")
    page.get_by_label("E-mail address").fill("dewi@example.org")
    page.get_by_label("Alias").fill("Dewi")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator(".fresh-link code").inner_text()
    _check(page, axe)
    page.context.clear_cookies()
    page.goto(link.replace("127.0.0.1", "localhost"))
    page.get_by_text("With a password and an app").click()
    _check(page, axe)


def _check(page: Page, axe: Callable[[Page], None]) -> None:
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        axe(page)
