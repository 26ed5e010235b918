"""What members write for each other, sealed to the team key: notes, whispers, the team room.

None of it is sealed to a conversation's key, so that no visitor could open it if it reached her.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

from havenlight.core.seal import hpke
from havenlight.core.seal.encoding import id_bytes, u32
from havenlight.core.seal.errors import SealBroken, TextRefused
from havenlight.core.seal.keys import PrivateKey

MOST_CODE_POINTS = 4_000
MOST_BYTES = 12_113
HEAD_BYTES = 81
"""The point and the tag of HPKE, around the padded text."""
STEP_BYTES = 256


class Kind(StrEnum):
    """Which of them it is; one never opens as another."""

    NOTE = "note"
    ROOM = "room"
    WHISPER = "whisper"


@dataclass(frozen=True, slots=True)
class About:
    """What an aside is bound to: its own id, and what it is about.

    `subject` is the thread of a note, the conversation of a whisper, and empty in the team room.
    """

    kind: Kind
    id: str
    epoch: int
    subject: str = ""

    @property
    def info(self) -> bytes:
        """The context that HPKE binds."""
        subject = id_bytes(self.subject) if self.subject else b""
        return f"havenlight/{self.kind}/1|".encode() + subject + id_bytes(self.id) + u32(self.epoch)


def seal(text: str, about: About, team: bytes, at: int) -> bytes:
    """`text` sealed to the public team key; `at` in minutes. TextRefused unless it fits."""
    if not 1 <= len(text) <= MOST_CODE_POINTS:
        raise TextRefused(f"an aside has 1 to {MOST_CODE_POINTS} characters, this one {len(text)}")
    body = json.dumps({"t": text, "at": at}, ensure_ascii=False, separators=(",", ":")).encode()
    plain = u32(len(body)) + body
    sealed = hpke.seal_to(team, about.info, plain + bytes(-len(plain) % STEP_BYTES))
    if len(sealed) > MOST_BYTES:
        raise TextRefused(f"a sealed aside has at most {MOST_BYTES} bytes, this one {len(sealed)}")
    return sealed


def open_(sealed: bytes, about: About, team: PrivateKey) -> str:
    """The text of an aside, or raise SealBroken."""
    plain = hpke.open_with(team, about.info, sealed)
    try:
        text = json.loads(plain[4 : 4 + int.from_bytes(plain[:4], "big")])["t"]
    except (ValueError, KeyError, TypeError) as error:
        raise SealBroken("the plaintext is not that of an aside") from error
    if not isinstance(text, str):
        raise SealBroken("the text of an aside is none")
    return text
