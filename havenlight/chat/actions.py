"""Every write of chat but the messages: one verb, one transaction."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.chat import availability, blocks, grace, practice, queries, returning
from havenlight.chat.capacity import has_room
from havenlight.chat.codes import Taps
from havenlight.chat.errors import AtCapacity, EpochPassed, IdReused, NotAllowed, StepRefused
from havenlight.chat.models import After, Conversation, Thread, Wrap
from havenlight.chat.returning import Return
from havenlight.chat.states import OPEN, By, State, check_step, closed_from
from havenlight.core import hints
from havenlight.team import duty
from havenlight.team import queries as team
from havenlight.team.codes import Standing
from havenlight.team.models import Member


@dataclass(frozen=True, slots=True)
class Start:
    """What a visitor's tab sends to begin: protocol, section 4."""

    conversation_id: UUID
    epoch: int
    wrap: bytes
    tab_key: bytes
    half: bytes
    language: str
    back: Return | None = None
    server_sealed: bool = False
    is_letter: bool = False


def start(begin: Start) -> None:
    """Put a new conversation in the queue, or leave the same one as it is.

    A letter stands in no queue: it may be left at any time, to be answered when somebody can.

    A tab that lost the answer may send the same again; it is known by its credential, which is not
    in the database. With `back` it continues the thread of a return code; what was still open there
    is closed. Raises IdReused when the id is taken by another conversation, EpochPassed when a new
    one's key is sealed to an earlier team key, NotOpen while no chat may begin, and what
    `returning.thread_of` raises.
    """
    found = Conversation.objects.filter(pk=begin.conversation_id).first()
    if found is None:
        if not team.is_set_up() or begin.epoch != team.current_epoch().number:
            raise EpochPassed
        if not begin.is_letter and not practice.is_practice(begin.conversation_id):
            availability.check_open()
        thread = returning.thread_of(begin.back.lookup) if begin.back else None
        if thread is not None:
            blocks.check_not_blocked(thread, timezone.now())
        try:
            _create(begin, thread)
        except IntegrityError:
            # The same tab's other request was faster.
            found = Conversation.objects.get(pk=begin.conversation_id)
    if found is not None and not _is_same(begin, found):
        raise IdReused


def _create(begin: Start, former: Thread | None) -> None:
    with transaction.atomic():
        wishes = begin.back is not None and begin.back.wish
        for open_one in _ended_by_return(former, begin) if former else ():
            _close(open_one, By.VISITOR)
        conversation = Conversation.objects.create(
            pk=begin.conversation_id,
            thread=former or Thread.objects.create(),
            state=State.LEFT if begin.is_letter else State.WAITING,
            is_letter=begin.is_letter,
            returning=former is not None,
            wish=returning.last_counsellor(former) if former and wishes else None,
            language=begin.language,
            epoch=begin.epoch,
            tab_check=sha256(begin.tab_key).digest(),
            server_sealed=begin.server_sealed,
            is_practice=practice.is_practice(begin.conversation_id),
        )
        Wrap.objects.bulk_create(
            Wrap(conversation=conversation, kind=kind, sealed=sealed)
            for kind, sealed in _wraps(begin).items()
        )
        transaction.on_commit(_publish_queue)


def _ended_by_return(former: Thread, begin: Start) -> QuerySet[Conversation]:
    """What is open in a thread and goes on no more; a letter is still to be answered."""
    talks = former.conversations.filter(state__in=OPEN).exclude(state=State.LEFT)
    return talks.exclude(is_letter=True) if begin.is_letter else talks


def _wraps(begin: Start) -> dict[str, bytes]:
    code = {"code": begin.back.wrap} if begin.back else {}
    return {"team": begin.wrap, "tab": begin.half, **code}


def _is_same(begin: Start, found: Conversation) -> bool:
    sealed = Wrap.objects.filter(conversation=found).values_list("kind", "sealed")
    return (
        compare_digest(sha256(begin.tab_key).digest(), bytes(found.tab_check))
        and (found.epoch, found.language) == (begin.epoch, begin.language)
        and {kind: bytes(value) for kind, value in sealed} == _wraps(begin)
    )


def tap(conversation_id: UUID, taps: Taps, tapped: set[str]) -> None:
    """Keep the taps named in `tapped` of a conversation that is open; NotAllowed when it is not."""
    values = {name: value for name, value in asdict(taps).items() if name in tapped}
    with transaction.atomic():
        open_one = Conversation.objects.filter(pk=conversation_id, state__in=OPEN)
        # An UPDATE of nothing would tell of no row, whether there is one or not.
        if not (open_one.update(**values) if values else open_one.exists()):
            raise NotAllowed
        transaction.on_commit(_publish_queue)


def tell_after(conversation_id: UUID, answers: dict[str, str | None]) -> None:
    """Keep what a visitor tapped after the chat; NotAllowed while it is not an ended one."""
    with transaction.atomic():
        ended = Conversation.objects.filter(pk=conversation_id, state=State.ENDED)
        if not ended.exists():
            raise NotAllowed
        After.objects.update_or_create(conversation_id=conversation_id, defaults=answers)


def accept(conversation: Conversation, counsellor: Member) -> None:
    """Give a conversation that waits, or a letter, to `counsellor`, who is on duty from then on.

    Raises StepRefused when it waits no more, AtCapacity when she has enough in hand.

    Two counsellors may press Accept at once. One conditional UPDATE claims the row, which settles
    the race alike on SQLite, which has no row locks, and on PostgreSQL.
    """
    check_step(State(conversation.state), State.ACTIVE)
    with transaction.atomic():
        # Locks her row, so that two windows of hers cannot both take the last place.
        duty.go(counsellor, Standing.ON)
        load, capacity = queries.load_of(counsellor), queries.capacity_of(counsellor)
        if not has_room(load, capacity, in_danger=conversation.in_danger is True):
            raise AtCapacity(load, capacity)
        claimed = Conversation.objects.filter(pk=conversation.pk, state=conversation.state).update(
            state=State.ACTIVE, counsellor=counsellor, accepted_at=timezone.now()
        )
        if not claimed:
            raise StepRefused(State.ACTIVE, State.ACTIVE)
        audit.record(counsellor.pk, "accepted", conversation)
        publish_state(conversation.pk)


def leave(conversation_id: UUID, by: By, member_id: UUID | None = None) -> None:
    """End an open conversation from one side; one that is closed stays as it is.

    A letter with something in it stays to be answered, only its tab cannot go on with it.

    Args:
        by: visitor, exit or member.
        member_id: the member who ends it; NotAllowed when it is not hers, or does not exist.
    """
    with transaction.atomic():
        conversation = Conversation.objects.filter(pk=conversation_id).first()
        if conversation is None or (by is By.MEMBER and conversation.counsellor_id != member_id):
            raise NotAllowed
        if conversation.state not in OPEN:
            return
        if conversation.state == State.LEFT and conversation.last_seq:
            Wrap.objects.filter(conversation=conversation, kind="tab").delete()
            # It is shown at once, and not when the queue is looked at again.
            transaction.on_commit(_publish_queue)
            return
        if _close(conversation, by) and by is By.MEMBER:
            audit.record(member_id, "ended", conversation)


def close_by_grace(now: datetime) -> int:
    """Close what its visitor left without a word, and tell how many those were.

    The tab of a letter that she went away from cannot go on with it after the same time.
    """
    Wrap.objects.filter(kind="tab", conversation__in=grace.letters_without_her(now)).delete()
    closed = 0
    for conversation in grace.given_up(now):
        with transaction.atomic():
            closed += _close(conversation, By.GRACE)
    return closed


def withdraw_letters(thread: Thread) -> None:
    """Close the letters of a thread that nobody answers yet, because she wants them erased."""
    for letter in thread.conversations.filter(state=State.LEFT):
        with transaction.atomic():
            _close(letter, By.VISITOR)


def _close(conversation: Conversation, by: By) -> bool:
    """Close `conversation` unless another did meanwhile, and destroy its tab's half of the key."""
    closed = Conversation.objects.filter(pk=conversation.pk, state=conversation.state).update(
        state=closed_from(State(conversation.state)),
        ended_at=timezone.now(),
        ended_by=by,
        reader=None,
        reader_until=None,
    )
    if closed:
        Wrap.objects.filter(conversation=conversation, kind="tab").delete()
        publish_state(conversation.pk)
    return bool(closed)


def publish_state(conversation_id: UUID) -> None:
    """Tell both sides, after this transaction, how a conversation stands, who answers and reads."""

    def publish() -> None:
        hints.publish(("s", conversation_id.hex, *queries.state_of(conversation_id)))
        _publish_queue()

    transaction.on_commit(publish)


def _publish_queue() -> None:
    hints.publish(("w",))
