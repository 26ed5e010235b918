"""The only way to an edition from a page."""

from uuid import UUID

from havenlight.report.errors import NotAllowed
from havenlight.report.models import EditionFile, MadeUp, Question, Remark, StoredEdition
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


def edition_for(member: Member, edition_id: UUID) -> StoredEdition:
    """An edition that `member` may read and work on, or raise NotAllowed."""
    people = ("built_by", "reviewed_by", "published_by", "corrects")
    found = StoredEdition.objects.select_related(*people).filter(pk=edition_id).first()
    if not may(member, Right.FIGURES) or found is None:
        raise NotAllowed
    return found


def file_of(edition: StoredEdition, name: str) -> bytes:
    """A file of an edition, or raise NotAllowed."""
    content = EditionFile.objects.filter(edition=edition, name=name).values_list("content")
    if (found := content.first()) is None:
        raise NotAllowed
    return bytes(found[0])


def remark_for(member: Member, remark_id: int) -> Remark:
    """A remark that `member` may take away, or raise NotAllowed."""
    found = Remark.objects.filter(pk=remark_id).first()
    if not may(member, Right.FIGURES) or found is None:
        raise NotAllowed
    return found


def made_up_for(member: Member, place: int) -> MadeUp:
    """A file of made-up persons, or raise NotAllowed."""
    found = MadeUp.objects.filter(place=place).first()
    if not may(member, Right.FIGURES) or found is None:
        raise NotAllowed
    return found


def question_for(member: Member, question_id: int) -> Question:
    """An answered question, or raise NotAllowed."""
    found = Question.objects.select_related("by", "kept_by").filter(pk=question_id).first()
    if not may(member, Right.FIGURES) or found is None:
        raise NotAllowed
    return found
