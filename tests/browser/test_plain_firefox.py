"""The whole way with scripts switched off, in Firefox as Tor Browser is at its safest."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from marionette_driver.keys import Keys
from marionette_driver.marionette import Marionette, WebElement

from havenlight.client import Queue
from tests.browser.desk import until
from tests.browser.visit import Counselling, Counsellor
from tests.servers.installation import Installation

MESSAGES, BOX = "iframe.messages", "iframe.box"


class PlainVisit:
    """The pages without scripts, as a person uses them."""

    def __init__(self, firefox: Marionette) -> None:
        self.firefox = firefox

    def find(self, selector: str) -> WebElement:
        """An element where we are."""
        return self.firefox.find_element("css selector", selector)

    def press(self, selector: str) -> None:
        """Press a button or a link by key: a page whose style still loads moves under a pointer."""
        self.find(selector).send_keys(Keys.ENTER)

    def texts(self, selector: str) -> list[str]:
        """What is to be read in the frame of messages."""
        with self.inside(MESSAGES):
            found = self.firefox.find_elements("css selector", selector)
            return [one.text for one in found if one.is_displayed()]

    @contextmanager
    def inside(self, frame: str) -> Iterator[None]:
        """In one of the page's frames."""
        self.firefox.switch_to_frame(self.find(frame))
        yield
        self.firefox.switch_to_frame()

    def say(self, text: str) -> None:
        """Write and send."""
        with self.inside(BOX):
            self.find("textarea").send_keys(text)
            self.find("button").click()

    def leave_quickly(self) -> None:
        """Take the way out, and wait until another site, which is not there, has its place."""
        ours = self.firefox.get_url()
        self.press(".exit")
        until(lambda: self.firefox.get_url() != ours)
        until(lambda: not self.firefox.get_cookies())

    def history(self) -> list[str]:
        """The addresses that the tab's Back button leads to, and this one."""
        with self.firefox.using_context("chrome"):
            found: list[str] = self.firefox.execute_script(
                """
                const {sessionHistory} = gBrowser.selectedBrowser.browsingContext
                return Array.from({length: sessionHistory.count},
                  (_, i) => sessionHistory.getEntryAtIndex(i).URI.spec)
                """
            )
        return found


@pytest.fixture
def plain(firefox_without_scripts: Marionette) -> PlainVisit:
    """A visitor without scripts."""
    return PlainVisit(firefox_without_scripts)


def sealed_by_the_server(anna: Counsellor) -> list[str]:
    """Who waits and was sealed by the server, as a counsellor's stream tells."""
    queues = [event for event in list(anna.events) if isinstance(event, Queue)]
    rows = queues[-1].waiting if queues else []
    return [str(row["conv"]) for row in rows if row["server_sealed"]]


def test_a_chat_goes_its_whole_way_without_scripts_and_without_history(
    plain: PlainVisit, helpline: Installation
) -> None:
    with Counselling(helpline.address, helpline.sign_ins[0]) as anna:
        plain.firefox.navigate(f"{helpline.address}/nl")
        plain.find(".begin .late button").click()
        until(lambda: plain.texts(".queue legend"))
        before = plain.history()
        with plain.inside(MESSAGES):
            plain.find("[name=in_danger]").click()
        until(lambda: plain.texts(".alert"))
        plain.say("hallo")
        until(lambda: plain.texts(".said .text") == ["hallo"])
        until(lambda: sealed_by_the_server(anna))
        [conv] = sealed_by_the_server(anna)
        anna.accept(conv)
        anna.hears(conv, "hallo")
        until(lambda: not plain.texts(".queue"))
        anna.say(conv, "dag <b>")
        until(lambda: plain.texts(".said .text") == ["hallo", "dag <b>"])
        plain.say("tot ziens")
        anna.hears(conv, "hallo", "tot ziens")
        assert plain.history() == before == [f"{helpline.address}/nl", f"{helpline.address}/plain"]
        plain.press(".bar button[value=code]")
        plain.press("button[value=draw]")
        until(lambda: len(plain.firefox.find_elements("css selector", ".six li")) == 6)
        words = [one.text for one in plain.firefox.find_elements("css selector", ".six li")]
        plain.press("main a")
        until(lambda: plain.texts(".said .text") == ["hallo", "dag <b>", "tot ziens"])
        # The code adds an entry, of the same address.
        assert set(plain.history()) == set(before)
        plain.leave_quickly()
        until(lambda: anna.told(conv)[-1] == ("ended", "exit"))

        plain.firefox.navigate(f"{helpline.address}/nl")
        plain.press("a.late")
        plain.find("[name=words]").send_keys(" ".join(words))
        plain.press(".panel > .main")
        until(lambda: plain.texts(".said .text") == ["hallo", "dag <b>", "tot ziens"])
        plain.leave_quickly()
