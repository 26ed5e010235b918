"""A counsellor at work: the queue, several conversations at once, what goes wrong meanwhile."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, StorageState, expect

from tests.browser.desk import Desk, People, until
from tests.browser.watch import Watch
from tests.servers.installation import Installation

LOST = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture(scope="module")
def site(helpline: Installation) -> Installation:
    """Where the pages of this module are."""
    return helpline


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, site: Installation) -> list[StorageState]:
    """The cookies of Anna and Bram: each signs in once, since a password is slow to check."""
    states = []
    for sign_in in site.sign_ins:
        context = chromium.new_context(base_url=site.address)
        Desk(context.new_page(), sign_in).sign_in()
        states.append(context.storage_state())
        context.close()
    return states


@pytest.fixture
def new_desk(
    new_page: Callable[..., Page], site: Installation, signed_in: list[StorageState]
) -> Callable[..., Desk]:
    """Opens a member's desk in a browser of its own, her key not yet open."""

    def new(member: int, **options: object) -> Desk:
        page = new_page(storage_state=signed_in[member], **options)
        return Desk(page, site.sign_ins[member])

    return new


@pytest.fixture
def anna(new_desk: Callable[..., Desk]) -> Desk:
    """Anna at her desk, her key open."""
    return new_desk(0).open()


@pytest.fixture
def bram(new_desk: Callable[..., Desk]) -> Desk:
    """Bram at his."""
    return new_desk(1).open()


def test_the_queue_says_who_waits_and_puts_danger_first(anna: Desk, people: People) -> None:
    people.come(lang="en", for_whom="other")
    people.come(lang="nl", under_18=True, for_whom="self")
    people.come(lang="nl", in_danger=True)
    expect(anna.queue).to_have_text(
        [
            re.compile(r"\d min\s+in danger\s+Nederlands\s+Accept"),
            re.compile(r"\d min\s+under 18\s+about self\s+Nederlands\s+Accept"),
            re.compile(r"\d min\s+about someone else\s+English\s+Accept"),
        ],
        use_inner_text=True,
    )
    expect(anna.page).to_have_title("0 for you, 3 waiting · Havenlight")


def test_two_conversations_go_on_at_once(anna: Desk, people: People) -> None:
    first = people.come("hello, is anyone there?")
    second = people.come("it is about a friend", for_whom="other")
    anna.accept(first)
    anna.accept(second)
    anna.say(1, "I am here.")
    anna.say(2, "Tell me about your friend.")
    until(lambda: first.heard == ["hello, is anyone there?", "I am here."])
    until(lambda: second.heard == ["it is about a friend", "Tell me about your friend."])
    expect(anna.pane(1).locator(".me")).to_contain_text("seen")
    first.say("thank you")
    expect(anna.pane(1).locator(".text")).to_have_text(
        ["hello, is anyone there?", "I am here.", "thank you"]
    )
    assert anna.lines(2) == second.heard
    until(lambda: first.read_up_to == 3)


def test_what_is_not_on_the_screen_is_unread_and_waits(anna: Desk, people: People) -> None:
    anna.page.set_viewport_size({"width": 1024, "height": 768})
    first, second = people.come(), people.come()
    anna.accept(first)
    anna.say(1, "Hello.")
    anna.accept(second)
    expect(anna.pane(1)).to_be_hidden()
    first.say("are you there?", "please")
    expect(anna.hers.first).to_contain_text(re.compile(r"waits for you: \d min"))
    expect(anna.hers.first).to_contain_text("2 new")
    assert first.read_up_to <= 1
    anna.hers.first.get_by_role("button").first.click()
    expect(anna.pane(1).locator(".text")).to_have_text(["Hello.", "are you there?", "please"])
    expect(anna.hers.first).not_to_contain_text("new")
    until(lambda: first.read_up_to == 3)


def test_each_side_sees_that_the_other_types(anna: Desk, people: People) -> None:
    visitor = people.come()
    anna.accept(visitor)

    def is_told() -> bool:
        # A hint is told once. It is lost while her stream is opened anew for the conversation.
        visitor.run(visitor.visitor.typing())
        return anna.pane(1).get_by_text("The visitor is typing").is_visible()

    until(is_told)
    anna.pane(1).get_by_role("textbox").press_sequentially("Take your t")
    until(lambda: visitor.saw_typing)
    assert visitor.heard == []
    visitor.say("ok")
    expect(anna.pane(1).get_by_text("The visitor is typing")).to_be_hidden()


def test_only_the_first_of_two_members_gets_a_conversation(
    anna: Desk, bram: Desk, people: People, watch: Watch
) -> None:
    watch.expect("409")
    visitor = people.come("hello")
    # Bram pressed at the same time; his request comes a moment later.
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    bram.page.route("**/accept", hold)
    with bram.page.expect_request("**/accept"):
        bram.row(visitor).get_by_role("button", name="Accept").click()
    anna.accept(visitor)
    held[0].continue_()
    expect(bram.page.get_by_text("A colleague accepted this one first.")).to_be_visible()
    expect(bram.hers).to_have_count(0)
    expect(bram.row(visitor)).to_have_count(0)
    anna.say(1, "Hello, I am Anna.")
    until(lambda: visitor.heard == ["hello", "Hello, I am Anna."])


def test_what_she_writes_does_not_land_in_a_conversation_that_opens_meanwhile(
    anna: Desk, people: People
) -> None:
    first, second = people.come(), people.come()
    anna.accept(first)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    anna.page.route("**/accept", hold)
    with anna.page.expect_request("**/accept"):
        anna.row(second).get_by_role("button").click()
    anna.pane(1).get_by_role("textbox").press_sequentially("This is for the ")
    held[0].continue_()
    expect(anna.hers).to_have_count(2)
    expect(anna.page.get_by_text("You have this one now.")).to_be_visible()
    anna.page.keyboard.type("first")
    anna.page.keyboard.press("Enter")
    until(lambda: first.heard == ["This is for the first"])


def test_who_reads_back_is_told_of_new_messages_and_not_moved(anna: Desk, people: People) -> None:
    visitor = people.come(*(f"message {number}" for number in range(1, 41)))
    anna.accept(visitor)
    until(lambda: visitor.read_up_to == 40)
    log = anna.pane(1).get_by_role("log")
    log.evaluate("log => log.scrollTo(0, 0)")
    newer = anna.pane(1).get_by_role("button", name="New messages below")
    expect(newer).to_be_hidden()
    visitor.say("message 41")
    expect(newer).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 0
    assert visitor.read_up_to == 40
    newer.click()
    expect(log.get_by_text("message 41")).to_be_in_viewport()
    expect(newer).to_be_hidden()
    until(lambda: visitor.read_up_to == 41)


def test_leaving_the_page_in_a_conversation_is_asked_first(anna: Desk, people: People) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    anna.page.on("dialog", stay)
    visitor = people.come("hello")
    anna.accept(visitor)
    anna.page.evaluate("setTimeout(() => location.reload())")
    until(lambda: anna.page.evaluate("1") and asked == ["beforeunload"])
    anna.say(1, "I am still here.")
    until(lambda: visitor.heard == ["hello", "I am still here."])


def test_after_a_reload_the_phrase_brings_all_conversations_back(
    anna: Desk, people: People
) -> None:
    first, second = people.come("one"), people.come("two")
    anna.accept(first)
    anna.say(1, "Hello one.")
    anna.accept(second)
    anna.say(2, "Hello two.")
    until(lambda: len(first.heard) == len(second.heard) == 2)
    anna.page.reload()
    expect(anna.page.locator("body")).not_to_contain_text("Hello one.")
    anna.unlock()
    expect(anna.hers).to_have_count(2)
    for number in (1, 2):
        anna.hers.nth(number - 1).get_by_role("button").first.click()
    expect(anna.pane(2).locator(".text")).to_have_text(["two", "Hello two."])
    anna.hers.first.get_by_role("button").first.click()
    expect(anna.pane(1).locator(".text")).to_have_text(["one", "Hello one."])
    anna.say(1, "Where were we?")
    until(lambda: first.heard == ["one", "Hello one.", "Where were we?"])


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("exit", "The visitor left by the exit: someone may have come in."),
        ("leave", "The visitor ended this conversation."),
    ],
)
def test_it_is_said_how_a_visitor_went(anna: Desk, people: People, how: str, words: str) -> None:
    visitor = people.come("hello")
    anna.accept(visitor)
    visitor.run(visitor.visitor.leave(how))
    expect(anna.pane(1).get_by_text(words)).to_be_visible()
    expect(anna.pane(1).get_by_role("textbox")).to_be_hidden()
    assert anna.lines(1) == ["hello"]
    anna.pane(1).get_by_role("button", name="Finish").click()
    expect(anna.hers).to_have_count(0)
    expect(anna.pane(1)).to_have_count(0)


def test_a_visitor_whose_connection_is_lost_is_not_gone(anna: Desk, people: People) -> None:
    visitor = people.come("hello")
    anna.accept(visitor)
    visitor.lose_connection()
    expect(anna.pane(1)).to_contain_text("Connection lost; the visitor may come back.")
    anna.say(1, "I am still here.")
    expect(anna.pane(1).locator(".me")).to_contain_text("arrived")
    expect(anna.hers.first).to_contain_text("connection lost")


def test_ending_is_asked_twice_and_told_to_the_visitor(anna: Desk, people: People) -> None:
    visitor = people.come("thank you, bye")
    anna.accept(visitor)
    anna.pane(1).get_by_role("button", name="End", exact=True).click()
    anna.pane(1).get_by_role("button", name="Go on talking").click()
    expect(anna.pane(1).get_by_role("textbox")).to_be_focused()
    assert visitor.state == "active"
    anna.pane(1).get_by_role("button", name="End", exact=True).click()
    anna.pane(1).get_by_role("button", name="End it now").click()
    expect(anna.pane(1)).to_contain_text("You ended this conversation.")
    until(lambda: visitor.state == "ended")


def test_what_is_written_without_a_connection_is_sent_after_in_order(
    anna: Desk, people: People, watch: Watch
) -> None:
    watch.expect(LOST)
    visitor = people.come("hello")
    anna.accept(visitor)
    anna.page.context.set_offline(True)
    expect(anna.page.get_by_text("No connection.")).to_be_visible()
    for text in ("one", "two", "three"):
        anna.say(1, text)
    expect(anna.pane(1).get_by_text("not sent yet")).to_have_count(3)
    visitor.say("are you there?")
    anna.page.context.set_offline(False)
    until(lambda: visitor.heard == ["hello", "are you there?", "one", "two", "three"])
    expect(anna.pane(1).locator(".text")).to_have_text(visitor.heard)
    expect(anna.pane(1).get_by_text("not sent yet")).to_have_count(0)


def test_text_is_only_ever_text(anna: Desk, people: People) -> None:
    hostile = "<img src=x onerror=alert(1)><b>bold</b>{minutes}"
    anna.accept(people.come(hostile))
    assert anna.lines(1) == [hostile]
    assert anna.pane(1).locator(".message img, .message b").count() == 0


def test_her_second_window_shows_the_same_and_can_write_too(
    anna: Desk, people: People, site: Installation, watch: Watch
) -> None:
    watch.expect("409")
    other = Desk(anna.page.context.new_page(), site.sign_ins[0]).open()
    visitor = people.come("hello")
    anna.accept(visitor)
    expect(other.hers).to_have_count(1)
    other.hers.first.get_by_role("button").first.click()
    anna.say(1, "from the first window")
    other.say(1, "from the second window")
    anna.say(1, "and the first again")
    until(lambda: len(visitor.heard) == 4)
    assert set(visitor.heard[1:]) == {
        "from the first window",
        "from the second window",
        "and the first again",
    }
    for desk in (anna, other):
        expect(desk.pane(1).locator(".text")).to_have_text(visitor.heard)


def test_a_message_that_was_taken_out_or_altered_is_not_passed_over(
    anna: Desk, people: People, site: Installation
) -> None:
    visitor = people.come("one", "two", "three")
    anna.accept(visitor)
    expect(anna.pane(1).locator(".text")).to_have_text(["one", "two", "three"])
    anna.page.goto("about:blank")
    tamper(site.database, visitor.visitor.conv)
    anna.open()
    anna.hers.first.get_by_role("button").first.click()
    expect(anna.pane(1).locator(".text, .mark")).to_have_text(
        [
            "A message here could not be read. You can ask for it again.",
            "A message is missing here.",
            "three",
        ]
    )


def tamper(database: Path, conversation: str) -> None:
    """Alter the first message, take out the second, and close the gap, as a bad server could."""
    mine = "FROM chat_message WHERE conversation_id = ?"
    with sqlite3.connect(database) as connection:
        (envelope,) = connection.execute(
            f"SELECT envelope {mine} AND seq = 1", [conversation]
        ).fetchone()
        altered = envelope[:-1] + bytes([envelope[-1] ^ 1])
        connection.execute(
            "UPDATE chat_message SET envelope = ? WHERE conversation_id = ? AND seq = 1",
            [altered, conversation],
        )
        connection.execute(f"DELETE {mine} AND seq = 2", [conversation])
        connection.execute(
            "UPDATE chat_message SET seq = 2 WHERE conversation_id = ? AND seq = 3", [conversation]
        )
        connection.execute(
            "UPDATE chat_conversation SET last_seq = 2, visitor_read = 0, member_read = 0"
            " WHERE id = ?",
            [conversation],
        )
    connection.close()
