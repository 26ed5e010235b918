"""A visitor on her phone: the start, the line, the chat, the end."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from havenlight.client.conversation import Entry
from tests.browser.desk import until
from tests.browser.visit import HIDE, STORED, Counselling, Counsellor, Visit, talk
from tests.browser.watch import Watch
from tests.servers.installation import Installation

DUTCH = {"arrived": "Aangekomen", "seen": "Gezien"}


@pytest.fixture(scope="module")
def anna(site: Installation) -> Iterator[Counsellor]:
    """Anna, who answers."""
    with Counselling(site.address, site.sign_ins[0]) as counsellor:
        yield counsellor


def test_she_starts_waits_and_talks(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone).open().begin()
    conv = visit.conv
    expect(visit.part("title")).to_have_text("Je staat in de rij")
    visit.say("hoi, ik weet niet hoe ik moet beginnen")
    expect(visit.states).to_contain_text([DUTCH["arrived"]])

    anna.accept(conv)
    expect(visit.part("title")).to_have_text("Je praat met Anna")
    expect(visit.part("queue")).to_be_hidden()
    anna.hears(conv, "hoi, ik weet niet hoe ik moet beginnen")
    anna.read(conv, 1)
    expect(visit.states).to_contain_text([DUTCH["seen"]])

    anna.type(conv)
    expect(visit.part("typing")).to_have_text("Anna schrijft …")
    anna.say(conv, "hoi, fijn dat je er bent")
    expect(visit.texts).to_have_text(
        ["hoi, ik weet niet hoe ik moet beginnen", "hoi, fijn dat je er bent"]
    )
    expect(visit.part("typing")).to_be_hidden()
    until(lambda: anna.read_to(conv) == 2)

    anna.end(conv)
    expect(visit.part("closed-title")).to_have_text("De chat is afgelopen")
    expect(visit.part("closed-title")).to_be_focused()
    expect(visit.box).to_be_hidden()
    expect(visit.texts).to_have_count(2)
    assert phone.evaluate("sessionStorage.length") == 0
    visit.part("anew").click()
    expect(visit.part("begin")).to_be_visible()


def test_her_taps_reach_the_queue_and_can_be_taken_back(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone).open().begin()
    conv = visit.conv

    def tapped() -> list[object]:
        row = anna.waiting(conv) or {}
        return [row.get(name) for name in ("for_whom", "in_danger", "under_18")]

    until(lambda: anna.waiting(conv))
    assert tapped() == [None, None, None]
    phone.get_by_role("button", name="Over mij").click()
    danger = phone.get_by_role("group", name="Nu in gevaar?").get_by_role("button", name="Ja")
    danger.click()
    expect(visit.part("danger")).to_contain_text("Bel 112")
    phone.get_by_role("group", name="Jonger dan 18 jaar?").get_by_role("button", name="Ja").click()
    until(lambda: tapped() == ["self", True, True])
    expect(danger).to_have_attribute("aria-pressed", "true")

    danger.click()
    until(lambda: tapped() == ["self", None, True])
    expect(danger).to_have_attribute("aria-pressed", "false")
    expect(visit.part("danger")).to_be_empty()
    visit.part("leave").click()


def test_she_leaves_the_chat_by_one_tap(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone)
    conv = talk(visit, anna)
    visit.part("leave").click()
    expect(visit.part("closed-title")).to_have_text("Je bent gestopt met de chat")
    until(lambda: anna.told(conv)[-1:] == [("ended", "visitor")])
    assert phone.evaluate("sessionStorage.length") == 0


def test_she_leaves_the_line_by_one_tap(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone).open().begin()
    conv = visit.conv
    until(lambda: anna.waiting(conv))
    visit.part("leave").click()
    expect(visit.part("closed-title")).to_have_text("Je staat niet meer in de rij")
    until(lambda: not anna.waiting(conv))


def test_the_counsellor_learns_that_she_types_and_not_what(desktop: Page, anna: Counsellor) -> None:
    visit = Visit(desktop)
    conv = talk(visit, anna)
    with desktop.expect_request(f"**/live/conv/{conv}/t") as typing:
        visit.box.press_sequentially("ik")
    assert typing.value.post_data_json == {}
    assert anna.heard(conv) == []


def test_enter_sends_and_shift_enter_does_not(desktop: Page, anna: Counsellor) -> None:
    visit = Visit(desktop)
    conv = talk(visit, anna)
    visit.box.press_sequentially("one")
    visit.box.press("Shift+Enter")
    visit.box.press_sequentially("two")
    visit.box.press("Enter")
    anna.hears(conv, "one\ntwo")
    expect(visit.box).to_have_value("")


def test_enter_is_a_new_line_on_a_phone(phone: Page) -> None:
    visit = Visit(phone).open().begin()
    visit.box.press_sequentially("een")
    visit.box.press("Enter")
    expect(visit.box).to_have_value("een\n")
    visit.part("leave").click()


def test_what_comes_is_shown_as_text(desktop: Page, anna: Counsellor) -> None:
    visit = Visit(desktop)
    conv = talk(visit, anna)
    said = "<b>see</b> https://example.org/ <img src=x>"
    anna.say(conv, said)
    expect(visit.texts).to_have_text([said])
    assert visit.part("log").locator("a, b, img").count() == 0


def test_a_text_is_measured_in_characters_as_people_count_them(
    desktop: Page, anna: Counsellor
) -> None:
    visit = Visit(desktop)
    conv = talk(visit, anna)
    visit.say("😀" * 2_003)
    expect(visit.part("note")).to_have_text("This is too long. Make it 3 characters shorter.")
    expect(visit.box).not_to_have_value("")
    visit.say("😀" * 2_000)
    anna.hears(conv, "😀" * 2_000)
    expect(visit.part("note")).to_be_empty()


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_no_photo_is_taken_and_she_is_told_why(desktop: Page, how: str) -> None:
    visit = Visit(desktop).open().begin()
    taken = visit.box.evaluate(
        """(box, how) => {
          const data = new DataTransfer()
          data.items.add(new File(["x"], "photo.jpg", { type: "image/jpeg" }))
          const event = how === "paste"
            ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
          return box.dispatchEvent(event)
        }""",
        how,
    )
    assert not taken
    expect(visit.part("note")).to_have_text(
        "You cannot send photos or files here. That is safer for you."
    )
    visit.part("leave").click()


def test_a_message_that_is_missing_or_cannot_be_read_is_shown_as_such(
    desktop: Page, anna: Counsellor
) -> None:
    visit = Visit(desktop)
    conv = talk(visit, anna)
    conversation = anna.conversation(conv)
    held_back = conversation.say("held back")
    conversation.answered(held_back)
    anna.say(conv, "after what was held back")
    broken = conversation.say("broken on the way")
    conversation.answered(broken)
    anna.post(conv, Entry(broken.id, broken.n, broken.env[:-4] + "AAAA"))
    expect(visit.part("log").locator(".event").last).to_have_text("A message is missing here.")
    expect(visit.texts).to_have_text(
        ["after what was held back", "This message could not be read."]
    )


def test_a_counsellor_who_is_away_is_told_of(desktop: Page, site: Installation) -> None:
    visit = Visit(desktop)
    with Counselling(site.address, site.sign_ins[1]) as bram:
        conv = talk(visit, bram)
        expect(visit.part("connection")).to_be_empty()
        until(lambda: bram.told(conv))
        bram.drop()
        expect(visit.part("connection")).to_have_text(
            "Bram has lost the connection for a moment. Your chat stays open."
        )
        assert bram.told(conv)[-1][0] == "active"


def test_the_tab_stores_what_reads_nothing_only_when_left(phone: Page, anna: Counsellor) -> None:
    visit = Visit(phone)
    talk(visit, anna)
    visit.say("mijn naam staat hier niet")
    expect(visit.states).to_contain_text([DUTCH["arrived"]])
    assert phone.evaluate("sessionStorage.length") == 0
    stored = phone.evaluate(f"{HIDE}, ({{...sessionStorage}})")
    assert list(stored) == [STORED]
    secret, outbox, code = json.loads(stored[STORED])
    assert (len(secret), outbox, code) == (43, [], "")
    assert visit.conv not in stored[STORED]
    assert phone.evaluate("localStorage.length") == 0
    assert phone.context.cookies() == []
    assert phone.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_a_browser_that_refuses_storage_chats_all_the_same(phone: Page, anna: Counsellor) -> None:
    phone.add_init_script(
        """Object.defineProperty(window, "sessionStorage", {
          get() { throw new DOMException("no", "SecurityError") },
        })"""
    )
    visit = Visit(phone).open()
    with phone.expect_response("**/chat/start") as started:
        visit.part("begin").click()
    conv: str = started.value.request.post_data_json["conv"]
    visit.say("zonder opslag")
    expect(visit.states).to_contain_text([DUTCH["arrived"]])
    anna.accept(conv)
    anna.hears(conv, "zonder opslag")


@pytest.mark.parametrize(
    ("attribute", "value"), [("data-demo", "no"), ("data-organisation-key", "anything")]
)
def test_no_chat_opens_on_a_page_whose_keys_are_not_vouched_for(
    phone: Page, attribute: str, value: str
) -> None:
    visit = Visit(phone).open()
    started: list[str] = []
    phone.on("request", lambda request: started.append(request.method))
    phone.evaluate("([name, value]) => document.body.setAttribute(name, value)", [attribute, value])
    visit.part("begin").click()
    expect(visit.part("closed-title")).to_have_text("Chat nu niet op deze pagina")
    expect(phone.get_by_role("link", name="Bel 112")).to_be_visible()
    assert started == []


def test_a_page_that_stood_open_over_a_new_lock_says_so(phone: Page, watch: Watch) -> None:
    watch.expect("409")
    visit = Visit(phone).open()
    phone.route(
        "**/chat/start",
        lambda route: route.continue_(post_data={**route.request.post_data_json, "epoch": 99}),
    )
    visit.part("begin").click()
    expect(visit.part("closed-title")).to_have_text("Deze pagina stond lang open")
    assert phone.evaluate("sessionStorage.length") == 0
