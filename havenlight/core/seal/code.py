"""A visitor's return code (docs/protocol.md, section 2): six words that she alone knows.

Stretched once, they give two values that say nothing of each other: a lookup id, by which the
server finds her thread, and a key that never leaves her side and opens what was said before.
"""

import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from havenlight.core.seal import phrase
from havenlight.core.seal.derive import derive
from havenlight.core.seal.encoding import id_bytes
from havenlight.core.seal.errors import SealBroken
from havenlight.core.seal.wraps import NONCE_BYTES

WRAP_BYTES = 60
LOOKUP_BYTES = 32


@dataclass(frozen=True, slots=True)
class Code:
    """What a code is stretched to: the lookup id, which is shown, and the key, which is not."""

    lookup: bytes
    key: bytes


def salt_of(organisation: bytes) -> bytes:
    """The salt of an installation: 16 bytes from the public key that its manifests are signed by.

    A page has checked that key already, so that no server can hand it a salt of its own choice.
    """
    return hashlib.sha256(b"havenlight/code/1|salt|" + organisation).digest()[: phrase.SALT_BYTES]


def stretch(words: str, organisation: bytes) -> Code:
    """The code that `words` are, however they were typed; slow on purpose."""
    stretched = phrase.kek(words, salt_of(organisation))
    return Code(
        lookup=derive(stretched, None, b"havenlight/code/1|lookup"),
        key=derive(stretched, None, b"havenlight/code/1|wrap"),
    )


def wrap(key: bytes, code_key: bytes, conversation: str) -> bytes:
    """A conversation's key under the code's."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(code_key).encrypt(nonce, key, _aad(conversation))


def unwrap(sealed: bytes, code_key: bytes, conversation: str) -> bytes:
    """The conversation's key, or raise SealBroken."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(code_key).decrypt(nonce, rest, _aad(conversation))
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the conversation does not open with this code") from error


def seal_for_tab(code_key: bytes, key: bytes, conversation: str) -> bytes:
    """The code's key under the conversation's, for a tab that loads again: never sent, 60 bytes."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_tab_key(key, conversation)).encrypt(nonce, code_key, None)


def open_in_tab(sealed: bytes, key: bytes, conversation: str) -> bytes:
    """The code's key, or raise SealBroken."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_tab_key(key, conversation)).decrypt(nonce, rest, None)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the code's key does not open with this conversation") from error


def _tab_key(key: bytes, conversation: str) -> bytes:
    return derive(key, id_bytes(conversation), b"havenlight/code/1|tab")


def _aad(conversation: str) -> bytes:
    return b"havenlight/code/1|conv|" + id_bytes(conversation)
