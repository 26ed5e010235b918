"""The form beside the chat: what is to be registered, drafts, finishing. All of it the member's."""

from uuid import UUID

from django.http import Http404, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from havenlight.casework import registrations, versions
from havenlight.casework.errors import AnswersRefused, CodebookRefused
from havenlight.casework.presenting import for_browser
from havenlight.casework.queries import questions_of
from havenlight.chat import answered
from havenlight.chat.answered import AnsweredRow
from havenlight.chat.errors import NotAllowed
from havenlight.console import registering
from havenlight.console.registering import Finished, Sealed, Unfinished
from havenlight.core.endpoints import Fields
from havenlight.core.ids import is_id
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import EncodingRefused
from havenlight.team.gate import MemberRequest, endpoint_for, page_for
from havenlight.team.models import Member
from havenlight.team.permissions import Right


@require_GET
@page_for(Right.CASES)
def codebook(request: MemberRequest) -> JsonResponse:
    """The newest codebook as the form reads it, or that of the version a draft was begun with."""
    version = request.GET.get("version", "")
    if version and version not in versions.published_hashes():
        raise Http404
    book = registrations.book(version) if version else versions.newest()
    return JsonResponse(for_browser(book, get_language() or "en"))


@endpoint_for(Right.CASES)
def unfinished(request: MemberRequest, _fields: Fields) -> dict[str, object]:
    """Her conversations that are not registered yet, and her drafts, sealed."""
    member = request.user
    return {
        "unfinished": [_json(one) for one in registering.unfinished(member)],
        "drafts": [
            {
                "id": draft.pk.hex,
                "conv": draft.conversation_id.hex,
                "epoch": draft.epoch,
                "version": draft.version,
                "sealed": b64(bytes(draft.sealed)),
            }
            for draft in registering.drafts(member)
        ],
    }


@endpoint_for(Right.CASES)
def to_register(
    request: MemberRequest, _fields: Fields, conversation_id: UUID
) -> dict[str, object]:
    """One conversation of hers, whether it was registered before or not."""
    row = _hers(request.user, conversation_id)
    return _json(registering.to_register(row, registering.registered_times(row.id)))


@endpoint_for(Right.CASES)
def keep_draft(request: MemberRequest, fields: Fields, conversation_id: UUID) -> dict[str, object]:
    """Keep what she has so far, as bytes that only the team can open."""
    member = request.user
    row = _hers(member, conversation_id)
    try:
        draft = Sealed(
            _id(fields.get("draft")),
            _count(fields.get("version")),
            _count(fields.get("epoch")),
            unb64(str(fields.get("sealed"))),
        )
    except EncodingRefused:
        raise Refused("malformed") from None
    return {"version": registering.keep_draft(member, row, draft)}


@endpoint_for(Right.CASES)
def drop_draft(request: MemberRequest, fields: Fields) -> None:
    """Throw a draft away."""
    registering.drop_draft(request.user, _id(fields.get("draft")))


@endpoint_for(Right.CASES)
def register(request: MemberRequest, fields: Fields, conversation_id: UUID) -> dict[str, object]:
    """Finish: from here on it is a registration, and counts."""
    member = request.user
    answers, person = fields.get("answers"), fields.get("person")
    if not isinstance(answers, dict) or not (person is None or isinstance(person, str)):
        raise Refused("malformed")
    row = _hers(member, conversation_id)
    finished = Finished(_id(fields.get("draft")), str(fields.get("codebook")), answers, person)
    try:
        case = registering.register(member, row, finished)
    except (AnswersRefused, CodebookRefused):
        raise Refused("malformed") from None
    asked_back = questions_of(finished.draft, get_language() or "en")
    return {"case": case.hex, "questions": asked_back}


def _hers(member: Member, conversation_id: UUID) -> AnsweredRow:
    try:
        return answered.conversation_answered_by(member, conversation_id)
    except NotAllowed:
        raise Refused("unknown") from None


def _id(value: object) -> UUID:
    if not is_id(value):
        raise Refused("malformed")
    return UUID(str(value))


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise Refused("malformed")
    return value


def _json(one: Unfinished) -> dict[str, object]:
    row = one.conversation
    return {
        "conv": row.id.hex,
        "language": row.language,
        "contacted_on": one.contacted_on.isoformat(),
        "started_at": int(row.started_at.timestamp()) // 60,
        "ended_at": int(row.ended_at.timestamp()) // 60 if row.ended_at else None,
        "registered": one.registered,
        "cases": [
            {"case": each.case.hex, "first_seen_on": each.first_seen_on.isoformat()}
            for each in one.cases
        ],
    }
