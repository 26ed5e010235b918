"""The same chat in Firefox, which has its own streams, locks and keys."""

from marionette_driver.marionette import Marionette

from tests.browser.desk import until
from tests.browser.visit import WOULD_STORE, Counselling, held_in_firefox
from tests.servers.installation import Installation


def test_a_chat_goes_on_after_a_reload_in_firefox(firefox: Marionette, site: Installation) -> None:
    def find(selector: str) -> list[str]:
        return [one.text for one in firefox.find_elements("css selector", selector)]

    def say(text: str) -> None:
        firefox.find_element("css selector", "[data-part=text]").send_keys(text)
        firefox.find_element("css selector", "[data-part=composer] button").click()

    firefox.navigate(f"{site.address}/en")
    firefox.find_element("css selector", "[data-part=begin]").click()
    until(lambda: firefox.execute_script(f"return ({WOULD_STORE})()"))
    [conv] = held_in_firefox(firefox)
    say("from Firefox")
    with Counselling(site.address, site.sign_ins[0]) as anna:
        anna.accept(conv)
        anna.hears(conv, "from Firefox")
        firefox.refresh()
        until(lambda: find("[data-part=title]") == ["You are talking with Anna"])
        until(lambda: find(".said .text") == ["from Firefox"])
        anna.say(conv, "welcome back")
        until(lambda: find(".said .text") == ["from Firefox", "welcome back"])
        say("thank you")
        anna.hears(conv, "from Firefox", "thank you")
