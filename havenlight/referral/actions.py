"""Every write of referral: one verb, one transaction."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.referral.errors import EpochPassed, IdReused, NoKey, StepRefused
from havenlight.referral.links import Link, new_link
from havenlight.referral.models import IncomingReferral, Recipient, Referral
from havenlight.referral.states import OUTCOMES, TRANSITIONS, State, answered, check_step
from havenlight.team import queries as team
from havenlight.team.models import Member


def save_recipient(recipient: Recipient, member: Member) -> None:
    """Keep what a coordinator wrote of an organisation."""
    with transaction.atomic():
        recipient.save()
        audit.record(member.pk, "saved", recipient)


def invite(recipient: Recipient, member: Member) -> Link:
    """A fresh link by which the organisation refers someone to us; the one before it ends."""
    link = new_link()
    with transaction.atomic():
        recipient.invite_check, recipient.invite_expires_at = link.check, link.expires_at
        recipient.save(update_fields=["invite_check", "invite_expires_at"])
        audit.record(member.pk, "invited", recipient)
    return link


def offer(conversation_id: UUID, offers: Iterable[tuple[UUID, UUID]], member: Member) -> None:
    """Note that the visitor is asked, for each (referral, recipient); all of them or none.

    Raises NoKey when nothing could be sealed to a recipient, and IdReused.
    """
    with transaction.atomic():
        for referral_id, recipient_id in offers:
            usable = Recipient.objects.filter(public_key__isnull=False, is_active=True)
            recipient = usable.filter(pk=recipient_id).first()
            if recipient is None:
                raise NoKey
            try:
                referral = Referral.objects.create(
                    pk=referral_id,
                    recipient=recipient,
                    conversation_id=conversation_id,
                    member=member,
                )
            except IntegrityError:
                raise IdReused from None
            audit.record(member.pk, "offered", referral)


def answer(referral: Referral, *, yes: bool) -> None:
    """Keep the visitor's yes or no. A no after a yes withdraws it and destroys the package."""
    now = timezone.now()
    with transaction.atomic():
        current = _locked(referral)
        to = answered(State(current.state), yes=yes)
        current.answered_at = now
        if to is State.ACCEPTED and current.accepted_at is None:
            current.accepted_at = now
        if not yes:
            current.package = None
        current.state = to
        current.save()


def send(referral: Referral, package: bytes, consent: bytes, epoch: int, member: Member) -> Link:
    """Keep the sealed package for the recipient, and give the link to it; StepRefused unless
    the visitor agreed and has not withdrawn.

    She may withdraw while it is being sent. Whoever is second finds the state of the first, so
    that in either order no package is left.
    """
    link = new_link()
    with transaction.atomic():
        current = _locked(referral)
        check_step(State(current.state), State.MADE)
        current.state, current.made_at = State.MADE, timezone.now()
        current.package, current.consent, current.consent_epoch = package, consent, epoch
        current.link_check, current.link_expires_at = link.check, link.expires_at
        current.save()
        audit.record(member.pk, "referred", current)
    return link


def renew_link(referral: Referral, member: Member) -> Link:
    """A fresh link for the recipient of a referral that was made; the one before it ends."""
    link = new_link()
    with transaction.atomic():
        current = _locked(referral)
        if current.made_at is None or current.state == State.WITHDRAWN:
            raise StepRefused(current.state, State.MADE)
        current.link_check, current.link_expires_at = link.check, link.expires_at
        current.save()
        audit.record(member.pk, "linked", current)
    return link


def withdraw(referral: Referral, member: Member) -> None:
    """Withdraw a referral because the visitor said so in another way than by the question."""
    with transaction.atomic():
        current = _locked(referral)
        check_step(State(current.state), State.WITHDRAWN)
        current.state, current.package, current.answered_at = State.WITHDRAWN, None, timezone.now()
        current.save()
        audit.record(member.pk, "withdrew", current)


def withdraw_all(conversation_ids: Iterable[UUID]) -> int:
    """Take back, for the visitor herself, every yes in these conversations; tell how many.

    What has its outcome stays as it is.
    """
    count = 0
    with transaction.atomic():
        for referral in Referral.objects.filter(conversation__in=list(conversation_ids)):
            if State.WITHDRAWN in TRANSITIONS[State(referral.state)]:
                answer(referral, yes=False)
                audit.record(None, "withdrew", referral)
                count += 1
    return count


def report_outcome(referral: Referral, outcome: State) -> None:
    """Keep what the recipient tells has become of her; StepRefused when it was withdrawn."""
    if outcome not in OUTCOMES:
        raise StepRefused(referral.state, outcome)
    with transaction.atomic():
        current = _locked(referral)
        if current.state == outcome:
            return
        check_step(State(current.state), outcome)
        current.state, current.outcome_at = outcome, timezone.now()
        if outcome is not State.WAITING:
            current.package = None
        current.save()
        audit.record(None, f"reported_{outcome}", current)


def receive(sender: Recipient, incoming_id: UUID, epoch: int, sealed: bytes) -> None:
    """Keep what an organisation sealed for us; the same again is one.

    Raises EpochPassed when it is sealed to an earlier team key, and IdReused.
    """
    found = IncomingReferral.objects.filter(pk=incoming_id).first()
    if found is not None:
        if (found.sender_id, bytes(found.sealed)) != (sender.pk, sealed):
            raise IdReused
        return
    if epoch != team.current_epoch().number:
        raise EpochPassed
    with transaction.atomic():
        incoming = IncomingReferral.objects.create(
            pk=incoming_id, sender=sender, epoch=epoch, sealed=sealed
        )
        audit.record(None, "received", incoming)


def take(incoming: IncomingReferral, member: Member) -> None:
    """Note that `member` goes on with it; who was first stays."""
    with transaction.atomic():
        free = IncomingReferral.objects.filter(pk=incoming.pk, taken_by=None)
        if free.update(taken_by=member, taken_at=timezone.now()):
            audit.record(member.pk, "took", incoming)


def _locked(referral: Referral) -> Referral:
    """The row as it is now, held until the transaction ends.

    SQLite's transactions begin with its one lock for writing, so that there it needs no more.
    """
    return Referral.objects.select_for_update().get(pk=referral.pk)
