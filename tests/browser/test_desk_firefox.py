"""The desk in Firefox, which has its own streams, keys and layout."""

from marionette_driver.keys import Keys
from marionette_driver.marionette import Marionette, WebElement

from tests.browser.desk import People, until
from tests.servers.installation import Installation


def test_two_conversations_go_on_at_once_in_firefox(
    firefox: Marionette, helpline: Installation, people: People
) -> None:
    def find(selector: str) -> WebElement:
        return firefox.find_element("css selector", selector)

    def texts(selector: str) -> list[str]:
        found = firefox.find_elements("css selector", selector)
        return [one.text for one in found if one.is_displayed()]

    def write(text: str) -> None:
        until(lambda: firefox.get_active_element().tag_name == "textarea")
        firefox.get_active_element().send_keys(text + Keys.ENTER)

    first, second = people.come("one"), people.come("two")
    anna = helpline.sign_ins[0]
    firefox.navigate(f"{helpline.address}/desk/")
    find("[name=login]").send_keys(anna["email"])
    find("[name=password]").send_keys(anna["password"] + Keys.ENTER)
    until(lambda: texts("[data-part=unlock-button]:enabled"))
    find("#phrase").send_keys(anna["phrase"] + Keys.ENTER)
    until(lambda: len(texts(".waiting-row")) == 2)
    find(".waiting-row button").click()
    write("Hello one.")
    until(lambda: first.heard == ["one", "Hello one."])
    find(".waiting-row button").click()
    until(lambda: len(texts(".pane")) == 2)
    write("Hello two.")
    until(lambda: second.heard == ["two", "Hello two."])
    until(lambda: texts(".message .text") == ["one", "Hello one.", "two", "Hello two."])
