"""What others may read of referral, as typed rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from havenlight.core.seal.encoding import b64
from havenlight.referral.models import IncomingReferral, Recipient, Referral
from havenlight.referral.states import State
from havenlight.team.models import Member


@dataclass(frozen=True, slots=True)
class Search:
    """What a counsellor looks for; None and empty leave it open."""

    region: str = ""
    age: int | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many referrals came how far, each with its base; in referrals, not persons.

    `answered` is the base of `accepted`, `accepted` that of `made`, and `known` that of `arrived`:
    those made whose recipient told what became of them.
    """

    offered: int
    answered: int
    accepted: int
    made: int
    known: int
    arrived: int
    withdrawn: int


def recipients(search: Search | None = None, *, also_unused: bool = False) -> list[Recipient]:
    """The directory by name, or those of it that fit a search."""
    found = Recipient.objects.all() if also_unused else Recipient.objects.filter(is_active=True)
    if search is not None and search.age is not None:
        found = found.filter(
            Q(youngest=None) | Q(youngest__lte=search.age),
            Q(oldest=None) | Q(oldest__gte=search.age),
        )
    # Lists in JSON are asked differently by each database, and a directory is short.
    return [recipient for recipient in found if search is None or _fits(recipient, search)]


def _fits(recipient: Recipient, search: Search) -> bool:
    regions = {region.casefold() for region in recipient.regions}
    return (not search.region or not regions or search.region.casefold() in regions) and (
        not search.form or not recipient.forms or search.form in recipient.forms
    )


def regions() -> list[str]:
    """Every region that the directory names."""
    named = Recipient.objects.filter(is_active=True).values_list("regions", flat=True)
    return sorted({region for one in named for region in one})


def referrals_of(conversation_id: UUID, member: Member) -> list[dict[str, object]]:
    """The referrals that `member` offered in a conversation, as the desk reads them."""
    offered = Referral.objects.filter(conversation_id=conversation_id, member=member)
    found = offered.select_related("recipient")
    return [
        {
            "ref": referral.pk.hex,
            "recipient": referral.recipient_id.hex,
            "name": referral.recipient.name,
            "contact": referral.recipient.contact,
            "key": b64(bytes(referral.recipient.public_key or b"")),
            "state": referral.state,
        }
        for referral in found.order_by("offered_at")
    ]


def open_referrals() -> list[Referral]:
    """Referrals that were made and whose outcome is not known yet, newest first."""
    found = Referral.objects.select_related("recipient", "member")
    return list(found.filter(state__in=(State.MADE, State.WAITING)))


def incoming() -> list[IncomingReferral]:
    """What other organisations sent us, newest first."""
    return list(IncomingReferral.objects.select_related("sender", "taken_by"))


def outcomes(start: datetime, end: datetime) -> Outcomes:
    """What became of the referrals that were offered from `start` until before `end`."""
    offered = Referral.objects.filter(offered_at__gte=start, offered_at__lt=end)
    known = Q(state__in=(State.ARRIVED, State.REFUSED, State.WAITING))
    counts = offered.aggregate(
        offered=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        accepted=Count("pk", filter=Q(accepted_at__isnull=False)),
        made=Count("pk", filter=Q(made_at__isnull=False)),
        known=Count("pk", filter=known),
        arrived=Count("pk", filter=Q(state=State.ARRIVED)),
        withdrawn=Count("pk", filter=Q(state=State.WITHDRAWN)),
    )
    return Outcomes(**counts)
