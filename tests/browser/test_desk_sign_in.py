"""Coming to the desk and leaving it: the password, the phrase, keys that are not to be trusted."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from havenlight.core.seal.encoding import b64
from havenlight.core.seal.keys import new_key, public_of
from tests.browser.desk import THEMES, Desk
from tests.browser.watch import Watch
from tests.servers.installation import Installation

SIGNED_OUT = r"status of 40[13] .*/(live/events|desk/token)"
WRONG_PHRASE = "abacus abacus abacus abacus abacus abacus"


@pytest.fixture
def anna(desktop: Page, site: Installation) -> Desk:
    """Anna, who is yet to sign in."""
    return Desk(desktop, site.sign_ins[0])


def test_a_refusal_does_not_tell_who_exists(anna: Desk, site: Installation) -> None:
    page = anna.page
    page.goto("/desk/")
    said = []
    for email in (site.sign_ins[0]["email"], "nobody@example.org"):
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_label("Password")).to_be_focused()
        said.append(page.get_by_role("alert").inner_text())
        assert page.get_by_label("E-mail address").input_value() == email
    assert said[0] == said[1]
    assert "are not correct" in said[0]


def test_a_wrong_phrase_is_said_kindly_and_the_right_one_opens(anna: Desk) -> None:
    page = anna.sign_in().page
    expect(page.locator("#phrase")).to_be_focused()
    page.fill("#phrase", WRONG_PHRASE)
    page.press("#phrase", "Enter")
    expect(page.locator("[data-part=unlock-refused]")).to_have_text(
        "That phrase does not open your key. Check the words and their order, and try again."
    )
    expect(page.get_by_role("button", name="Accept next")).to_be_hidden()
    anna.unlock()
    expect(page.locator("[data-part=unlock-refused]")).to_be_hidden()


def test_capitals_and_spaces_of_a_phrase_do_not_matter(anna: Desk, site: Installation) -> None:
    page = anna.sign_in().page
    expect(page.locator("#phrase")).to_be_focused()
    page.fill("#phrase", "  " + site.sign_ins[0]["phrase"].title().replace(" ", "   "))
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("Connected")).to_be_visible()


def test_signing_out_forgets_the_keys_in_every_window(
    anna: Desk, site: Installation, watch: Watch
) -> None:
    # The other window may hear from the server first, and ask for a token once.
    watch.expect(SIGNED_OUT)
    anna.sign_in().unlock()
    other = Desk(anna.page.context.new_page(), site.sign_ins[0]).open()
    anna.page.get_by_role("button", name="Sign out").click()
    expect(anna.page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(other.page.locator("[data-part=room]")).to_be_hidden()
    anna.page.go_back()
    expect(anna.page.locator("[data-part=room]")).to_be_hidden()
    anna.page.goto("/desk/")
    expect(anna.page.get_by_role("heading", name="Sign in to work")).to_be_visible()


def test_a_session_that_ended_is_taken_up_again_without_the_phrase(
    anna: Desk, site: Installation, watch: Watch
) -> None:
    watch.expect(SIGNED_OUT)
    anna.sign_in().unlock()
    context = anna.page.context
    context.clear_cookies()
    # The token is renewed long before this in a real night; here the network changes.
    anna.page.route("**/live/events*", refuse_the_token)
    anna.page.evaluate("dispatchEvent(new Event('online'))")
    expect(anna.page.get_by_text("You are no longer signed in.")).to_be_visible()
    anna.page.unroute("**/live/events*")
    with context.expect_page() as opened:
        anna.page.get_by_role("link", name="Sign in again").click()
    again = opened.value
    again.get_by_label("E-mail address").fill(site.sign_ins[0]["email"])
    again.get_by_label("Password").fill(site.sign_ins[0]["password"])
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_role("heading", name="Open your key")).to_be_visible()
    anna.page.get_by_role("button", name="Go on here").click()
    expect(anna.page.locator("[data-line=open]")).to_be_visible()


def test_a_colleague_who_signs_in_there_does_not_work_with_her_keys(
    anna: Desk, site: Installation, watch: Watch
) -> None:
    watch.expect(SIGNED_OUT)
    anna.sign_in().unlock()
    context = anna.page.context
    context.clear_cookies()
    Desk(context.new_page(), site.sign_ins[1]).sign_in().unlock()
    anna.page.route("**/live/events*", refuse_the_token)
    anna.page.evaluate("dispatchEvent(new Event('online'))")
    expect(anna.page.get_by_text("A colleague signed in with this browser")).to_be_visible()
    expect(anna.page.get_by_role("button", name="Go on here")).to_be_hidden()


def refuse_the_token(route: Route) -> None:
    """Answer as the server does when a token has expired."""
    route.fulfill(status=401, content_type="application/json", body='{"code": "token"}')


@pytest.mark.parametrize(
    ("altered", "words"),
    [
        ("demo", "These are the keys of a demo, made by the server."),
        ("organisation", "These keys are not signed by your organisation."),
        ("roster", "Your key is not on your organisation's signed list."),
        ("team", "The team's key has not been given to you yet."),
    ],
)
def test_keys_that_are_not_vouched_for_are_refused(anna: Desk, altered: str, words: str) -> None:
    foreign = b64(public_of(new_key()))

    def alter_page(route: Route) -> None:
        body = route.fetch().text()
        if altered == "demo":
            body = body.replace('data-demo="yes"', 'data-demo="no"')
        if altered == "organisation":
            before, rest = body.split('data-organisation-key="')
            body = f'{before}data-organisation-key="{foreign}"{rest[rest.index(chr(34)) + 1 :]}'
        route.fulfill(body=body, content_type="text/html")

    def alter_keys(route: Route) -> None:
        keys = route.fetch().json()
        if altered == "roster":
            keys["key"] = foreign
        if altered == "team":
            keys["teams"][0]["key"] = foreign
        route.fulfill(body=json.dumps(keys), content_type="application/json")

    anna.sign_in()
    expect(anna.page.locator("#phrase")).to_be_visible()
    anna.page.route("**/desk/", alter_page)
    anna.page.route("**/desk/keys", alter_keys)
    anna.page.goto("/desk/")
    expect(anna.page.locator("#phrase")).to_be_focused()
    anna.page.fill("#phrase", WRONG_PHRASE)
    anna.page.press("#phrase", "Enter")
    expect(anna.page.locator("[data-part=unlock-refused]")).to_contain_text(words)


def test_a_demo_is_marked_as_one(anna: Desk) -> None:
    expect(anna.sign_in().unlock().page.get_by_text("demo", exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_axe_finds_nothing_on_the_way_in_and_out(
    new_page: Callable[..., Page], axe: Callable[[Page], None], site: Installation, language: str
) -> None:
    page = new_page(language=language)

    def check() -> None:
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            axe(page)

    page.goto("/team/sign-in")
    page.fill("[name=login]", "nobody@example.org")
    page.fill("[name=password]", "not the password")
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    check()
    Desk(page, site.sign_ins[0]).sign_in()
    expect(page.locator("#phrase")).to_be_focused()
    page.fill("#phrase", WRONG_PHRASE)
    page.press("#phrase", "Enter")
    expect(page.locator("[data-part=unlock-refused]")).to_be_visible()
    check()
    page.locator("[data-part=sign-out] button").click()
    expect(page.locator(".card a")).to_be_visible()
    check()


def test_the_passkey_by_which_she_signs_in_opens_her_key_in_place_of_six_words(
    new_page: Callable[..., Page], site: Installation
) -> None:
    page, coordinator = new_page(base_url=site.named_address), site.sign_ins[3]
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    has = ("hasResidentKey", "hasUserVerification", "isUserVerified", "hasPrf")
    options = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal"}
    device = devices.send(
        "WebAuthn.addVirtualAuthenticator", {"options": options | dict.fromkeys(has, True)}
    )
    Desk(page, coordinator).sign_in()
    expect(page.locator("#phrase")).to_be_visible()
    page.goto("/team/account/passkey")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("listitem")).to_have_count(10)
    page.goto("/keys/")
    expect(page.get_by_text("Your six words are the only way now.")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    page.fill("#phrase", coordinator["phrase"])
    page.press("#phrase", "Enter")
    expect(page.get_by_text("With the passkey that you added")).to_be_visible()
    assert len(devices.send("WebAuthn.getCredentials", device)["credentials"]) == 1
    page.goto("/desk/")
    button = page.get_by_role("button", name="Open with your passkey")
    expect(button).to_be_focused()
    button.press("Enter")
    expect(page.locator("[data-line=open]")).to_be_visible()
