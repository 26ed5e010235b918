"""A return code without scripts: drawn, stretched, used and forgotten by the server at once.

It is the one place where the six words are outside her browser: docs/decisions/0030.
"""

from dataclasses import replace
from threading import Lock

from havenlight.chat import returning
from havenlight.chat.errors import TooManyGuesses
from havenlight.chat.plain.session import Session
from havenlight.core.seal import code, phrase
from havenlight.core.seal.code import Code
from havenlight.team import queries as team

WORDS = 6
_WAIT_SECONDS = 5

# Stretching is slow on purpose: one at a time, so that a flood of codes costs one core at the most.
_turn = Lock()


def stretch(words: str) -> Code:
    """What six words are stretched to; TooManyGuesses while none is looked up, or too many wait."""
    returning.check_guesses()
    if not _turn.acquire(timeout=_WAIT_SECONDS):
        raise TooManyGuesses
    try:
        return code.stretch(words, bytes(team.organisation().signing_key))
    finally:
        _turn.release()


def draw(session: Session) -> tuple[Session, list[str]]:
    """Take a code for her thread: the session that has its key, and the words to show once.

    Raises NotAllowed when the conversation is not open, and TooManyGuesses.
    """
    conversation, key = session.opened()
    language = conversation.language
    words = phrase.new_phrase(language if language in phrase.LANGUAGES else "en")
    taken = stretch(words)
    sealed = code.wrap(key, taken.key, session.conv)
    returning.take_code(conversation.pk, taken.lookup, sealed)
    return replace(session, code=code.seal_for_tab(taken.key, key, session.conv)), words.split()


def give_up(session: Session) -> Session:
    """Destroy the code of her thread, or raise NotAllowed."""
    returning.give_up_code(session.conversation().pk)
    return replace(session, code=b"")
