"""What a member does with her own key; it is made, opened and closed in her browser alone."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from havenlight.audit import actions as audit
from havenlight.team.errors import KeyTaken
from havenlight.team.models import Member, MemberKey, PasskeyWrap, TeamWrap


@dataclass(frozen=True, slots=True)
class Locked:
    """A private key as its member's phrase closes it."""

    wrap: bytes
    salt: bytes
    iterations: int


@dataclass(frozen=True, slots=True)
class ByPasskey:
    """A private key as a passkey closes it."""

    credential: bytes
    salt: bytes
    wrap: bytes


def make(member: Member, public: bytes, locked: Locked) -> None:
    """Take the key that `member` made, in place of a former one.

    What was sealed to the former one is of no use to her and goes with it: until a coordinator has
    signed the new one, after looking her in the eye, she opens nothing.
    """
    with transaction.atomic():
        again = _destroy(member)
        MemberKey.objects.create(
            member=member,
            public=public,
            wrap=locked.wrap,
            salt=locked.salt,
            iterations=locked.iterations,
        )
        audit.record(member.pk, "made a new key" if again else "made her key", member)


def lock_again(member: Member, locked: Locked) -> None:
    """Close the same key under another phrase; MemberKey.DoesNotExist when she has none."""
    with transaction.atomic():
        key = MemberKey.objects.select_for_update().get(member=member)
        key.wrap, key.salt, key.iterations = locked.wrap, locked.salt, locked.iterations
        key.save()
        audit.record(member.pk, "changed her phrase", member)


def add_passkey(member: Member, given: ByPasskey) -> None:
    """Let a passkey open her key too, or raise KeyTaken when it opens one already."""
    with transaction.atomic():
        key = MemberKey.objects.select_for_update().get(member=member)
        try:
            with transaction.atomic():
                PasskeyWrap.objects.create(
                    key=key, credential=given.credential, salt=given.salt, wrap=given.wrap
                )
        except IntegrityError as error:
            raise KeyTaken("this passkey opens a key already") from error
        audit.record(member.pk, "let a passkey open her key", member)


def drop_passkey(member: Member, credential: bytes) -> None:
    """Let a passkey open her key no more."""
    with transaction.atomic():
        PasskeyWrap.objects.filter(key=member.pk, credential=credential).delete()
        audit.record(member.pk, "let a passkey open her key no more", member)


def destroy(member: Member) -> None:
    """Destroy the key of a member who leaves, and what is sealed to it.

    To be called inside the transaction, and before the audit line, of the act that makes her leave.
    """
    with transaction.atomic():
        _destroy(member)


def _destroy(member: Member) -> bool:
    TeamWrap.objects.filter(member=member).delete()
    deleted, _ = MemberKey.objects.filter(member=member).delete()
    return deleted > 0
