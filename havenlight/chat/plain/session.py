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
from havenlight.core.ids import new_id
from havenlight.core.seal import tab
from havenlight.core.seal.derive import derive
from havenlight.core.seal.wraps import KEY_BYTES, new_conversation_key, wrap_conversation
from havenlight.team import queries as team

COOKIE = "s"


@dataclass(frozen=True, slots=True)
class Session:
    """What a tab keeps, kept by a browser that runs no scripts.

    As with a tab, the key is split: with the cookie alone nothing can be read, nor with what the
    server keeps, and the server's half goes when the conversation closes.
    """

    conv: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, cookie: str | None) -> Self | None:
        """The session in a cookie; None for anything that we did not write."""
        try:
            raw = _box().decrypt((cookie or "").encode())
        except (InvalidToken, UnicodeEncodeError):
            return None
        return cls(raw[:-KEY_BYTES].hex(), raw[-KEY_BYTES:])

    def put(self, response: HttpResponse) -> None:
        """Let her browser keep it until it is closed."""
        response.set_cookie(
            COOKIE,
            _box().encrypt(bytes.fromhex(self.conv) + self.secret).decode(),
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


def begin(language: str) -> Session:
    """Put a new conversation in the queue; EpochPassed if the team key has just changed."""
    session, key = Session(new_id(), new_conversation_key()), new_conversation_key()
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
        )
    )
    return session


def _box() -> Fernet:
    key = derive(settings.SECRET_KEY.encode(), None, b"havenlight/plain/1|cookie")
    return Fernet(urlsafe_b64encode(key))
