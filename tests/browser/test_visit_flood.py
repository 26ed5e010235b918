"""A visitor whose address is that of a flood: a school, a shelter, an onion service."""

from collections.abc import Callable

from playwright.sync_api import Page, Request, expect

from tests.browser.visit import Visit
from tests.browser.watch import Watch
from tests.servers.installation import Installation

PEER = {"X-Havenlight-Peer": "192.0.2.1"}


def test_her_browser_works_a_moment_and_she_need_not_wait(
    new_installation: Callable[..., Installation],
    new_page: Callable[..., Page],
    watch: Watch,
) -> None:
    watch.expect("429")
    site = new_installation("sqlite", START_BURST="1", START_PER_MINUTE="1")
    page = new_page("phone")
    page.set_extra_http_headers(PEER)
    starts: list[Request] = []
    page.on("request", lambda one: one.url.endswith("/chat/start") and starts.append(one))
    page.request.post(f"{site.address}/chat/start", data={}, headers=PEER)

    visit = Visit(page).open(f"{site.address}/").begin()
    expect(visit.box).to_be_visible()
    assert ["x-havenlight-work" in one.headers for one in starts] == [False, True]
