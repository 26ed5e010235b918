"""Keys sealed to those who may hold them: conversation, team and member key.

The context of each wrap is part of what opens it. A wrap moved to another conversation, epoch
or member is as useless as one sealed to another key.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from havenlight.core.seal import hpke
from havenlight.core.seal.encoding import id_bytes, u32
from havenlight.core.seal.errors import KeyRefused, SealBroken
from havenlight.core.seal.keys import PrivateKey, read_pkcs8, to_pkcs8

KEY_BYTES = 32
NONCE_BYTES = 12


def new_conversation_key() -> bytes:
    """A conversation key, or a tab secret: 32 random bytes."""
    return os.urandom(KEY_BYTES)


def wrap_conversation(key: bytes, team: bytes, conversation: str, epoch: int) -> bytes:
    """The conversation key sealed to the public team key of `epoch`."""
    if len(key) != KEY_BYTES:
        raise KeyRefused(f"a conversation key has {KEY_BYTES} bytes, this one {len(key)}")
    return hpke.seal_to(team, _conversation_info(conversation, epoch), key)


def unwrap_conversation(wrap: bytes, team: PrivateKey, conversation: str, epoch: int) -> bytes:
    """The conversation key in `wrap`, or raise SealBroken."""
    key = hpke.open_with(team, _conversation_info(conversation, epoch), wrap)
    if len(key) != KEY_BYTES:
        raise SealBroken(f"the wrap holds {len(key)} bytes, a conversation key {KEY_BYTES}")
    return key


def wrap_team(team: PrivateKey, member_public: bytes, member: str, epoch: int) -> bytes:
    """The private team key of `epoch` sealed to one member."""
    return hpke.seal_to(member_public, _team_info(member, epoch), to_pkcs8(team))


def unwrap_team(wrap: bytes, member_key: PrivateKey, member: str, epoch: int) -> PrivateKey:
    """The team key in `wrap`; raises SealBroken, or KeyRefused when it holds something else."""
    return read_pkcs8(hpke.open_with(member_key, _team_info(member, epoch), wrap))


def wrap_recovery(team: PrivateKey, recovery_public: bytes, epoch: int) -> bytes:
    """The private team key of `epoch` sealed to the recovery key."""
    return hpke.seal_to(recovery_public, _recovery_info(epoch), to_pkcs8(team))


def unwrap_recovery(wrap: bytes, recovery: PrivateKey, epoch: int) -> PrivateKey:
    """The team key in `wrap`; raises SealBroken, or KeyRefused when it holds something else."""
    return read_pkcs8(hpke.open_with(recovery, _recovery_info(epoch), wrap))


def wrap_member(key: PrivateKey, kek: bytes, member: str) -> bytes:
    """A member's private key under the key that her unlock phrase gives (`phrase.kek`)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(kek).encrypt(nonce, to_pkcs8(key), _member_aad(member))


def unwrap_member(wrap: bytes, kek: bytes, member: str) -> PrivateKey:
    """A member's private key; raises SealBroken when the phrase was another."""
    nonce, sealed = wrap[:NONCE_BYTES], wrap[NONCE_BYTES:]
    try:
        return read_pkcs8(AESGCM(kek).decrypt(nonce, sealed, _member_aad(member)))
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the member key does not open: another phrase, or altered") from error


def _conversation_info(conversation: str, epoch: int) -> bytes:
    return b"havenlight/conv/1|" + id_bytes(conversation) + u32(epoch)


def _team_info(member: str, epoch: int) -> bytes:
    return b"havenlight/team/1|" + u32(epoch) + id_bytes(member)


def _recovery_info(epoch: int) -> bytes:
    return b"havenlight/recovery/1|" + u32(epoch)


def _member_aad(member: str) -> bytes:
    return b"havenlight/member/1|" + id_bytes(member)
