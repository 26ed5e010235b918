"""An edition from draft to public, as two persons make it in browsers."""

import re
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.servers.installation import COMMAND, Installation

WORKED = 120_000
"""Milliseconds that the making of an edition may take on a busy machine."""


@pytest.fixture(scope="module")
def registered(site: Installation) -> Installation:
    """With a simulated year in its database."""
    simulate = [COMMAND, "simulate", "--year", "2021", "--database"]
    subprocess.run(simulate, env=site.environment, check=True, capture_output=True)
    return site


def sign_in(page: Page, site: Installation, who: str, path: str) -> None:
    types = next(one for one in site.sign_ins if one["email"].startswith(who))
    page.goto(f"/team/sign-in?next={path}")
    page.fill("[name=login]", types["email"])
    page.fill("[name=password]", types["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{path}")


def test_one_builds_another_approves_and_everyone_reads(
    new_page: Callable[..., Page], axe: Callable[[Page], None], registered: Installation
) -> None:
    builder = new_page(language="nl")
    sign_in(builder, registered, "researcher", "/report/")
    axe(builder)
    builder.get_by_label("Jaar").fill("2021")
    builder.get_by_label("Jaar").press("Enter")
    look = builder.get_by_role("link", name="Bekijk het")
    expect(look).to_be_visible(timeout=WORKED)
    look.press("Enter")
    expect(builder.get_by_role("heading", level=1)).to_contain_text("concept")
    builder.locator("[name=intro-nl]").fill("Wie ons vond.")
    builder.get_by_role("button", name="Opslaan").press("Enter")
    expect(builder.locator("[name=intro-nl]")).to_have_value("Wie ons vond.")
    axe(builder)
    builder.get_by_role("button", name="Laat nakijken").press("Enter")
    expect(builder.get_by_text("Jij hebt deze uitgave gemaakt.")).to_be_visible()
    path = re.sub(r"^https?://[^/]+", "", builder.url)

    reviewer = new_page(language="en", color_scheme="dark")
    sign_in(reviewer, registered, "coordinator", path)
    axe(reviewer)
    reviewer.get_by_role("button", name="Approve and sign").press("Enter")
    expect(reviewer.get_by_role("link", name="Look at it")).to_be_visible(timeout=WORKED)
    reviewer.get_by_role("link", name="Look at it").press("Enter")
    reviewer.get_by_role("button", name="Publish").press("Enter")
    expect(reviewer.get_by_role("heading", level=1)).to_contain_text("published")

    anyone = new_page("phone", language="nl")
    anyone.goto("/publications/")
    axe(anyone)
    anyone.get_by_role("link", name="Rapport", exact=True).press("Enter")
    expect(anyone.get_by_text("Wie ons vond.")).to_be_visible()
    expect(anyone.get_by_text("Heb je hulp nodig?")).to_be_visible()
    width = anyone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    axe(anyone)


def test_a_researcher_asks_and_is_answered(
    new_page: Callable[..., Page], axe: Callable[[Page], None], registered: Installation
) -> None:
    page = new_page(language="en")
    sign_in(page, registered, "researcher", "/report/explorer")
    axe(page)
    page.get_by_label("One variable").select_option("age_band")
    page.get_by_label("By another").select_option("forms.criminal")
    page.get_by_role("button", name="Ask").press("Enter")
    look = page.get_by_role("link", name="Look at it")
    expect(look).to_be_visible(timeout=WORKED)
    look.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("victims in 2021")
    expect(page.get_by_role("table")).to_contain_text("±")
    axe(page)
    page.goto("/report/figures/minor")
    axe(page)
    page.goto("/report/remarks")
    axe(page)
