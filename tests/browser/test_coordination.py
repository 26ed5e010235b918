"""Every page of a member: nothing for axe to find, and a way by keyboard."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, expect

from havenlight.site.addresses import addresses
from tests.browser.desk import Desk
from tests.servers.installation import Installation

SECTIONS = (
    *("hours", "danger", "images", "look", "limits"),
    *("languages/nl", "helplines/ti", "ready/ti/safety", "cards/en/images"),
)
NOT_BY_KEYBOARD = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary"
)].filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex < 0)
  .map((one) => one.outerHTML)"""


def pages(context: BrowserContext) -> list[str]:
    """The address of each page that one who coordinates may open, who may open all but a few."""
    bare = [one.path for one in addresses() if one.right and "<" not in one.path]
    found = [*bare, *(f"/desk/settings/{section}" for section in SECTIONS)]
    return [path for path in found if is_page(context.request.get(path, max_redirects=0))]


def is_page(answer: APIResponse) -> bool:
    """Whether it is something to look at, and no answer to a script."""
    return answer.ok and answer.headers["content-type"].startswith("text/html")


@pytest.fixture
def coordinator(site: Installation) -> dict[str, str]:
    """What the coordinator types."""
    return next(one for one in site.sign_ins if one["email"].startswith("coordinator"))


@pytest.mark.parametrize(("language", "theme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_page_and_all_is_reached_by_keyboard(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    coordinator: dict[str, str],
    language: str,
    theme: Literal["light", "dark"],
) -> None:
    page = new_page(language=language, color_scheme=theme)
    Desk(page, coordinator).sign_in()
    there = pages(page.context)
    assert len(there) > 25, there
    for path in there:
        page.goto(path)
        axe(page)
        assert page.evaluate(NOT_BY_KEYBOARD) == [], path


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
