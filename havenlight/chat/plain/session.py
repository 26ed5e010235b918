"""The one cookie of a visitor without scripts: her conversation, and her half of its key."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpResponse

from havenlight.chat import access, actions, queries
from havenlight.chat.models import Conversation
from havenlight.chat.returning import Return
from havenlight.core.ids import new_id
from havenlight.core.seal import tab
from havenlight.core.seal.code import Code, seal_for_tab
from havenlight.core.seal.code import wrap as wrap_for_code
from havenlight.core.seal.derive import derive
from havenlight.core.seal.wraps import KEY_BYTES, new_conversation_key, wrap_conversation
from havenlight.team import queries as team

COOKIE = "s"
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Session:
    """What a tab keeps, kept by a browser that runs no scripts.

    As with a tab, the key is split: with the cookie alone nothing can be read, nor with what the
    server keeps, and the server's half goes when the conversation closes.
    """

    conv: str
    secret: bytes = field(repr=False)
    code: bytes = field(default=b"", repr=False)
    """The key of her return code, sealed under the conversation's; empty while she has none."""

    @classmethod
    def of(cls, cookie: str | None) -> Self | None:
        """The session in a cookie; None for anything that we did not write."""
        try:
            raw = _box().decrypt((cookie or "").encode())
        except (InvalidToken, UnicodeEncodeError):
            return None
        secret = raw[_ID_BYTES:][:KEY_BYTES]
        return cls(raw[:_ID_BYTES].hex(), secret, raw[_ID_BYTES + KEY_BYTES :])

    def put(self, response: HttpResponse) -> None:
        """Let her browser keep it until it is closed."""
        response.set_cookie(
            COOKIE,
            _box().encrypt(bytes.fromhex(self.conv) + self.secret + self.code).decode(),
            httponly=True,
            samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )

    def conversation(self) -> Conversation:
        """The open conversation, or raise NotAllowed."""
        return access.conversation_for_tab(UUID(self.conv), tab.credential(self.secret, self.conv))

    def opened(self) -> tuple[Conversation, bytes]:
        """The open conversation and its key, or raise NotAllowed."""
        conversation = self.conversation()
        return conversation, tab.half(queries.tab_half(conversation), self.secret, self.conv)


def begin(
    language: str, *, is_letter: bool = False, code: Code | None = None, wish: bool = False
) -> Session:
    """Put a new conversation in the queue, or leave a letter; with `code` it is a return.

    Raises what `actions.start` raises.
    """
    key, conv = new_conversation_key(), new_id()
    sealed = seal_for_tab(code.key, key, conv) if code else b""
    session = Session(conv, new_conversation_key(), sealed)
    epoch = team.current_epoch()
    actions.start(
        actions.Start(
            conversation_id=UUID(session.conv),
            epoch=epoch.number,
            wrap=wrap_conversation(key, bytes(epoch.public), session.conv, epoch.number),
            tab_key=tab.credential(session.secret, session.conv),
            half=tab.half(key, session.secret, session.conv),
            language=language,
            server_sealed=True,
            is_letter=is_letter,
            back=Return(code.lookup, wrap_for_code(key, code.key, conv), wish) if code else None,
        )
    )
    return session


def _box() -> Fernet:
    key = derive(settings.SECRET_KEY.encode(), None, b"havenlight/plain/1|cookie")
    return Fernet(urlsafe_b64encode(key))
