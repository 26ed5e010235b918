"""The desk for who uses no mouse, for who cannot see it well, and on a slow computer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import THEMES, Desk, People, until
from tests.servers.installation import Installation


@pytest.fixture(scope="module")
def site(helpline: Installation) -> Installation:
    """Where the pages of this module are."""
    return helpline


def test_a_shift_goes_by_keyboard_alone(new_page: Callable[..., Page], people: People,
                                         site: Installation) -> None:  # fmt: skip
    first, second = people.come("hello"), people.come("hi")
    page = new_page()
    keys = page.keyboard
    page.goto("/desk/")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    keys.type(site.sign_ins[0]["email"])
    keys.press("Tab")
    keys.type(site.sign_ins[0]["password"])
    keys.press("Enter")
    expect(page.locator("#phrase")).to_be_focused()
    keys.type(site.sign_ins[0]["phrase"])
    keys.press("Enter")
    desk = Desk(page, site.sign_ins[0])
    for person in (first, second):
        expect(desk.row(person)).to_be_visible()
    expect(desk.queue).to_have_count(2)
    keys.press("Alt+a")
    expect(desk.pane(1).get_by_role("textbox")).to_be_focused()
    keys.press("Alt+a")
    expect(desk.pane(2).get_by_role("textbox")).to_be_focused()
    keys.type("Hello two")
    keys.press("Shift+Enter")
    keys.type("I am here")
    keys.press("Enter")
    until(lambda: second.heard == ["hi", "Hello two\nI am here"])
    keys.press("Alt+1")
    keys.type("Hello one")
    keys.press("Enter")
    until(lambda: first.heard == ["hello", "Hello one"])
    second.say("please")
    expect(desk.hers.nth(1)).to_contain_text("waits for you")
    keys.press("Alt+w")
    expect(desk.pane(2).get_by_role("textbox")).to_be_focused()
    keys.press("Alt+?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    keys.press("Escape")
    keys.press("Alt+o")
    expect(desk.pane(1).get_by_role("textbox")).to_be_focused()
    for name in ("End", "End it now"):
        tab_to(page, name)
        keys.press("Enter")
    until(lambda: first.state == "ended")


def tab_to(page: Page, name: str) -> None:
    """Go to a button by the keyboard: back from the box, on from the button before."""
    button = page.get_by_role("button", name=name, exact=True).first
    for key in ["Tab"] * 5 + ["Shift+Tab"] * 25:
        if button.is_visible() and button.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_axe_finds_nothing_on_a_busy_desk(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    people: People,
    site: Installation,
    language: str,
) -> None:
    staying = people.come("hello", lang="nl", in_danger=True, under_18=True, for_whom="self")
    gone = people.come("hi")
    waiting = people.come(lang="en", under_18=True, for_whom="other")
    desk = Desk(new_page(language=language), site.sign_ins[0]).sign_in().unlock()

    def check() -> None:
        for theme in THEMES:
            desk.page.emulate_media(color_scheme=theme)
            axe(desk.page)

    desk.accept(staying)
    desk.accept(gone)
    expect(desk.row(waiting)).to_be_visible()
    gone.run(gone.visitor.leave("exit"))
    expect(desk.page.locator(".presence:visible")).to_have_count(1)
    desk.page.locator("[data-part=end]:visible").click()
    check()
    desk.page.keyboard.press("Alt+?")
    expect(desk.page.locator("dialog[open]")).to_be_visible()
    check()


def test_a_long_night_touches_only_what_changed(desktop: Page, site: Installation) -> None:
    """Sixty wait and one of them taps: of all rows, hers alone is written to, and moved."""
    Desk(desktop, site.sign_ins[0]).sign_in().unlock()
    touched = desktop.evaluate(
        """async () => {
          const desk = document.querySelector("script[src]").src
          const { makeQueue } = await import(new URL("queue.mjs", desk))
          const root = document.querySelector("[data-part=queue]").cloneNode(true)
          document.body.append(root)
          const draw = makeQueue({ root, say: (name) => name, onAccept() {} })
          const waiting = Array.from({ length: 60 }, (_, i) => ({
            conv: i.toString(16).padStart(32, "0"), lang: "nl", for_whom: null, in_danger: null,
            under_18: null, waiting_since: 0, away: false, server_sealed: false,
          }))
          draw(waiting, 0, true)
          const seen = new MutationObserver(() => undefined)
          const all = { childList: true, subtree: true, characterData: true, attributes: true }
          seen.observe(root, all)
          draw(structuredClone(waiting), 0, true)
          const unchanged = seen.takeRecords().length
          const [tapped] = waiting.splice(40, 1)
          draw([{ ...tapped, in_danger: true }, ...waiting], 0, true)
          const rows = new Set()
          for (const { target, addedNodes } of seen.takeRecords())
            for (const node of [target, ...addedNodes])
              if (node instanceof Element) rows.add(node.closest(".waiting-row"))
          rows.delete(null)  // the list itself, which the row was moved in
          const first = root.querySelector(".waiting-row")
          root.remove()
          return { unchanged, rows: rows.size, isFirst: rows.has(first) }
        }"""
    )
    assert touched == {"unchanged": 0, "rows": 1, "isFirst": True}
