"""What a researcher makes, by keyboard, in both languages: estimates from a file, and an edition.

They share an installation: neither asks what the other left.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import WAIT_SECONDS
from tests.servers.installation import Installation

UK = Path(__file__).parents[1] / "vectors" / "mse" / "UKdat_5.csv"
WORKED = 120_000
"""Milliseconds that the making of an edition may take on a busy machine."""


@pytest.mark.parametrize(
    ("language", "theme", "verdict", "refusal", "seen"),
    [
        ("en", "light", "Fragile", "Row 3: no list saw", "2,744 seen"),
        ("nl", "dark", "Wankel", "Rij 3: geen lijst zag", "2.744 gezien"),
    ],
)
def test_a_researcher_estimates_from_a_file(  # noqa: PLR0917 -- the columns of the table above
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    site: Installation,
    language: str,
    theme: str,
    verdict: str,
    refusal: str,
    seen: str,
) -> None:
    page = new_page("desktop", language=language, color_scheme=theme)
    sign_in(page, site.sign_ins[2])
    page.set_input_files(
        "#file", {"name": "x.csv", "mimeType": "", "buffer": b"A,B,n\n1,0,5\n0,0,3\n"}
    )
    expect(page.locator("#id_table")).to_have_value(re.compile("0,0,3"))
    page.press("#id_seed", "Enter")
    expect(page.locator("#id_table[aria-invalid=true]")).to_be_focused(timeout=30_000)
    expect(page.locator(".errorlist")).to_contain_text(refusal, timeout=30_000)
    expect(page.locator("#id_table")).to_have_value(re.compile("0,0,3"))
    axe(page)
    page.set_input_files("#file", UK)
    expect(page.locator("#id_table")).to_have_value(re.compile("LA,NG"))
    for slow in ("latent_classes", "bayes_threshold", "bic", "stepwise"):
        page.uncheck(f"[value={slow}]")
    page.press("#id_seed", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(verdict, timeout=30_000)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".step:visible")).to_have_count(0)
    expect(page.locator("svg").first).to_contain_text(seen)
    axe(page)


def test_a_table_that_is_too_large_is_told_before_it_is_sent(
    new_page: Callable[..., Page], site: Installation
) -> None:
    page = new_page("phone")
    sign_in(page, site.sign_ins[2])
    large = b"A,B,count\n" + b"1,0,5\n" * 2_000
    page.set_input_files("#file", {"name": "x.csv", "mimeType": "", "buffer": large})
    page.press("#id_seed", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("too large")
    expect(page.locator("#id_table")).to_have_value(re.compile("A,B,count"))


def test_one_builds_another_approves_and_everyone_reads(
    new_page: Callable[..., Page], axe: Callable[[Page], None], site: Installation
) -> None:
    site.run("simulate", "--year", "2021", "--database")
    builder = new_page(language="nl")
    sign_in(builder, site.sign_ins[2], "/report/")
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
    sign_in(reviewer, site.sign_ins[3], path)
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


def sign_in(page: Page, types: dict[str, str], path: str = "") -> None:
    """Sign in, and come to `path`; without one, to the page of estimation by that alone."""
    page.set_default_timeout(WAIT_SECONDS * 1000)
    page.goto(f"/team/sign-in?next={path}" if path else "/team/sign-in")
    page.fill("[name=login]", types["email"])
    page.fill("[name=password]", types["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{path or '/figures/estimation'}")
