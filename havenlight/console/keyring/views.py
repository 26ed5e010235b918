"""What the pages of keys ask: to keep what a browser made, sealed or signed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from havenlight.chat import renewing
from havenlight.console.granting import Answer, at_desk
from havenlight.console.keyring import forms
from havenlight.core.endpoints import Fields
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64
from havenlight.core.seal.errors import ManifestRefused
from havenlight.team import epochs, member_keys
from havenlight.team.errors import AlreadySetUp, KeyTaken, RosterRefused, SealRefused
from havenlight.team.gate import MemberRequest, page_for
from havenlight.team.models import Member, MemberKey
from havenlight.team.permissions import Right


@contextmanager
def _in_words_of_the_protocol() -> Iterator[None]:
    try:
        yield
    except MemberKey.DoesNotExist:
        raise Refused("unknown") from None
    except KeyTaken:
        raise Refused("taken") from None
    except (AlreadySetUp, ManifestRefused, RosterRefused, SealRefused):
        raise Refused("epoch") from None


@at_desk(Right.VISITORS)
def make(member: Member, fields: Fields) -> None:
    """Take the key that a member made, in place of one that she has lost."""
    member_keys.make(member, forms.public(fields, "key"), forms.locked(fields))


@at_desk(Right.VISITORS)
def lock_again(member: Member, fields: Fields) -> None:
    """Close her key under another phrase."""
    with _in_words_of_the_protocol():
        member_keys.lock_again(member, forms.locked(fields))


@at_desk(Right.VISITORS)
def add_passkey(member: Member, fields: Fields) -> None:
    """Let a passkey open her key too."""
    with _in_words_of_the_protocol():
        member_keys.add_passkey(member, forms.by_passkey(fields))


@at_desk(Right.VISITORS)
def drop_passkey(member: Member, fields: Fields) -> None:
    """Let a passkey open her key no more."""
    member_keys.drop_passkey(member, forms.credential(fields))


@at_desk(Right.KEYS)
def begin(member: Member, fields: Fields) -> None:
    """Give the organisation the key that its first coordinator made, and its first epoch."""
    with _in_words_of_the_protocol():
        epochs.set_up(member, forms.public(fields, "key"), forms.signed(fields))


@at_desk(Right.KEYS)
def sign(member: Member, fields: Fields) -> None:
    """Let a manifest take the place of the current one."""
    with _in_words_of_the_protocol():
        epochs.sign(member, forms.signed(fields))


@at_desk(Right.KEYS)
def seal(member: Member, fields: Fields) -> None:
    """Keep the team key as sealed to members."""
    with _in_words_of_the_protocol():
        epochs.seal(member, forms.sealed(fields))


@require_GET
@page_for(Right.KEYS)
def behind(_request: MemberRequest) -> JsonResponse:
    """Conversations that go on and are sealed to a former team key; some of them at a time."""
    rows = [
        {"conv": one.conversation.hex, "epoch": one.epoch, "wrap": b64(one.wrap)}
        for one in renewing.behind()
    ]
    return JsonResponse({"conversations": rows})


@at_desk(Right.KEYS)
def renew(member: Member, fields: Fields) -> Answer:
    """Keep conversations as sealed to the team key of today."""
    return {"count": renewing.renew(member, forms.renewed(fields))}
