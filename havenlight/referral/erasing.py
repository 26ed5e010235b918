"""Erasing what is sealed of referrals; that one was made, and what became of it, stays."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from havenlight.referral.models import IncomingReferral, Recipient, Referral

_NO_LINK = {"package": None, "link_check": None, "link_expires_at": None}


def contacts_before(limit: datetime) -> list[UUID]:
    """Incoming referrals from before `limit`, and referrals of ours whose link has ended."""
    received = IncomingReferral.objects.filter(received_at__lt=limit)
    ended = Referral.objects.filter(link_expires_at__lte=timezone.now())
    return [*received.values_list("pk", flat=True), *ended.values_list("pk", flat=True)]


def all_contacts() -> list[UUID]:
    """Every referral, in and out."""
    return [*IncomingReferral.objects.values_list("pk", flat=True), *all_referrals()]


def erase_contacts(ids: Iterable[UUID]) -> None:
    """Erase how a person can be reached: what came in for us, packages and links of ours."""
    wanted = list(ids)
    with transaction.atomic():
        IncomingReferral.objects.filter(pk__in=wanted).delete()
        Referral.objects.filter(pk__in=wanted).update(**_NO_LINK)
        invited = Recipient.objects.filter(invite_expires_at__lte=timezone.now())
        invited.update(invite_check=None, invite_expires_at=None)


def referrals_before(limit: datetime) -> list[UUID]:
    """Referrals whose last step was before `limit` and of which something sealed is kept."""
    last = Coalesce("outcome_at", "made_at", "answered_at", "offered_at")
    kept = Q(consent__isnull=False) | Q(package__isnull=False) | Q(conversation__isnull=False)
    due = Referral.objects.annotate(last=last).filter(kept, last__lt=limit)
    return list(due.values_list("pk", flat=True))


def all_referrals() -> list[UUID]:
    """Every referral of ours."""
    return list(Referral.objects.values_list("pk", flat=True))


def erase_referrals(ids: Iterable[UUID]) -> None:
    """Erase consent, package, link, and which conversation it was."""
    Referral.objects.filter(pk__in=list(ids)).update(
        **_NO_LINK, consent=None, consent_epoch=None, conversation=None
    )


def forget_conversations(conversation_ids: Iterable[UUID]) -> None:
    """Let no referral tell any more in which of these conversations it was offered."""
    Referral.objects.filter(conversation__in=list(conversation_ids)).update(conversation=None)


def sealed_tables() -> list[str]:
    """The tables whose bytes open something."""
    return [Referral._meta.db_table, IncomingReferral._meta.db_table]


def epochs_in_use() -> set[int]:
    """The epochs whose team key still opens a consent."""
    kept = Referral.objects.filter(consent__isnull=False, consent_epoch__isnull=False)
    return {epoch for epoch in kept.values_list("consent_epoch", flat=True) if epoch is not None}
