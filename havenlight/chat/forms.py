"""What a visitor's page may send, checked at the edge."""

from typing import Any
from uuid import UUID

from havenlight.chat.actions import Start
from havenlight.chat.codes import TAPS, ComeBack, ForWhom, Helped, Taps
from havenlight.chat.returning import Return
from havenlight.core.ids import is_id
from havenlight.core.refusals import Refused
from havenlight.core.seal import code
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.errors import EncodingRefused
from havenlight.team.languages import ALL

Fields = dict[str, Any]

WRAP_BYTES = 113
KEY_BYTES = 32
_YES_NO_SKIPPED = (True, False, None)


def read_start(fields: Fields) -> Start:
    """The fields of `POST /chat/start`, or Refused as malformed."""
    language, epoch = fields.get("lang"), fields.get("epoch")
    is_letter = fields.get("letter", False)
    if type(language) is not str or language not in ALL:
        raise Refused("malformed")
    if type(epoch) is not int or epoch < 1:
        raise Refused("malformed")
    if type(is_letter) is not bool:
        raise Refused("malformed")
    return Start(
        conversation_id=read_id(fields, "conv"),
        epoch=epoch,
        wrap=read_bytes(fields, "wrap", WRAP_BYTES),
        tab_key=read_bytes(fields, "tab_key", KEY_BYTES),
        half=read_bytes(fields, "half", KEY_BYTES),
        language=language,
        back=_read_return(fields.get("back")),
        is_letter=is_letter,
    )


def _read_return(back: object) -> Return | None:
    if back is None:
        return None
    if not isinstance(back, dict) or type(back.get("wish")) is not bool:
        raise Refused("malformed")
    lookup, wrap = read_code(back)
    return Return(lookup, wrap, wish=back["wish"])


def read_code(fields: Fields) -> tuple[bytes, bytes]:
    """A lookup id and a conversation's key under that code, or Refused as malformed."""
    return (
        read_bytes(fields, "lookup", code.LOOKUP_BYTES),
        read_bytes(fields, "wrap", code.WRAP_BYTES),
    )


def read_former(fields: Fields) -> tuple[UUID, int] | None:
    """The earlier conversation that is asked for and after which `seq`; None when all are."""
    if not fields:
        return None
    after = fields.get("after")
    if type(after) is not int or not 0 <= after < 2**31:
        raise Refused("malformed")
    return read_id(fields, "conv"), after


def read_taps(fields: Fields) -> tuple[Taps, set[str]]:
    """The taps, and the names of those that were sent; Refused as malformed for anything else."""
    tapped = set(fields)
    for_whom, danger, minor = (fields.get(name) for name in TAPS)
    if not tapped <= set(TAPS) or for_whom not in (*ForWhom, None):
        raise Refused("malformed")
    # By identity: 1 and 0.0 equal True and False.
    if any(all(value is not choice for choice in _YES_NO_SKIPPED) for value in (danger, minor)):
        raise Refused("malformed")
    return Taps(for_whom and ForWhom(for_whom), danger, minor), tapped


def read_after(fields: Fields) -> dict[str, str | None]:
    """What was tapped after the chat, by question; Refused as malformed for anything else."""
    choices = {"helped": Helped, "come_back": ComeBack}
    for name, value in fields.items():
        if name not in choices or value not in (*choices[name], None):
            raise Refused("malformed")
    return fields


def read_id(fields: Fields, name: str) -> UUID:
    """An identifier, or Refused as malformed."""
    value = fields.get(name)
    if not is_id(value):
        raise Refused("malformed")
    return UUID(value)


def read_bytes(fields: Fields, name: str, size_bytes: int) -> bytes:
    """Exactly `size_bytes` bytes, or Refused as malformed."""
    value = fields.get(name)
    try:
        raw = unb64(value) if isinstance(value, str) else b""
    except EncodingRefused:
        raise Refused("malformed") from None
    if len(raw) != size_bytes:
        raise Refused("malformed")
    return raw
