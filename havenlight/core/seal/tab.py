"""How a tab that was reloaded finds its conversation again (docs/protocol.md, section 2).

The tab keeps a secret, the server keeps a half; neither reads anything alone.
"""

from havenlight.core.seal.derive import derive
from havenlight.core.seal.encoding import id_bytes


def credential(secret: bytes, conversation: str) -> bytes:
    """What the tab shows to be given its half; the server keeps only its SHA-256."""
    return derive(secret, None, b"havenlight/tab/1|auth|" + id_bytes(conversation))


def half(key: bytes, secret: bytes, conversation: str) -> bytes:
    """The half that the server keeps of a conversation key; applied to it, gives the key back."""
    mask = derive(secret, None, b"havenlight/tab/1|mask|" + id_bytes(conversation))
    return bytes(a ^ b for a, b in zip(key, mask, strict=True))
