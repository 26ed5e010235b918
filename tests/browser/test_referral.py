"""A visitor is referred with her consent: asked in the chat, sealed at the desk, opened offline."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk, give_phrase
from tests.browser.visit import Visit
from tests.servers.installation import Installation

PASSPHRASE = "een lange zin voor de sleutel"
SHELTER = "De Veilige Haven"
POLICE = "Politie Utrecht"

MAKE_RECIPIENTS = """
from havenlight.core.seal.encoding import unb64
from havenlight.referral.models import Recipient
Recipient.objects.create(name={shelter!r}, kind="shelter", regions=["Utrecht"], forms=["sexual"],
    youngest=12, oldest=22, themes="opvang voor meisjes", public_key=unb64({key!r}))
Recipient.objects.create(name={police!r}, kind="police", public_key=unb64({key!r}))
Recipient.objects.create(name="Zonder sleutel", kind="care")
"""


class Recipient:
    """An organisation with the offline page on its own computer."""

    def __init__(self, page: Page, directory: Path) -> None:
        self.page = page
        self.key_file = directory / "key.json"
        self._file = directory / "opener.html"

    def part(self, name: str) -> Locator:
        """An element of the page by what it is for."""
        return self.page.locator(f"[data-part={name}]")

    def open_page(self, html: str) -> None:
        """Save the page and open it from the disk, without a network."""
        self._file.write_text(html, encoding="utf-8")
        self.page.context.set_offline(True)
        self.page.goto(self._file.as_uri())
        expect(self.page.locator("body[data-ready]")).to_be_visible()

    def make_key(self) -> str:
        """Make the key, keep its file, and tell the public half."""
        self.part("new-passphrase").fill(PASSPHRASE)
        self.part("new-passphrase-again").fill(PASSPHRASE)
        with self.page.expect_download() as download:
            self.part("make").locator("button").click()
        download.value.save_as(self.key_file)
        expect(self.part("public-key")).to_be_visible()
        return self.part("public-key").inner_text()

    def unlock(self, passphrase: str) -> None:
        """Open the key file, as on any later day."""
        self.part("key-file").set_input_files(self.key_file)
        self.part("passphrase").fill(passphrase)
        self.part("unlock").locator("button").click()

    def open_package(self, package: Path) -> None:
        """Open a package that was downloaded."""
        self.part("package-file").set_input_files(package)
        self.part("open").locator("button").click()


@pytest.fixture
def recipient(new_page: Callable[..., Page], helpline: Installation, tmp_path: Path) -> Recipient:
    page = new_page(language="nl", base_url=helpline.address)
    html = page.request.get("/referral/opener", headers={"Accept-Language": "nl"}).text()
    found = Recipient(page, tmp_path)
    found.open_page(html)
    return found


@pytest.fixture
def key(recipient: Recipient, helpline: Installation) -> str:
    made = recipient.make_key()
    code = MAKE_RECIPIENTS.format(shelter=SHELTER, police=POLICE, key=made)
    helpline.run("shell", "-c", code)
    return made


def ask(pane: Locator, choices: dict[str, list[str]]) -> None:
    """Choose recipients, write lines, tick who may know which, and ask."""
    pane.get_by_role("button", name="Refer").click()
    for name in sorted({name for names in choices.values() for name in names}):
        pane.get_by_label(name).first.check()
    for row, (text, names) in enumerate(choices.items()):
        item = pane.locator(".item").nth(row)
        item.get_by_role("textbox").fill(text)
        for name in names:
            item.get_by_label(name).check()
    pane.get_by_role("button", name="Ask in the chat").click()


@pytest.mark.usefixtures("key")
def test_what_she_agreed_to_reaches_the_recipient_and_nothing_else(
    recipient: Recipient,
    helpline: Installation,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    at = {"base_url": helpline.address}
    visit = Visit(new_page("phone", language="nl", **at)).open().begin()
    desk = Desk(new_page(**at), helpline.sign_ins[0]).sign_in().unlock()
    desk.queue.get_by_role("button").click()
    pane = desk.pane(1)
    ask(pane, {"Zij is 15": [SHELTER, POLICE], "Ze slaapt bij een vriendin": [SHELTER]})

    boxes = visit.page.locator(".question fieldset")
    expect(boxes).to_have_count(2)
    shelter, police = boxes.filter(has_text=SHELTER), boxes.filter(has_text=POLICE)
    assert shelter.locator("li").all_inner_texts() == ["Zij is 15", "Ze slaapt bij een vriendin"]
    assert police.locator("li").all_inner_texts() == ["Zij is 15"]
    axe(visit.page)
    shelter.get_by_role("button", name="Ja").click()
    police.get_by_role("button", name="Ja").click()
    expect(police.get_by_role("status")).to_contain_text("Je zei ja")

    asked = pane.locator(".asked > li")
    mine, theirs = asked.filter(has_text=SHELTER), asked.filter(has_text=POLICE)
    theirs.get_by_role("button", name="Seal and send").click()
    police_link = link_in(theirs)
    police.get_by_role("button", name="Nee").click()
    expect(theirs).to_contain_text("withdrawn")
    mine.get_by_role("button", name="Seal and send").click()
    shelter_link = link_in(mine)
    axe(desk.page)

    out = new_page(language="nl", **at)
    out.goto(police_link)
    expect(out.get_by_text("heeft de toestemming ingetrokken")).to_be_visible()
    expect(out.get_by_role("link", name="Download het pakket")).to_have_count(0)
    out.goto(shelter_link)
    axe(out)
    with out.expect_download() as download:
        out.get_by_role("link", name="Download het pakket").click()
    package = tmp_path / "package.json"
    download.value.save_as(package)
    assert "vriendin" not in package.read_text()

    recipient.page.reload()
    recipient.unlock("niet deze zin maar een andere")
    expect(recipient.part("unlock-refused")).to_be_visible()
    recipient.unlock(PASSPHRASE)
    recipient.open_package(package)
    expect(recipient.part("package")).to_be_visible()
    items = recipient.part("items").locator("li").all_inner_texts()
    assert items == ["Zij is 15", "Ze slaapt bij een vriendin"]
    assert POLICE not in recipient.part("package").inner_text()
    axe(recipient.page)

    consent = kept_consent(desk, helpline.sign_ins[0]["phrase"])
    expect(consent).to_contain_text(re.compile("Ze slaapt bij een vriendin.*yes, at", re.DOTALL))
    out.get_by_role("button", name="Is bij ons aangekomen").click()
    expect(out.get_by_role("button", name="Is bij ons aangekomen", pressed=True)).to_be_visible()
    expect(out.get_by_role("link", name="Download het pakket")).to_have_count(0)


def kept_consent(desk: Desk, phrase: str) -> Locator:
    """What the team keeps of her consent, opened by a member on the page of referrals."""
    page = desk.page.context.new_page()
    page.goto("/desk/referrals")
    give_phrase(page, phrase)
    return page.locator("[data-part=outgoing]").filter(has_text=SHELTER)


def link_in(row: Locator) -> str:
    """The path of the link that the desk shows once."""
    expect(row.locator(".link")).to_contain_text("http")
    found = re.search(r"https?://\S+", row.locator(".link").inner_text())
    assert found
    return urlsplit(found[0]).path


def test_another_organisation_refers_to_the_team(
    helpline: Installation, new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    token = "a-token-that-a-coordinator-gave"
    helpline.run(
        "shell",
        "-c",
        "from django.utils import timezone as t; from datetime import timedelta as d;"
        "from havenlight.referral.models import Recipient as R;"
        "from havenlight.referral.links import check_of;"
        "R.objects.create(name='Jeugdteam', kind='care', invite_expires_at=t.now() + d(1),"
        f"invite_check=check_of({token!r}))",
    )
    page = new_page(language="nl", base_url=helpline.address)
    page.goto(f"/referral/from/{token}")
    axe(page)
    page.get_by_label("Wat mogen wij weten?").fill("Zij heet Sam en is 16")
    page.get_by_label("Hoe en wanneer").fill("Via de chat, na negen uur")
    page.get_by_role("checkbox").check()
    with page.expect_request("**/send") as sent:
        page.get_by_role("button", name="Verzegel en verstuur").click()
    assert "Sam" not in json.dumps(sent.value.post_data_json)
    expect(page.get_by_text("verzegeld aangekomen")).to_be_visible()

    sign_in = helpline.sign_ins[0]
    member = new_page(base_url=helpline.address)
    Desk(member, sign_in).sign_in()
    expect(member.locator("#phrase")).to_be_focused()
    member.goto("/desk/referrals")
    give_phrase(member, sign_in["phrase"])
    expect(member.get_by_text("Zij heet Sam en is 16")).to_be_visible()
    axe(member)
    member.get_by_role("button", name="I go on with it").click()
    expect(member.get_by_text("Anna goes on with it")).to_be_visible()
