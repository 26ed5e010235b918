"""What the database itself refuses, on SQLite and on PostgreSQL, whoever writes to it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.utils import timezone

from havenlight.chat.models import Conversation, Message, Thread, Wrap
from havenlight.chat.states import By, State
from havenlight.team.codes import Role
from havenlight.team.models import Epoch, Member, Organisation, TeamWrap

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Member:
    """A counsellor."""
    return Member.objects.create(email="anna@example.org", alias="Anna", role=Role.COUNSELLOR)


@pytest.fixture
def make_conversation() -> Callable[..., Conversation]:
    """Makes a conversation that waits, unless told otherwise."""

    def make(**fields: Any) -> Conversation:
        given = {"pk": uuid.uuid4(), "language": "nl", "epoch": 1, "tab_check": bytes(32)}
        return Conversation.objects.create(thread=Thread.objects.create(), **given | fields)

    return make


@pytest.mark.parametrize("missing", ["counsellor", "accepted_at"])
def test_a_conversation_is_accepted_by_someone_at_some_time(
    make_conversation: Callable[..., Conversation], anna: Member, missing: str
) -> None:
    accepted = {"state": State.ACTIVE, "counsellor": anna, "accepted_at": timezone.now()}
    make_conversation(**accepted)

    with pytest.raises(IntegrityError, match="accepted_by_someone_at_some_time"):
        make_conversation(**accepted | {missing: None})


@pytest.mark.parametrize("missing", ["ended_at", "ended_by"])
@pytest.mark.parametrize("state", [State.ENDED, State.ABANDONED])
def test_a_conversation_is_closed_by_someone_at_some_time(
    make_conversation: Callable[..., Conversation], state: State, missing: str
) -> None:
    closed = {"state": state, "ended_at": timezone.now(), "ended_by": By.VISITOR}
    make_conversation(**closed)

    with pytest.raises(IntegrityError, match="closed_by_someone_at_some_time"):
        make_conversation(**closed | {missing: None})


def test_a_conversation_that_goes_on_was_ended_by_nobody(
    make_conversation: Callable[..., Conversation],
) -> None:
    with pytest.raises(IntegrityError, match="closed_by_someone_at_some_time"):
        make_conversation(ended_at=timezone.now(), ended_by=By.GRACE)


@pytest.mark.parametrize("side", ["visitor_read", "member_read"])
def test_nobody_has_read_further_than_was_written(
    make_conversation: Callable[..., Conversation], side: str
) -> None:
    make_conversation(last_seq=3, **{side: 3})

    with pytest.raises(IntegrityError, match="read_no_further_than_written"):
        make_conversation(last_seq=3, **{side: 4})


def test_a_conversation_has_one_wrap_of_a_kind(
    make_conversation: Callable[..., Conversation],
) -> None:
    conversation = make_conversation()
    for kind in ("team", "tab"):
        Wrap.objects.create(conversation=conversation, kind=kind, sealed=bytes(32))

    with pytest.raises(IntegrityError):
        Wrap.objects.create(conversation=conversation, kind="tab", sealed=bytes(32))


def test_a_message_is_kept_once_in_its_conversation(
    make_conversation: Callable[..., Conversation],
) -> None:
    one, another = make_conversation(), make_conversation()
    given = {
        "message_id": uuid.uuid4(),
        "sender": "v",
        "n": 1,
        "said_at": timezone.now(),
        "envelope": bytes(285),
    }
    Message.objects.create(conversation=one, seq=1, **given)
    Message.objects.create(conversation=another, seq=1, **given)

    with pytest.raises(IntegrityError):
        Message.objects.create(conversation=one, seq=2, **given | {"n": 2})


def test_an_installation_has_one_organisation() -> None:
    given = {
        "page_title": "Info",
        "emergency_number": "112",
        "time_zone": "Europe/Amsterdam",
        "default_language": "nl",
        "signing_key": bytes(65),
    }
    Organisation.objects.create(name="One", **given)

    with pytest.raises(IntegrityError):
        Organisation.objects.create(pk=2, name="Another", **given)


def test_the_team_key_of_an_epoch_is_sealed_once_to_a_member(anna: Member) -> None:
    epoch = Epoch.objects.create(number=1, public=bytes(65), manifest="x")
    TeamWrap.objects.create(epoch=epoch, member=anna, wrap=bytes(219))

    with pytest.raises(IntegrityError):
        TeamWrap.objects.create(epoch=epoch, member=anna, wrap=bytes(219))


def test_two_members_never_share_an_address(anna: Member) -> None:
    with pytest.raises(IntegrityError):
        Member.objects.create(email=anna.email, alias="Bram", role=Role.COUNSELLOR)


def test_a_member_who_answered_cannot_be_deleted_away(
    make_conversation: Callable[..., Conversation], anna: Member
) -> None:
    make_conversation(state=State.ACTIVE, counsellor=anna, accepted_at=timezone.now())

    with pytest.raises(models.ProtectedError):
        anna.delete()
