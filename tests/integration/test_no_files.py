"""No file of any kind comes in, at any layer: the process by itself, and nginx as we ship it."""

import http.client
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from havenlight.core.ids import new_id
from tests.conftest import Proxied
from tests.integration.canary import files_below, sightings

PICTURE = b"\x89PNG\r\n\x1a\n"
CUT_OFF = 0
PATHS = ["/", "/plain/write", "/chat/start", "/live/conv/x/m"]
BOUNDARY = "boundary-of-a-form"


def form(picture: bytes) -> bytes:
    """A form with a file, as a browser would send it."""
    fields = {"lang": "nl", "id": new_id(), "text": "see"}
    parts = [f'form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    file = b'form-data; name="file"; filename="me.png"\r\nContent-Type: image/png\r\n\r\n' + picture
    opening = f"--{BOUNDARY}\r\nContent-Disposition: ".encode()
    return b"".join(opening + part + b"\r\n" for part in [*parts, file]) + (
        f"--{BOUNDARY}--\r\n".encode()
    )


@pytest.fixture
def picture() -> bytes:
    """Bytes that can be recognised."""
    return PICTURE + secrets.token_bytes(64)


def posted(address: str, path: str, kind: str, body: bytes | Iterator[bytes]) -> int:
    """The status of the answer; CUT_OFF when the connection ended while it was still sending."""
    host = address.removeprefix("http://")
    with closing(http.client.HTTPConnection(host, timeout=30)) as connection:
        try:
            connection.request("POST", path, body, {"Content-Type": kind})
            return connection.getresponse().status
        except (ConnectionError, http.client.HTTPException):
            return CUT_OFF


@pytest.mark.parametrize("path", PATHS)
def test_a_form_with_a_file_is_refused_and_nothing_of_it_is_kept(
    proxied: Proxied, picture: bytes, path: str
) -> None:
    for address in (proxied.address, proxied.installation.address):
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        assert posted(address, path, kind, form(picture)) in {404, 415, CUT_OFF}
    kept = files_below(proxied.installation.directory, Path(proxied.nginx.error_log).parent)
    assert sightings([picture[8:]], kept) == []


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "video/mp4"])
def test_a_file_by_itself_is_refused(proxied: Proxied, picture: bytes, kind: str) -> None:
    for path in ("/chat/start", "/plain/write"):
        assert posted(proxied.installation.address, path, kind, picture) == 415


@pytest.mark.parametrize("path", ["/chat/start", "/plain/start", "/live/conv/x/m"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_huge_body_is_refused_before_it_is_read_to_its_end(
    proxied: Proxied, path: str, *, chunked: bool
) -> None:
    for address in (proxied.address, proxied.installation.address):
        body = (bytes(2**16) for _ in range(64)) if chunked else bytes(2**19)
        assert posted(address, path, "application/json", body) in {413, CUT_OFF}
