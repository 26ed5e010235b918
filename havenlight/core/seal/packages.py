"""What goes from one organisation to another, sealed (docs/protocol.md, section 8).

Each is HPKE to one key, bound to its own purpose and id. In the browser this is package.mjs.
"""

import json
from typing import Any

from havenlight.core.seal import hpke
from havenlight.core.seal.encoding import id_bytes, u32
from havenlight.core.seal.envelope import pad, unpad
from havenlight.core.seal.errors import SealBroken
from havenlight.core.seal.keys import PrivateKey

Content = dict[str, Any]


def seal_package(content: Content, recipient: bytes, referral: str) -> bytes:
    """A package that only the recipient opens."""
    return hpke.seal_to(recipient, _package_info(referral), _write(content))


def open_package(sealed: bytes, key: PrivateKey, referral: str) -> Content:
    """What a package holds, or raise SealBroken."""
    return _read(hpke.open_with(key, _package_info(referral), sealed))


def open_consent(sealed: bytes, team: PrivateKey, referral: str, epoch: int) -> Content:
    """The wording and times that a visitor agreed to, or raise SealBroken."""
    info = b"havenlight/consent/1|" + id_bytes(referral) + u32(epoch)
    return _read(hpke.open_with(team, info, sealed))


def seal_incoming(content: Content, team: bytes, incoming: str, epoch: int) -> bytes:
    """What another organisation refers to us, for the team key of `epoch`."""
    return hpke.seal_to(team, _incoming_info(incoming, epoch), _write(content))


def open_incoming(sealed: bytes, team: PrivateKey, incoming: str, epoch: int) -> Content:
    """What came in, or raise SealBroken."""
    return _read(hpke.open_with(team, _incoming_info(incoming, epoch), sealed))


def _package_info(referral: str) -> bytes:
    return b"havenlight/referral/1|" + id_bytes(referral)


def _incoming_info(incoming: str, epoch: int) -> bytes:
    return b"havenlight/incoming/1|" + id_bytes(incoming) + u32(epoch)


def _write(content: Content) -> bytes:
    return pad(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _read(padded: bytes) -> Content:
    try:
        content = json.loads(unpad(padded))
    except ValueError as error:
        raise SealBroken("what was opened is not JSON") from error
    if not isinstance(content, dict):
        raise SealBroken("what was opened is not a package")
    return content
