"""Keys from beginning to end: made, given, renewed and recovered, in members' browsers."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from havenlight.core.seal import phrase, wraps
from havenlight.core.seal.errors import SealBroken
from havenlight.core.seal.keys import PrivateKey
from tests.browser.background import Background
from tests.browser.desk import THEMES, Desk, People, give_phrase
from tests.servers.installation import Installation


class Table:
    """The database of the helpline, as a thief has it."""

    def __init__(self, site: Installation) -> None:
        self._path = site.database

    def __call__(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What there is, or after what it becomes."""
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=20)) as database:
            return database.execute(sql, values).fetchall()

    def team_key(self, email: str, words: str) -> PrivateKey:
        """The newest team key that a member has, for who knows her words."""
        (member, wrap, salt, rounds) = self(
            "SELECT k.member_id, k.wrap, k.salt, k.iterations FROM team_memberkey k "
            "JOIN team_member m ON m.id = k.member_id WHERE m.email = ?",
            email,
        )[0]
        mine = wraps.unwrap_member(wrap, phrase.kek(words, salt, rounds), member)
        (epoch, sealed) = self(
            "SELECT epoch_id, wrap FROM team_teamwrap WHERE member_id = ? ORDER BY epoch_id DESC",
            member,
        )[0]
        return wraps.unwrap_team(sealed, mine, member, epoch)

    def opens(self, key: PrivateKey, conv: str) -> bool:
        """Whether a team key opens a conversation."""
        (epoch, sealed) = self(
            "SELECT c.epoch, w.sealed FROM chat_wrap w JOIN chat_conversation c "
            "ON c.id = w.conversation_id WHERE w.kind = 'team' AND c.id = ?",
            conv,
        )[0]
        try:
            return bool(wraps.unwrap_conversation(sealed, key, conv, epoch))
        except SealBroken:
            return False


@pytest.fixture
def table(site: Installation) -> Table:
    """The helpline before its keys are made, with its members."""
    table = Table(site)
    table("DELETE FROM team_teamwrap")
    table("DELETE FROM team_memberkey")
    table("DELETE FROM team_epoch")
    table("UPDATE team_organisation SET is_demo = 0, signing_key = x''")
    return table


@pytest.fixture
def visitors(background: Background, site: Installation, table: Table) -> Iterator[People]:
    """Visitors of that helpline."""
    assert table
    people = People(background, site.address)
    yield people
    people.leave()


@pytest.fixture
def check(axe: Callable[[Page], None]) -> Callable[[Page], None]:
    """Fails with what axe finds wrong, light or dark."""

    def in_both(page: Page) -> None:
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            axe(page)

    return in_both


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def take_words(page: Page, card: str) -> str:
    """Write six words down, and type them again."""
    root = part(page, card)
    expect(root.locator(".six li")).to_have_count(6)
    words = " ".join(root.locator(".six li").all_inner_texts())
    root.get_by_role("button", name="I have written them down").click()
    root.get_by_role("textbox").fill(words)
    root.get_by_role("button", name="Go on").click()
    return words


def save(page: Page, button: str, path: Path) -> Path:
    with page.expect_download() as download:
        part(page, button).click()
    download.value.save_as(path)
    return path


def sign(page: Page, file: Path, words: str) -> None:
    page.set_input_files("#signing-file", file)
    page.fill("#signing-phrase", words)
    page.press("#signing-phrase", "Enter")
    expect(part(page, "done")).to_be_visible()


def begin(page: Page, directory: Path, check: Callable[[Page], None]) -> dict[str, Any]:
    """Make the organisation's keys: the files and words that the coordinator then has."""
    expect(page.get_by_role("heading", name="The keys of your organisation")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Begin").click()
    signing = take_words(page, "signing-phrase")
    file = save(page, "download-signing", directory / "signing.json")
    page.get_by_role("button", name="It is saved").click()
    check(page)
    paper = save(page, "download-recovery", directory / "recovery.txt")
    page.get_by_role("button", name="It is printed").click()
    own = take_words(page, "own-phrase")
    page.get_by_role("button", name="Sign and finish").click()
    expect(page.get_by_role("heading", name="Your organisation has its keys")).to_be_visible()
    return {"signing": signing, "file": file, "paper": paper, "own": own}


def test_keys_are_made_given_renewed_and_recovered(
    site: Installation,
    visitors: People,
    new_page: Callable[..., Page],
    check: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    table = Table(site)
    anna_signs_in, coordinator_signs_in = site.sign_ins[0], site.sign_ins[3]
    coordinator = new_page()
    Desk(coordinator, coordinator_signs_in).sign_in()
    kept = begin(coordinator, tmp_path, check)

    # A colleague makes her key and reads its number to the coordinator, who gives her the team's.
    page = new_page()
    Desk(page, anna_signs_in).sign_in()
    page.get_by_role("button", name="Make my key").click()
    words = take_words(page, "phrase-card")
    expect(part(page, "number")).not_to_be_empty()
    number = part(page, "number").inner_text()
    check(page)
    coordinator.goto("/keys/team")
    give_phrase(coordinator, kept["own"])
    expect(coordinator.get_by_text(number)).to_be_visible()
    check(coordinator)
    coordinator.get_by_label("I compared this number").check()
    sign(coordinator, kept["file"], kept["signing"])
    expect(coordinator.get_by_text("Keys given: 1.")).to_be_visible()

    anna = Desk(page, anna_signs_in | {"phrase": words}).open()
    first = visitors.come("hello")
    anna.accept(first)
    expect(page.get_by_role("log")).to_contain_text("hello")

    # She leaves. What she may have copied opens no conversation that comes, or goes on.
    hers = table.team_key(anna_signs_in["email"], words)
    assert table.opens(hers, first.visitor.conv)
    table("UPDATE team_member SET is_active = 0 WHERE email = ?", anna_signs_in["email"])
    coordinator.goto("/keys/team")
    expect(coordinator.get_by_text("Somebody who has left")).to_be_visible()
    give_phrase(coordinator, kept["own"])
    sign(coordinator, kept["file"], kept["signing"])
    expect(coordinator.get_by_text("The team has a new key.")).to_be_visible()
    second = visitors.come("after she left")
    assert not table.opens(hers, first.visitor.conv)
    assert not table.opens(hers, second.visitor.conv)

    # The words of the last coordinator are lost: a new key, and the paper from the safe.
    coordinator.goto("/keys/")
    coordinator.get_by_role("button", name="Make a new key").click()
    lost_and_new = take_words(coordinator, "phrase-card")
    expect(part(coordinator, "number")).to_be_visible()
    coordinator.goto("/keys/recovery")
    give_phrase(coordinator, lost_and_new)
    coordinator.set_input_files("#code-file", kept["paper"])
    check(coordinator)
    sign(coordinator, kept["file"], kept["signing"])
    desk = Desk(coordinator, coordinator_signs_in | {"phrase": lost_and_new}).open()
    desk.accept(second)
    expect(coordinator.get_by_role("log")).to_contain_text("after she left")
