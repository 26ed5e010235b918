"""The form beside the chat: by keyboard, in under two minutes, and nothing of it is ever lost."""

import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from havenlight.casework import versions
from tests.browser.desk import THEMES, Desk, People, until
from tests.browser.watch import Watch
from tests.servers.installation import Installation

SECONDS_A_VARIABLE = 1.5
"""What one who knows the form needs to read a question and press its key."""

FULL = {
    "campaign": "xmas-2026",
    "contact_kind": "1",
    "sincerity": "2",
    "sincerity_reason": "1\n",
    "role": "1",
    "help_question": "1\n",
    "earlier_contact": "2",
    "age": "15\n",
    "gender": "1",
    "birth_region": "1",
    "province": "d",
    "trafficking_status": "1",
    "status_source": "1",
    "forms": "123\n",
    "sexual_forms": "14\n",
    "criminal_forms": "1\n",
    "labour_sector": "1",
    "means_of_control": "13a\n",
    "recruitment_place": "1",
    "recruitment_how": "1",
    "recruitment_platform": "1",
    "still_going_on": "1",
    "duration_months": "14\n",
    "age_at_start": "u",
    "perpetrators": "2",
    "relation": "1\n",
    "siblings": "r",
    "images": "2",
    "first_disclosure": "1",
    "known_to": "1\n",
    "danger": "1",
    "danger_action": "13\n",
    "help_given": "13\n",
    "help_missing": "1\n",
    "help_missing_reason": "1\n",
    "referral_offered": "1",
    "referral_accepted": "1",
    "referral_made": "1",
    "referral_arrived": "2",
    "return_agreed": "1",
}
"""A conversation of which everything that can come up comes up, key by key: these count."""
FILLED_IN = {"contacted_on", "channel", "language", "age_band", "duration_band"}
"""What the form knows by itself, and nobody answers: from the conversation, or from a number."""

KEPT = """new Promise((resolve) => {
  indexedDB.open("drafts").onsuccess = ({ target: { result: database } }) => {
    database.transaction("sealed").objectStore("sealed").getAll().onsuccess = ({ target }) => {
      database.close()
      resolve(target.result)
    }
  }
})"""
"""What her browser keeps of drafts."""
SEALED = ["conv", "epoch", "id", "member", "sealed", "version"]


@pytest.fixture(scope="module")
def site(helpline: Installation) -> Installation:
    """Where the pages of this module are."""
    return helpline


@pytest.fixture
def desk(new_page: Callable[..., Page], site: Installation) -> Desk:
    """Anna at her desk."""
    return Desk(new_page(), site.sign_ins[0]).sign_in().unlock()


def form_of(desk: Desk) -> Locator:
    """The form beside the chat."""
    return desk.page.get_by_role("complementary", name=re.compile("Registration"))


def rows(site: Installation, query: str) -> list[tuple[object, ...]]:
    """What the database holds."""
    with sqlite3.connect(site.directory / "havenlight.sqlite3") as database:
        return list(database.execute(query))


def asked_now(desk: Desk) -> str:
    """The variable whose question has the focus, or empty."""
    focused = "document.activeElement.closest('[data-variable]')?.dataset.variable ?? ''"
    return str(desk.page.evaluate(focused))


def test_a_full_registration_takes_less_than_two_minutes_by_keyboard(
    desk: Desk, people: People, site: Installation
) -> None:
    desk.accept(people.come("hello", lang="nl"))
    desk.page.keyboard.press("Alt+r")
    expect(desk.page.locator("[data-variable=campaign] .box")).to_be_focused()
    answered = []
    while variable := asked_now(desk):
        answered.append(variable)
        keys = FULL[variable]
        desk.page.keyboard.type(keys.replace("\n", ""))
        if keys.endswith("\n") or variable == "campaign":
            desk.page.keyboard.press("Enter")
        expect(desk.page.locator(f"[data-variable={variable}].answered")).to_have_count(1)
    assert answered == [key for key in versions.newest().variables if key not in FILLED_IN]
    assert len(answered) * SECONDS_A_VARIABLE < 120
    expect(form_of(desk).get_by_role("button", name="Finish")).to_be_focused()
    desk.page.keyboard.press("Control+Enter")
    expect(form_of(desk)).to_contain_text("Registered. Persons in this conversation: 1.")
    # What seems to contradict itself is asked back, and blocks nothing.
    expect(form_of(desk)).to_contain_text("Do they know from someone else?")


def begin(desk: Desk, campaign: str) -> None:
    """Open the form of the conversation on the screen, and answer the first question."""
    desk.page.keyboard.press("Alt+r")
    expect(desk.page.locator("[data-variable=campaign] .box")).to_be_focused()
    desk.page.keyboard.type(campaign)
    desk.page.keyboard.press("Enter")


def reload(desk: Desk) -> None:
    """Load the desk again, as after a crash: only the phrase opens it."""
    desk.page.once("dialog", lambda dialog: dialog.accept())
    desk.page.reload()
    desk.unlock()


def test_a_draft_survives_a_lost_network_and_a_reload_and_nobody_reads_it(
    desk: Desk, people: People, site: Installation, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource")
    desk.accept(people.come("hello", lang="nl"))
    begin(desk, "kept-by-the-server")
    expect(form_of(desk).get_by_role("status").first).to_have_text("kept")
    sealed = rows(site, "SELECT sealed FROM console_draft")
    assert sealed
    assert not any(b"kept-by-the-server" in bytes(one) for (one,) in sealed)  # type: ignore[call-overload]
    # From here on only this browser can keep it.
    desk.page.route("**/draft", lambda route: route.abort())
    desk.page.keyboard.type("1")
    expect(form_of(desk)).to_contain_text("kept in this browser; no connection")
    assert [sorted(one) for one in desk.page.evaluate(KEPT)] == [SEALED]
    desk.page.unroute("**/draft")
    reload(desk)
    desk.hers.first.get_by_role("button").first.click()
    desk.page.keyboard.press("Alt+r")
    expect(desk.page.locator("[data-variable=campaign] .box")).to_have_value("kept-by-the-server")
    expect(desk.page.locator("[data-variable=contact_kind].answered")).to_have_count(1)
    expect(form_of(desk).get_by_role("status").first).to_have_text("kept")
    desk.page.keyboard.press("Control+Enter")
    expect(form_of(desk)).to_contain_text("Persons in this conversation: 1.")
    until(lambda: not rows(site, "SELECT 1 FROM console_draft"))
    until(lambda: desk.page.evaluate(KEPT) == [])


def test_a_silent_contact_takes_two_presses_and_a_second_person_another_form(
    desk: Desk, people: People, site: Installation
) -> None:
    person = people.come("hello", lang="nl")
    desk.accept(person)
    before = rows(site, "SELECT count(*) FROM casework_registration")
    desk.page.keyboard.press("Alt+r")
    form = form_of(desk)
    form.get_by_role("group", name="No question for help").get_by_text("Silent").click()
    desk.page.keyboard.press("Enter")
    expect(form).to_contain_text("Persons in this conversation: 1.")
    expect(form.get_by_role("button", name="Register another person")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(form.get_by_role("combobox")).to_have_value("new")
    person.run(person.visitor.leave())
    expect(desk.page.get_by_text("The visitor ended this conversation.")).to_be_visible()
    # What was said of the contact is there already.
    expect(desk.page.locator("[data-variable=contact_kind].answered")).to_have_count(1)
    desk.page.locator("[data-variable=contact_kind] .choice").first.click()
    desk.page.keyboard.press("Control+Enter")
    expect(form).to_contain_text("Persons in this conversation: 2.")
    after = rows(site, "SELECT count(*), count(DISTINCT case_id) FROM casework_registration")
    assert after[0][0] == int(str(before[0][0])) + 2


def test_axe_finds_nothing_in_the_form_nor_on_the_pages_of_a_case(
    new_page: Callable[..., Page],
    site: Installation,
    people: People,
    axe: Callable[[Page], None],
) -> None:
    def check(page: Page) -> None:
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            axe(page)

    desk = Desk(new_page(), site.sign_ins[1]).sign_in().unlock()
    desk.accept(people.come("hello", lang="nl"))
    begin(desk, "x")
    desk.page.keyboard.type("11")
    check(desk.page)
    desk.page.keyboard.press("Control+Enter")
    her_case = form_of(desk).get_by_role("link", name="Was she here before?")
    # A page of its own, so that the conversation goes on beside it.
    with desk.page.expect_popup() as opened:
        her_case.click()
    page = opened.value
    expect(page.get_by_role("heading", level=1)).to_contain_text("The person first seen on")
    check(page)
    page.locator("#registrations + ul a").first.click()
    expect(page.get_by_role("button", name="Correct")).to_be_visible()
    check(page)
    page.locator("[data-variable=role] .choice").nth(2).click()
    page.get_by_role("button", name="Correct").click()
    expect(page.get_by_role("heading", name="Corrections")).to_be_visible()
    expect(page.locator(".change ins").first).to_have_text("Parent or carer")
