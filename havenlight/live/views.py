"""Writing without scripts. The rest of that way is chat's; this needs the writer."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from havenlight.chat.errors import NotAllowed
from havenlight.chat.plain.consent import NotAsked, asked_about
from havenlight.chat.plain.pages import in_frame, show, with_session
from havenlight.chat.plain.session import Session
from havenlight.chat.plain.writing import MOST_CHARACTERS, seal_next
from havenlight.core.ids import is_id, new_id
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.errors import TextRefused
from havenlight.core.seal.keys import VISITOR
from havenlight.live.inside import live
from havenlight.live.jobs import Append, Read
from havenlight.referral import access, actions
from havenlight.referral.errors import NotAllowed as NoReferral

# Her counter moves on when she has two windows; then it is read anew.
_TRIES = 3


@require_http_methods(["GET", "HEAD", "POST"])
@in_frame
@with_session
def write(request: HttpRequest, session: Session) -> HttpResponse:
    """The box she writes in; what she sends is sealed, and stored before this is answered."""
    language = session.conversation().language
    if request.method != "POST":
        return _box(request, language)
    message_id, text = request.POST.get("id", ""), request.POST.get("text", "")
    if not is_id(message_id):
        raise BadRequest
    text = text.replace("\r\n", "\n").strip()
    try:
        if text:
            _keep(session, message_id, text)
    except TextRefused:
        return _box(request, language, message_id, text, refused="too_large")
    except DatabaseError:
        return _box(request, language, message_id, text, refused="storage")
    except Refused as refusal:
        if refusal.code in {"ended", "unknown"}:
            raise NotAllowed from None
        return _box(request, language, message_id, text, refused=refusal.code)
    answer = HttpResponse(status=303)
    answer["Location"] = request.path
    return answer


@require_POST
@with_session
def consent(request: HttpRequest, session: Session) -> HttpResponse:
    """Her yes or no to a question for consent: sealed into the chat, and told to referral.

    As with scripts: the first keeps what she agreed to, the second destroys at once what she
    takes back.
    """
    message_id, ref = request.POST.get("id", ""), request.POST.get("referral", "")
    if not (is_id(message_id) and is_id(ref)) or request.POST.get("answer") not in {"yes", "no"}:
        raise BadRequest
    yes = request.POST["answer"] == "yes"
    conversation, key = session.opened()
    try:
        sharing = asked_about(conversation, key, UUID(ref))
        referral = access.referral_of_visitor(conversation.pk, UUID(ref))
    except (NotAsked, NoReferral):
        raise BadRequest from None
    with translation.override(conversation.language):
        said = sharing.said(yes=yes)
    if not yes:
        # What she takes back is destroyed at once, whatever becomes of the words.
        actions.answer(referral, yes=False)
    with suppress(Refused):  # she does not see her answer in the chat, and presses again
        _keep(session, message_id, said, sharing.card(yes=yes))
        actions.answer(referral, yes=yes)
    answer = HttpResponse(status=303)
    answer["Location"] = "/live/plain"
    return answer


def _box(
    request: HttpRequest, language: str, message_id: str = "", text: str = "", refused: str = ""
) -> HttpResponse:
    return show(
        request,
        "chat/plain_write.html",
        language=language,
        id=message_id or new_id(),
        text=text,
        refused=refused,
        most=MOST_CHARACTERS,
    )


def _keep(session: Session, message_id: str, text: str, card: dict[str, Any] | None = None) -> None:
    """Seal and store a message, once however often its form is sent; raises Refused."""
    for left in reversed(range(_TRIES)):
        conversation, key = session.opened()
        sealed = seal_next(conversation, key, message_id, text, card)
        conv = session.conv
        try:
            env = sealed.envelope
            live().keep(Append(conv, message_id, VISITOR, conv, sealed.n, env, b64(env)))
        except Refused as refusal:
            if refusal.code == "id_reused":
                return  # the same form, sent twice; the first was stored
            if refusal.code != "n_used" or not left:
                raise
        else:
            _mark_read(conv, sealed.read_to)
            return


def _mark_read(conv: str, seq: int) -> None:
    """Who answers has read: as far as this side can tell, since no script sees her screen."""
    if seq:
        with suppress(Refused):  # the next mark tells it again
            live().mark(Read(conv, VISITOR, conv, seq))
