"""Every write of the report: one verb, one transaction, one audit line."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.casework.codebook import Text
from havenlight.report import budget, queries
from havenlight.report.around import holds_number
from havenlight.report.codes import Moved
from havenlight.report.edition import Analysis, Edition, Note, Texts
from havenlight.report.errors import EditionRefused, LedgerMoved, NotAllowed, SamePerson
from havenlight.report.models import (
    EditionFile,
    MadeUp,
    Question,
    Remark,
    StoredEdition,
    Tallied,
    Tally,
    Told,
)
from havenlight.report.packages import zipped
from havenlight.report.parts import WORDED
from havenlight.report.queries import Known
from havenlight.report.questions import Asked
from havenlight.report.recipes import Recipe
from havenlight.report.revising import Persons, taken_up
from havenlight.report.states import State, check_step
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may

_AUDITED = 300


@dataclass(frozen=True, slots=True)
class Built:
    """What was worked out: an edition's content, and what it tells that nobody told before.

    `persons` are those who were there to be counted, by year and part.
    """

    year: int
    quarter: int
    content: str
    told: str
    persons: Persons = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadePersons:
    """Made-up persons: how many there are, and the files that hold and describe them."""

    persons: int
    files: Mapping[str, bytes]


@transaction.atomic
def keep_draft(
    built: Built,
    member: Member,
    known: Known,
    again: StoredEdition | None = None,
    corrects: StoredEdition | None = None,
) -> StoredEdition:
    """Keep an edition as a draft, and what it tells in the ledger.

    Args:
        known: what it was attacked with; LedgerMoved when something was told since.
        again: the draft that it takes the place of. EditionRefused when that is no draft now.
        corrects: the published edition that it corrects.
    """
    if again is not None:
        _lock(again, State.DRAFT)
        Told.objects.filter(edition=again).delete()
    made = Edition.from_json(built.content)
    given = {
        "content": built.content,
        "simulated": made.simulated,
        "built_by": member,
        "built_at": timezone.now(),
    }
    if again is None:
        stored = StoredEdition(year=built.year, quarter=built.quarter, **given)
        if corrects is not None:
            stored.corrects, stored.revision = corrects, corrects.revision + 1
    else:
        stored = again
        for name, value in given.items():
            setattr(stored, name, value)
    try:
        with transaction.atomic():
            stored.save()
    except IntegrityError:
        raise EditionRefused("there is an edition of this period already") from None
    _tally(tell(known, built.told, edition=stored), made, built.persons)
    audit.record(member.pk, "built edition", stored, f"{stored.period} r{stored.revision}")
    return stored


def tell(known: Known, said: str, **source: object) -> Told:
    """Put a part into the ledger that was attacked with `known`; LedgerMoved when that is old."""
    now = set(Told.objects.values_list("pk", flat=True))
    if not now <= known.parts.keys():
        raise LedgerMoved
    place = (Told.objects.order_by("-place").values_list("place", flat=True).first() or 0) + 1
    try:
        # Two at once would take the same place.
        with transaction.atomic():
            return Told.objects.create(place=place, said=said, **source)
    except IntegrityError:
        raise LedgerMoved from None


def tell_by_command(known: Known, said: str, edition: Edition, persons: Persons, what: str) -> None:
    """Note what an edition tells that a command writes; LedgerMoved as above."""
    told = tell(known, said)
    _tally(told, edition, persons)
    audit.record(None, "built edition", told, what)


def _tally(told: Told, edition: Edition, persons: Persons) -> None:
    """Keep who was counted in what an edition tells, so that later ones know who came since."""
    for (year, part), count in taken_up(edition).items():
        if (year, part) in persons:
            tally = Tally.objects.create(told=told, year=year, part=part, persons=count)
            Tallied.objects.bulk_create(
                Tallied(tally=tally, case_id=case) for case in persons[year, part]
            )


def _lock(edition: StoredEdition, *states: State) -> None:
    """Hold the row until the end of the transaction, if it is still in one of `states`."""
    found = StoredEdition.objects.select_for_update().filter(pk=edition.pk, state__in=states)
    if not list(found.values_list("pk")):
        raise EditionRefused("this edition is not what it was when you opened it")


def _step(edition: StoredEdition, to: State, member: Member, reason: str = "") -> None:
    check_step(State(edition.state), to)
    _lock(edition, State(edition.state))
    edition.state = to
    edition.save()
    what = f"{edition.period} r{edition.revision} {reason}".strip()
    audit.record(member.pk, f"edition to {to}", edition, what[:_AUDITED])


@transaction.atomic
def write_around(edition: StoredEdition, words: Texts, member: Member) -> None:
    """Write words around the figures of a draft, and take up the remarks on years as they are now.

    No number can change: words with a digit are refused with EditionRefused.
    """
    _lock(edition, State.DRAFT)
    if strange := sorted(words.keys() - set(WORDED)):
        raise EditionRefused(f"there is no place for words called {strange[0]}")
    for key, texts in words.items():
        if holds_number("".join(texts.values())):
            raise EditionRefused(f"{key} holds a digit; numbers come from figures")
    before = Edition.from_json(edition.content)
    after = replace(
        before,
        words={key: dict(texts) for key, texts in words.items() if any(texts.values())},
        notes=(*_remarked(before), *(note for note in before.notes if _is_ours(note))),
    )
    edition.content = after.to_json()
    edition.save()
    audit.record(member.pk, "wrote around figures", edition, edition.period)


def _remarked(edition: Edition) -> list[Note]:
    found = Remark.objects.filter(year__in=edition.years)
    return [Note(each.year, Text(each.nl, each.en), each.kind) for each in found]


def _is_ours(note: Note) -> bool:
    """Whether the programme wrote it: a change of codebook within a year."""
    return not note.by_hand


@transaction.atomic
def ask_review(edition: StoredEdition, member: Member) -> None:
    """Give a draft to somebody else to read; from then on its words stand."""
    edition.sent_back = ""
    _step(edition, State.REVIEW, member)


@transaction.atomic
def send_back(edition: StoredEdition, why: str, member: Member) -> None:
    """Make it a draft again, and say what is to be changed."""
    edition.sent_back = why
    _step(edition, State.DRAFT, member)


def check_reviews(edition: StoredEdition, member: Member) -> None:
    """Raise SamePerson when `member` built it herself, StepRefused when it is not in review."""
    check_step(State(edition.state), State.FROZEN)
    if edition.built_by_id == member.pk:
        raise SamePerson


def approved(edition: StoredEdition) -> str:
    """The content of an edition as it is once approved: no longer marked as a draft."""
    return replace(Edition.from_json(edition.content), state=State.FROZEN.value).to_json()


@transaction.atomic
def freeze(
    edition: StoredEdition, content: str, files: Mapping[str, bytes], member: Member
) -> None:
    """Approve an edition with its signed files; nothing of it changes after this."""
    check_reviews(edition, member)
    if content != approved(edition):
        raise EditionRefused("this edition is not what it was when you opened it")
    edition.content = content
    edition.reviewed_by, edition.reviewed_at = member, timezone.now()
    _step(edition, State.FROZEN, member)
    EditionFile.objects.bulk_create(
        EditionFile(edition=edition, name=name, content=made) for name, made in files.items()
    )


@transaction.atomic
def publish(edition: StoredEdition, member: Member) -> None:
    """Make it public; what it corrects stays public, and says so from now on."""
    if not may(member, Right.PUBLISHING):
        raise NotAllowed
    check_step(State(edition.state), State.PUBLISHED)
    if edition.corrects is not None:
        _step(edition.corrects, State.CORRECTED, member, f"by r{edition.revision}")
    edition.published_by, edition.published_at = member, timezone.now()
    _step(edition, State.PUBLISHED, member)


@transaction.atomic
def drop(edition: StoredEdition, member: Member) -> None:
    """Throw a draft away, with what it would have told."""
    _lock(edition, State.DRAFT)
    audit.record(member.pk, "dropped draft", edition, f"{edition.period} r{edition.revision}")
    edition.delete()


@transaction.atomic
def keep_answer(
    asked: Asked, answer: Analysis, told: str, member: Member, known: Known
) -> Question:
    """Keep the answer to a question, and what it tells in the ledger; LedgerMoved as above."""
    found = Question.objects.create(
        asked=asdict(asked), key=asked.key(), year=asked.year, answer=answer.to_json(), by=member
    )
    tell(known, told, question=found)
    audit.record(member.pk, "asked of figures", found, asked.key()[:_AUDITED])
    return found


@transaction.atomic
def keep_for_report(question: Question, title: Text | None, member: Member) -> None:
    """Let the next draft of its year print an answer under a title; None: no longer."""
    question.nl, question.en = (title.nl, title.en) if title else ("", "")
    question.kept_by = member if title else None
    question.save()
    verb = "kept analysis for report" if title else "left analysis out"
    audit.record(member.pk, verb, question, question.key[:_AUDITED])


@transaction.atomic
def keep_made_up(
    recipe: Recipe, stated: Mapping[int, float], made: MadePersons, member: Member | None
) -> MadeUp:
    """Keep a file of made-up persons with what it cost, or raise BudgetSpent.

    Nobody may see it before it is kept, and nobody ever when it is not.
    Args:
        stated: what its description says was spent on each year, itself included. LedgerMoved
            when another file was kept since.
    """
    if budget.check(queries.spent(simulated=recipe.simulated), recipe.spent) != stated:
        raise LedgerMoved
    place = (MadeUp.objects.order_by("-place").values_list("place", flat=True).first() or 0) + 1
    try:
        # Two at once would take the same place.
        with transaction.atomic():
            kept = MadeUp.objects.create(
                place=place,
                years=list(recipe.years),
                variables=list(recipe.variables),
                epsilon=recipe.epsilon,
                simulated=recipe.simulated,
                persons=made.persons,
                content=zipped(made.files),
                by=member,
            )
    except IntegrityError:
        raise LedgerMoved from None
    said = f"{' '.join(map(str, recipe.years))}, epsilon {recipe.epsilon:g}"
    audit.record(member.pk if member else None, "made up persons", kept, said[:_AUDITED])
    return kept


@transaction.atomic
def remark(year: int, kind: Moved, text: Text, member: Member) -> Remark:
    """Remark on a year; every series that holds it says so, from the next draft on."""
    made = Remark.objects.create(year=year, kind=kind, nl=text.nl, en=text.en, by=member)
    audit.record(member.pk, "remarked on year", made, str(year))
    return made


@transaction.atomic
def drop_remark(made: Remark, member: Member) -> None:
    """Take a remark away; editions that were made with it keep it."""
    audit.record(member.pk, "dropped remark", made, str(made.year))
    made.delete()
