"""No file of any kind comes in, at any layer: the process by itself, and nginx as we ship it."""

import secrets
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from havenlight.core.ids import new_id
from tests.conftest import Proxied
from tests.integration.canary import files_below, sightings

PICTURE = b"\x89PNG\r\n\x1a\n"
CUT_OFF = 0
PATHS = ["/", "/plain/write", "/chat/start", "/live/conv/x/m"]


def form(picture: bytes) -> aiohttp.FormData:
    """A form with a file, as a browser would send it."""
    data = aiohttp.FormData({"lang": "nl", "id": new_id(), "text": "see"})
    data.add_field("file", picture, filename="me.png", content_type="image/png")
    return data


@pytest.fixture
def picture() -> bytes:
    """Bytes that can be recognised."""
    return PICTURE + secrets.token_bytes(64)


async def posted(address: str, **given: Any) -> int:
    """The status of the answer; CUT_OFF when the connection ended while it was still sending."""
    try:
        async with aiohttp.ClientSession() as session, session.post(address, **given) as response:
            return response.status
    except (aiohttp.ClientConnectionError, ConnectionError):
        return CUT_OFF


@pytest.mark.parametrize("path", PATHS)
async def test_a_form_with_a_file_is_refused_and_nothing_of_it_is_kept(
    proxied: Proxied, picture: bytes, path: str
) -> None:
    for address in (proxied.address, proxied.installation.address):
        status = await posted(address + path, data=form(picture))
        assert status in {404, 415, CUT_OFF}
    kept = files_below(proxied.installation.directory, Path(proxied.nginx.error_log).parent)
    assert sightings([picture[8:]], kept) == []


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "video/mp4"])
async def test_a_file_by_itself_is_refused(proxied: Proxied, picture: bytes, kind: str) -> None:
    for path in ("/chat/start", "/plain/write"):
        answer = await posted(
            proxied.installation.address + path, data=picture, headers={"Content-Type": kind}
        )
        assert answer == 415


@pytest.mark.parametrize("path", ["/chat/start", "/plain/start", "/live/conv/x/m"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_refused_before_it_is_read_to_its_end(
    proxied: Proxied, path: str, *, chunked: bool
) -> None:
    async def pieces() -> object:
        for _ in range(64):
            yield bytes(2**16)

    kind = {"Content-Type": "application/json"}
    for address in (proxied.address, proxied.installation.address):
        body = pieces() if chunked else bytes(2**19)
        status = await posted(address + path, data=body, headers=kind)
        assert status in {413, CUT_OFF}
