"""A whole conversation through nginx leaves no word, address or device of the visitor anywhere."""

import base64
import contextlib
import http.client
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from havenlight.client import Link, Member, Message, Visitor, cookie_jar, organisation_of
from tests.conftest import Proxied
from tests.integration.client.people import until

# An address of the loopback network that nothing else here uses: where it turns up, it leaked.
ADDRESS = "127.66.77.99"
DEVICE = "CanaryPhone/7.31"
REFERRER = "http://canary.example/where-she-came-from"
WORDS = "the canary sings at the kerbstone"
TELLING = {"User-Agent": DEVICE, "Referer": REFERRER, "X-Forwarded-For": ADDRESS}


def spellings(text: str) -> Iterator[bytes]:
    """How `text` may stand in a file: raw, UTF-16, hexadecimal, and base64 at each alignment."""
    raw = text.encode()
    yield raw
    yield text.encode("utf-16-le")
    yield raw.hex().encode()
    for shift in range(3):
        # What stands around decides the first and the last characters; the middle is its own.
        encoded = base64.b64encode(b"x" * shift + raw)
        yield encoded[4 : len(encoded) - 4]


def told(content: bytes) -> list[str]:
    """What of the visitor stands in `content`."""
    lower = content.lower()
    return [
        text
        for text in (ADDRESS, DEVICE, REFERRER, WORDS)
        if any(spelling.lower() in lower for spelling in spellings(text))
    ]


def written(proxied: Proxied) -> dict[str, bytes]:
    """All that is on disk or in Redis of an installation, nginx and the database included."""
    installation = proxied.installation
    folders = [installation.directory, proxied.nginx.error_log.parent]
    found = {"output": installation.output().encode(), "nginx": proxied.nginx.output().encode()}
    if installation.postgres:
        installation.postgres.execute("CHECKPOINT")
        folders.append(Path(installation.postgres.directory))
    if installation.redis:
        contents = installation.redis.contents()
        found["redis"] = b"".join(key + value for key, value in contents.items())
        found["redis log"] = installation.redis.process.output().encode()
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                with contextlib.suppress(FileNotFoundError):
                    found[str(file)] = file.read_bytes()
    return found


class Phone:
    """A visitor's phone, which tells all that a phone may tell."""

    def __init__(self, address: str) -> None:
        self._host = address.removeprefix("http://")
        self._origin = address

    def ask(self, path: str, body: object = None, bearer: str = "") -> tuple[int, Any]:
        """Status and body of one request from ADDRESS."""
        connection = http.client.HTTPConnection(self._host, timeout=40, source_address=(ADDRESS, 0))
        headers = {**TELLING, "Origin": self._origin, "Authorization": f"Bearer {bearer}"}
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/json"
            connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, read


async def test_nothing_of_the_visitor_is_written_down(proxied: Proxied) -> None:
    phone, types = Phone(proxied.address), proxied.installation.sign_ins[0]
    async with (
        Link(proxied.address) as link,
        Link(proxied.address, cookies=cookie_jar()) as desk,
    ):
        organisation = await organisation_of(link)
        visitor = await Visitor.start(link, organisation, allow_demo=True)
        bearer = await visitor.events.token.get()
        anna = await Member.sign_in(desk, types["email"], types["password"])
        await anna.unlock(types["phrase"], organisation, allow_demo=True)
        await anna.accept(visitor.conv)
        entry = visitor.events.conversations[visitor.conv].say(WORDS).as_json()
        for path, body in (
            ("/", None),
            ("/nl", None),
            (f"/{WORDS.replace(' ', '-')}", None),
            ("/chat/token", {"conv": "nothing"}),
            ("/chat/taps", {"in_danger": True}),
            (f"/live/conv/{visitor.conv}/m", entry),
            (f"/live/conv/{visitor.conv}/t", {}),
            ("/live/events?poll=1", None),
            (f"/live/conv/{visitor.conv}/leave", {"how": "exit"}),
        ):
            status, _ = phone.ask(path, body, bearer)
            assert status < 500, path
        message = await until(anna, Message, lambda one: one.conv == visitor.conv)
        visitor.close()
        anna.close()

    assert message.text == WORDS
    leaks = {name: told(content) for name, content in written(proxied).items()}
    assert {name: found for name, found in leaks.items() if found} == {}


@pytest.mark.parametrize("hide", [str.encode, lambda text: base64.b64encode(b"ab" + text.encode())])
def test_the_search_finds_what_is_there(hide: Callable[[str], bytes]) -> None:
    for text in (ADDRESS, DEVICE, REFERRER, WORDS):
        assert told(b"before " + hide(text) + b" after") == [text]
