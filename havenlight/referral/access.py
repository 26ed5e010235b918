"""The only way to a referral from outside its own tables."""

from uuid import UUID

from django.utils import timezone

from havenlight.referral.errors import NotAllowed
from havenlight.referral.links import check_of
from havenlight.referral.models import IncomingReferral, Recipient, Referral
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


def recipient_for(member: Member, recipient_id: UUID) -> Recipient:
    """A recipient that `member` may change, or raise NotAllowed."""
    found = Recipient.objects.filter(pk=recipient_id).first()
    if found is None or not may(member, Right.DIRECTORY):
        raise NotAllowed
    return found


def referral_for(member: Member, referral_id: UUID) -> Referral:
    """A referral that `member` offered, or any for a coordinator; NotAllowed otherwise."""
    found = Referral.objects.select_related("recipient").filter(pk=referral_id).first()
    if found is None or not may(member, Right.REFERRALS):
        raise NotAllowed
    if found.member_id != member.pk and not may(member, Right.REVIEW):
        raise NotAllowed
    return found


def referral_of_visitor(conversation_id: UUID, referral_id: UUID) -> Referral:
    """A referral that was offered in this conversation, or raise NotAllowed."""
    found = Referral.objects.filter(pk=referral_id, conversation_id=conversation_id).first()
    if found is None:
        raise NotAllowed
    return found


def referral_by_link(token: str) -> Referral:
    """The referral whose recipient has this link, while it lasts; NotAllowed otherwise."""
    live = Referral.objects.select_related("recipient").filter(link_expires_at__gt=timezone.now())
    found = live.filter(link_check=check_of(token)).first()
    if found is None:
        raise NotAllowed
    return found


def sender_by_link(token: str) -> Recipient:
    """The organisation that was invited to refer to us by this link; NotAllowed otherwise."""
    live = Recipient.objects.filter(is_active=True, invite_expires_at__gt=timezone.now())
    found = live.filter(invite_check=check_of(token)).first()
    if found is None:
        raise NotAllowed
    return found


def incoming_for(member: Member, incoming_id: UUID) -> IncomingReferral:
    """An incoming referral that `member` may take up, or raise NotAllowed."""
    found = IncomingReferral.objects.filter(pk=incoming_id).first()
    if found is None or not may(member, Right.REFERRALS):
        raise NotAllowed
    return found
