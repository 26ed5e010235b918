"""Browsers for tests, as Debian packages them: Chromium by Playwright, Firefox by Marionette."""

import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.background import Background
from tests.browser.chromium import CHROMIUM, CHROMIUM_FLAGS, PROFILES
from tests.browser.desk import People
from tests.browser.watch import Watch
from tests.servers.installation import Installation
from tests.servers.process import free_port

with warnings.catch_warnings():
    # What it imports warns of its own age.
    warnings.simplefilter("ignore")
    from marionette_driver.marionette import Marionette

FIREFOX = "/usr/bin/firefox-esr"

FIREFOX_PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.allow_hijacking_localhost": False,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Marionette's client leave sockets to the garbage collector, as it does."""
    for item in items:
        if any("firefox" in name for name in getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(
                pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
            )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, for the whole run."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium; every page comes in a context of its own, which shares nothing."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the pages of this test complain of; it fails the test, unless expected."""
    watch = Watch()
    yield watch
    watch.check()


@pytest.fixture(scope="module")
def site(new_installation: Callable[..., Installation]) -> Iterator[Installation]:
    """The demo organisation on SQLite that the tests of one file share.

    What a member has not finished stays on her desk, so other files have desks of their own.
    """
    installation = new_installation("sqlite")
    yield installation
    installation.stop()


@pytest.fixture
def new_page(
    chromium: Browser, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Opens pages as different people: `new_page("phone", language="nl")`.

    Further arguments are Playwright's for a context; `base_url` is that of `site`, which is started
    for those who do not name another.
    """
    contexts = []

    def new(profile: str = "desktop", *, language: str = "en", **options: Any) -> Page:
        if "base_url" not in options:
            options["base_url"] = request.getfixturevalue("site").address
        given = {"locale": language, **PROFILES[profile], **options}
        context = chromium.new_context(**given)
        context.set_default_timeout(30_000)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A page on a phone of 360 by 740, in Dutch."""
    return new_page("phone", language="nl")


@pytest.fixture
def desktop(new_page: Callable[..., Page]) -> Page:
    """A page on a desk, in English."""
    return new_page("desktop", language="en")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Fails with what axe finds wrong for those who cannot see or use a pointer."""
    runner = Axe()

    def find_nothing(page: Page) -> None:
        results = runner.run(page)
        assert not results.violations_count, results.generate_report()

    return find_nothing


@contextmanager
def firefox_with(directory: Path, *, loaded: str, **preferences: Any) -> Iterator[Marionette]:
    """A Firefox of its own; `loaded` is how far a page must be before a test goes on."""
    client = Marionette(
        port=free_port(),
        bin=FIREFOX,
        headless=True,
        prefs=FIREFOX_PREFERENCES | preferences,
        gecko_log=str(directory / "log"),
        workspace=str(directory),
    )
    client.start_session({"pageLoadStrategy": loaded})
    yield client
    client.quit(in_app=True)
    client.cleanup()


@pytest.fixture(scope="session")
def _firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marionette]:
    with firefox_with(tmp_path_factory.mktemp("firefox"), loaded="normal") as client:
        yield client


@pytest.fixture
def firefox_without_scripts(tmp_path: Path) -> Iterator[Marionette]:
    """Firefox as Tor Browser is at its safest. Its pages may load for ever: nothing waits."""
    scripts_off = {"javascript.enabled": False}
    with firefox_with(tmp_path, loaded="none", **scripts_off) as client:
        client.timeout.implicit = 10
        yield client


@pytest.fixture
def firefox(_firefox: Marionette) -> Iterator[Marionette]:
    """A fresh tab of a headless Firefox, with no cookies; a tab's storage ends with it."""
    first = _firefox.current_window_handle
    tab = _firefox.open(type="tab", focus=True)["handle"]
    _firefox.switch_to_window(tab)
    _firefox.timeout.implicit = 10
    yield _firefox
    _firefox.delete_all_cookies()
    _firefox.close()
    _firefox.switch_to_window(first)


@pytest.fixture(scope="module")
def helpline(new_installation: Callable[..., Installation]) -> Installation:
    """A demo organisation of one module's own: nobody else's visitors are in its queue."""
    return new_installation("sqlite", LIVE_BURST="1000")


@pytest.fixture
def people(background: Background, helpline: Installation) -> Iterator[People]:
    """Visitors of `helpline`, beside the browser: `people.come("hello", under_18=True)`."""
    people = People(background, helpline.address)
    yield people
    people.leave()
    # The next test finds an empty desk: what has ended would stay on it until it is finished.
    with closing(sqlite3.connect(helpline.database, isolation_level=None)) as database:
        database.execute("UPDATE chat_conversation SET finished_at = ended_at")


@pytest.fixture
def background() -> Iterator[Background]:
    """Runs the asyncio client beside a browser: `background.run(visitor.say("..."))`."""
    loop = Background()
    yield loop
    loop.close()
