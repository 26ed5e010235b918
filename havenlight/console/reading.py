"""Which conversations a member may read that are not hers, and what is whispered about them."""

from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from havenlight.casework import queries as casework
from havenlight.chat import reading
from havenlight.chat.errors import IdReused, NotAllowed
from havenlight.console.colleagues import SHIFT, Row
from havenlight.console.forms import Aside
from havenlight.console.models import Coding, Whisper
from havenlight.core import hints
from havenlight.core.seal.encoding import b64
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


def second_codings(member: Member) -> dict[UUID, UUID]:
    """The conversations that `member` is to code a second time, each with its registration."""
    again = [registration.pk for registration in casework.to_code_again(member)]
    found = Coding.objects.filter(registration__in=again)
    return dict(found.values_list("conversation", "registration_id"))


def check_may_read(member: Member, conversation_id: UUID) -> None:
    """Raise NotAllowed unless `member` coordinates, or is to code this conversation again."""
    if may(member, Right.READING):
        return
    if conversation_id not in second_codings(member):
        raise NotAllowed


def whisper(author: Member, conversation_id: UUID, sides: list[UUID], written: Aside) -> None:
    """Tell the other of `sides`, of whom `author` is one, something; the same again is nothing new.

    Raises IdReused when the id belongs to another whisper.
    """
    try:
        with transaction.atomic():
            Whisper.objects.filter(at__lt=timezone.now() - SHIFT).delete()
            made = Whisper.objects.create(
                pk=written.id,
                conversation_id=conversation_id,
                author=author,
                epoch=written.epoch,
                sealed=written.sealed,
            )
            to = [side.hex for side in sides]
            transaction.on_commit(partial(hints.publish, ("k", "whisper", _row(made), to)))
    except IntegrityError:
        same = Whisper.objects.filter(pk=written.id, author=author).first()
        if same is None or bytes(same.sealed) != written.sealed:
            raise IdReused from None


def whispers(member: Member, conversation_id: UUID) -> list[Row]:
    """What was whispered about a conversation in this shift, oldest first."""
    if not reading.may_hear(conversation_id, member):
        raise NotAllowed
    found = Whisper.objects.filter(
        conversation=conversation_id, at__gte=timezone.now() - SHIFT
    ).select_related("author")
    return [_row(one) for one in found.order_by("at", "pk")]


def _row(one: Whisper) -> Row:
    return {
        "conv": one.conversation_id.hex,
        "id": one.pk.hex,
        "member": one.author_id.hex,
        "alias": one.author.alias,
        "epoch": one.epoch,
        "at": int(one.at.timestamp()) // 60,
        "sealed": b64(bytes(one.sealed)),
    }
