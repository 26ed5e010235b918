"""The researcher estimates on the UK lists: from a file, by keyboard, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.servers.installation import Installation

UK = Path(__file__).parents[1] / "vectors" / "mse" / "UKdat_5.csv"


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
    axe(page)
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


def sign_in(page: Page, types: dict[str, str]) -> None:
    """Sign in, and come to the page by that alone."""
    page.goto("/team/sign-in")
    page.fill("[name=login]", types["email"])
    page.fill("[name=password]", types["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/figures/estimation")
