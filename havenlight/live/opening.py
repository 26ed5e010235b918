"""What there is below /live/, and whose token opens it; the application and the docs read it."""

from havenlight.core.tokens import READER
from havenlight.team.permissions import Right

VISITOR, MEMBER = "v", "c"

_SPEAKING = frozenset({VISITOR, MEMBER})

BY: dict[str, str] = {
    VISITOR: "the tab of a visitor, or her code",
    MEMBER: Right.VISITORS.value,
    READER: Right.READING.value,
}
"""What gives a token of a role; without it there is none."""

STREAM = frozenset(BY)
"""Whose token opens `GET /live/events`, each for her own conversations."""

POSTS: dict[str, frozenset[str]] = {
    "m": _SPEAKING,
    "r": _SPEAKING,
    "t": _SPEAKING,
    "leave": _SPEAKING,
}
"""Whose token opens a post to a conversation that is hers, by the last part of its path."""

COOKIE = "the cookie of a visitor without scripts"
"""What opens `GET /live/plain`."""


def endpoints() -> dict[str, str]:
    """All of them, with what opens them in the words of the documentation."""
    posts = {f"POST /live/conv/<conv>/{verb}": _words(roles) for verb, roles in POSTS.items()}
    return {"GET /live/events": _words(STREAM), "GET /live/plain": COOKIE} | posts


def _words(roles: frozenset[str]) -> str:
    return "; ".join(words for role, words in BY.items() if role in roles)
