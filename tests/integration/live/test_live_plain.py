"""The way without scripts, as a browser's forms and frames ask for it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import Morsel

import aiohttp
import pytest

from havenlight.client import Link, Member, Message, Queue, organisation_of
from havenlight.client.member import cookie_jar
from havenlight.core.ids import new_id
from tests.integration.client.people import until
from tests.servers.installation import Installation

ANSWER_SECONDS = 30


class Forms:
    """A browser without scripts, in English."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self.session = session

    async def get(self, path: str) -> tuple[aiohttp.ClientResponse, str]:
        """A page that ends."""
        async with self.session.get(self.address + path, allow_redirects=False) as response:
            return response, await response.text()

    async def send(
        self, path: str, headers: dict[str, str] | None = None, **fields: str
    ) -> tuple[aiohttp.ClientResponse, str]:
        """A form."""
        async with self.session.post(
            self.address + path, data=fields, headers=headers, allow_redirects=False
        ) as response:
            return response, await response.text()

    async def start(self) -> "Forms":
        """Begin a chat."""
        response, _ = await self.send("/plain/start", lang="en")
        assert (response.status, response.headers["Location"]) == (303, "/plain")
        return self

    @property
    def cookie(self) -> Morsel[str]:
        """The one cookie there is."""
        [found] = self.session.cookie_jar
        return found

    async def shows(self, *texts: str) -> str:
        """The endless page, up to where all of these stand in it."""
        shown = ""
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            self.session.get(f"{self.address}/live/plain") as response,
        ):
            while not all(text in shown for text in texts):
                piece = await response.content.readany()
                assert piece, f"the page ended after {shown!r}"
                shown += piece.decode()
        return shown


@pytest.fixture
async def forms(installation: Installation) -> AsyncIterator[Forms]:
    """One visitor without scripts."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        visitor = Forms(installation.address, session)
        yield visitor
        await visitor.get("/plain/exit")


@asynccontextmanager
async def counselling(installation: Installation) -> AsyncIterator[Member]:
    """Bram, at work on the last process."""
    async with Link(installation.addresses[-1], cookies=cookie_jar()) as link:
        signs_in = installation.sign_ins[1]
        bram = await Member.sign_in(link, signs_in["email"], signs_in["password"])
        await bram.unlock(signs_in["phrase"], await organisation_of(link), allow_demo=True)
        yield bram
        bram.close()


async def sealed_by_the_server(bram: Member) -> str:
    """The one conversation of the queue whose visitor writes without scripts."""

    def found(event: Queue) -> list[str]:
        rows = [row for row in event.waiting if row["server_sealed"]]
        return [str(row["conv"]) for row in rows]

    return found(await until(bram, Queue, found))[0]


async def test_what_is_written_as_a_form_is_read_by_who_answers_and_the_answer_comes_back(
    forms: Forms, installation: Installation
) -> None:
    await forms.start()
    await forms.send("/plain/write", id=new_id(), text="one\r\ntwo <b>")
    assert "one\ntwo &lt;b&gt;" in await forms.shows("&lt;b&gt;")
    async with counselling(installation) as bram:
        conv = await sealed_by_the_server(bram)
        await bram.accept(conv)
        told = await until(bram, Message, lambda one: one.conv == conv)
        assert (told.text, told.reading.missing) == ("one\ntwo <b>", False)
        await bram.say(conv, "I am here")
        await forms.shows("Bram is here for you now.", "I am here")
        await forms.send("/plain/write", id=new_id(), text="three")
        told = await until(bram, Message, lambda one: one.text == "three")
        assert not told.reading.missing


async def test_she_comes_back_by_six_words_that_the_server_forgot(
    forms: Forms, installation: Installation
) -> None:
    await forms.start()
    await forms.send("/plain/write", id=new_id(), text="remember this")
    _, offer = await forms.send("/plain", do="code")
    assert "Give me six words" in offer
    _, shown = await forms.send("/plain", do="draw")
    words = re.findall(r"<li>(\w+)</li>", shown)
    assert len(words) == 6
    assert "You have six words already" in (await forms.send("/plain", do="code"))[1]
    await forms.get("/plain/exit")

    typed = f"  {' '.join(words).upper()} "
    _, refused = await forms.send("/plain/in", lang="en", words="only three words")
    assert "There must be six words" in refused
    _, refused = await forms.send("/plain/in", lang="en", words=" ".join(reversed(words)))
    assert "We do not know these words" in refused
    answer, _ = await forms.send("/plain/in", lang="en", words=typed)
    assert (answer.status, answer.headers["Location"]) == (303, "/plain")
    await forms.shows("You were in line", "remember this")
    assert "You have six words already" in (await forms.send("/plain", do="code"))[1]

    await forms.get("/plain/exit")
    for asked, told in (("codes", "do not count you"), ("consent", "took back every yes")):
        answer, _ = await forms.send("/mine/plain", lang="en", words=typed, do=asked)
        assert told in (await forms.get(answer.headers["Location"]))[1]
    _, unsure = await forms.send("/erase/plain", lang="en", words=typed)
    assert "press the box too" in unsure
    answer, _ = await forms.send("/erase/plain", lang="en", words=typed, sure="yes")
    assert answer.status == 303
    assert "Your chats are erased" in (await forms.get(answer.headers["Location"]))[1]
    _, gone = await forms.send("/plain/in", lang="en", words=typed)
    assert "We do not know these words" in gone


async def test_words_that_are_thrown_away_open_nothing(forms: Forms) -> None:
    await forms.start()
    _, shown = await forms.send("/plain", do="draw")
    words = " ".join(re.findall(r"<li>(\w+)</li>", shown))
    assert "do not work any more" in (await forms.send("/plain", do="give-up"))[1]
    _, gone = await forms.send("/plain/in", lang="en", words=words)
    assert "We do not know these words" in gone


async def test_a_message_is_left_as_a_form_and_waits_for_nobody(
    forms: Forms, installation: Installation
) -> None:
    await forms.send("/plain/start", lang="en", letter="yes")
    await forms.send("/plain/write", id=new_id(), text="for tomorrow")
    assert "Nobody can answer you now" in await forms.shows("for tomorrow")
    await forms.send("/plain/leave")
    async with counselling(installation) as bram:
        queue = await until(bram, Queue, lambda queue: queue.letters)
        row = queue.letters[0]
        assert (row["server_sealed"], row["has_code"]) == (True, False)
        await bram.accept(row["conv"])
        told = await until(bram, Message, lambda one: one.conv == row["conv"])
        assert told.text == "for tomorrow"
        await bram.end(row["conv"])


async def test_the_same_form_sent_twice_is_one_message(forms: Forms) -> None:
    await forms.start()
    message_id = new_id()
    for _ in range(2):
        response, _ = await forms.send("/plain/write", id=message_id, text="once")
        assert response.status == 303
    await forms.send("/plain/write", id=new_id(), text="after it")
    shown = await forms.shows("after it")
    assert re.findall(r'"text">([^<]*)', shown) == ["once", "after it"]


async def test_her_cookie_says_nothing_and_is_gone_with_the_window(forms: Forms) -> None:
    await forms.start()
    cookie = forms.cookie
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    first = cookie.value
    await forms.get("/plain/exit")
    await forms.start()
    assert len(first) == len(forms.cookie.value)
    assert first != forms.cookie.value


async def test_a_frame_may_stand_in_our_own_page_alone(forms: Forms) -> None:
    await forms.start()
    page, _ = await forms.get("/plain")
    policy = page.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    box, _ = await forms.get("/plain/write")
    messages, _ = await forms.get("/live/plain?still")
    for frame in (box, messages):
        assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
        assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "no-store" in frame.headers["Cache-Control"]
        assert "unsafe" not in frame.headers["Content-Security-Policy"]


async def test_a_tap_is_kept_and_taken_back(forms: Forms) -> None:
    await forms.start()
    for value, pressed in (("yes", "true"), ("skip", "false")):
        answer, _ = await forms.send("/plain/taps", in_danger=value)
        assert answer.status == 303
        _, shown = await forms.get("/live/plain?still")
        assert re.search(rf'name="in_danger"\s+value="\w+"\s+aria-pressed="{pressed}">Yes', shown)
    answer, _ = await forms.send("/plain/taps", in_danger="perhaps")
    assert answer.status == 400


async def test_what_could_not_be_kept_stays_in_the_box(forms: Forms) -> None:
    await forms.start()
    long = "ä" * 2_001
    answer, box = await forms.send("/plain/write", id=new_id(), text=long)
    assert answer.status == 200
    assert long in box
    assert "too long" in box


@pytest.mark.parametrize("path", ["start", "write", "consent", "leave", "taps"])
async def test_a_form_of_another_site_is_refused(forms: Forms, path: str) -> None:
    await forms.start()
    answer, _ = await forms.send(
        f"/plain/{path}", {"Sec-Fetch-Site": "cross-site"}, lang="en", text="theirs"
    )
    assert answer.status == 403


@pytest.mark.parametrize("how", ["/plain/exit", "/plain/leave"])
async def test_after_going_the_page_tells_nothing_and_its_cookie_is_gone(
    forms: Forms, how: str
) -> None:
    await forms.start()
    kept = forms.cookie.value
    answer, _ = await (forms.get(how) if how.endswith("exit") else forms.send(how))
    assert answer.status == 303
    assert len(forms.session.cookie_jar) == 0
    # Also for who kept the cookie: the server's half of the key is gone.
    forms.session.cookie_jar.update_cookies({"s": kept})
    _, page = await forms.get("/plain")
    assert "This page is closed" in page
    assert "Havenlight" not in page


async def test_a_cookie_that_we_did_not_write_opens_nothing(forms: Forms) -> None:
    for cookie in ("x", "gAAAAA" + "A" * 120):
        forms.session.cookie_jar.update_cookies({"s": cookie})
        _, page = await forms.get("/plain")
        assert "This page is closed" in page
        _, frame = await forms.get("/live/plain")
        assert frame == "<!DOCTYPE html>"


def make_recipient(installation: Installation) -> str:
    """An organisation with a key, in the directory of a server that runs."""
    return installation.run(
        "shell",
        "--no-imports",
        "-c",
        "from havenlight.core.seal import keys;"
        "from havenlight.core.ids import new_id;"
        "from havenlight.referral.models import Recipient as R;"
        "key = keys.public_of(keys.new_key());"
        "print(R.objects.create(name=new_id(), kind='shelter', public_key=key).pk.hex)",
    ).strip()


def card_of(message: Message) -> dict[str, object] | None:
    """What came with a text."""
    return message.reading.said.card if message.reading.said else None


async def test_consent_is_asked_given_and_taken_back_without_scripts(
    forms: Forms, installation: Installation
) -> None:
    await forms.start()
    await forms.send("/plain/write", id=new_id(), text="help me")
    ref, recipient = new_id(), make_recipient(installation)
    sharing = {"ref": ref, "name": "Shelter <1>", "items": ["she is 15"]}
    card = {"kind": "question", "intro": "May I?", "sharings": [sharing]}
    async with counselling(installation) as bram:
        conv = await sealed_by_the_server(bram)
        await bram.accept(conv)
        await bram.offer(conv, [{"ref": ref, "recipient": recipient}])
        await bram.say(conv, "May I?\n\nShelter <1>:\n– she is 15", card)
        shown = await forms.shows("May Shelter &lt;1&gt; know this?", "<li>she is 15</li>", "No<")
        assert "– she is 15" not in shown
        for answer, state in (("yes", "accepted"), ("no", "withdrawn")):
            given = {"referral": ref, "id": new_id(), "answer": answer}
            response, _ = await forms.send("/plain/consent", **given)
            assert (response.status, response.headers["Location"]) == (303, "/live/plain")
            said = {"kind": "answer", "ref": ref, "yes": answer == "yes"}
            await until(bram, Message, lambda one, said=said: card_of(one) == said)
            assert await bram.state_of_referral(conv, ref) == state
        for wrong in ({"referral": new_id()}, {"answer": "maybe"}):
            given = {"id": new_id(), "referral": ref, "answer": "no"} | wrong
            refused, _ = await forms.send("/plain/consent", **given)
            assert refused.status == 400
