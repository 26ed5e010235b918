"""The pages of those who see to the helpline: nothing for axe to find, and a way by keyboard."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.servers.installation import Installation

PAGES = (
    "/desk/settings/",
    "/desk/settings/hours",
    "/desk/settings/languages/nl",
    "/desk/settings/cards/en/images",
    "/desk/links",
    "/desk/audit",
    "/desk/service",
    "/desk/practice",
)


@pytest.fixture
def coordinator(site: Installation) -> dict[str, str]:
    """What the coordinator types."""
    return next(one for one in site.sign_ins if one["email"].startswith("coordinator"))


@pytest.mark.parametrize(("language", "theme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_page(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    coordinator: dict[str, str],
    language: str,
    theme: Literal["light", "dark"],
) -> None:
    page = new_page(language=language, color_scheme=theme)
    Desk(page, coordinator).sign_in()
    for path in PAGES:
        page.goto(path)
        axe(page)


def test_a_setting_is_changed_by_keyboard_after_it_was_seen(
    new_page: Callable[..., Page], axe: Callable[[Page], None], coordinator: dict[str, str]
) -> None:
    page = new_page()
    Desk(page, coordinator).sign_in()
    page.goto("/desk/settings/look")
    colour = page.get_by_label("Accent on a light page")
    colour.fill("#aaaaaa")
    colour.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet")
    expect(page.get_by_text("too hard to read")).to_be_visible()
    colour.fill("#7a1f5c")
    colour.press("Enter")
    expect(page.get_by_role("heading", name="As visitors will see it")).to_be_visible()
    axe(page)
    save = page.get_by_role("button", name="Save")
    save.focus()
    save.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.goto("/desk/audit")
    expect(page.get_by_text("#7a1f5c")).to_be_visible()
