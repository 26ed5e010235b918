"""With what a member signs in: passkeys, password and codes, recovery codes; and her sessions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn, get_credentials
from django.db import transaction
from django.utils import timezone

from havenlight.audit import actions as audit
from havenlight.core import hints
from havenlight.team.entrance_models import MemberSession
from havenlight.team.errors import MemberRefused, NotAllowed
from havenlight.team.models import Member

_CODES = Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True, slots=True)
class Second:
    """A second factor that was tried and found right: the secret of an app, or a passkey."""

    totp: str = ""
    passkey: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session of hers; `id` names it to nobody else, and opens nothing."""

    id: str
    began_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class WaysIn:
    """All with which a member may sign in."""

    passkeys: list[Authenticator]
    has_app: bool
    codes_left: int

    @property
    def has_any(self) -> bool:
        """Whether she has a second factor; in a demo she may have none."""
        return self.has_app or bool(self.passkeys)


def keep(member: Member, second: Second) -> Authenticator:
    """Keep a second factor of hers, with recovery codes beside it; part of another action."""
    RecoveryCodes.activate(member)
    if second.passkey is not None:
        return _kept(WebAuthn.add(member, "", second.passkey))
    Authenticator.objects.filter(user=member, type=Authenticator.Type.TOTP).delete()
    return _kept(TOTP.activate(member, second.totp))


def _kept(added: WebAuthn | TOTP) -> Authenticator:
    row: Authenticator = added.instance
    return row


def add_passkey(member: Member, passkey: dict[str, Any]) -> Authenticator:
    """Let her sign in with this passkey too."""
    with transaction.atomic():
        factor = keep(member, Second(passkey=passkey))
        audit.record(member.pk, "added a passkey", member)
    return factor


def remove_passkey(member: Member, passkey_id: int) -> None:
    """Let her sign in with it no more: MemberRefused when it is her only second factor."""
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)
        hers = Authenticator.objects.filter(user=member).exclude(type=_CODES)
        found = hers.filter(pk=passkey_id, type=Authenticator.Type.WEBAUTHN)
        if not found.exists():
            raise NotAllowed
        if hers.count() == 1:
            raise MemberRefused("last")
        found.delete()
        audit.record(member.pk, "removed a passkey", member)


def use_password(member: Member, password: str, totp: str) -> Authenticator:
    """Let her sign in with this password and the codes of this secret, and no former ones."""
    with transaction.atomic():
        factor = keep(member, Second(totp=totp))
        member.set_password(password)
        member.save(update_fields=["password"])
        audit.record(member.pk, "changed her password", member)
    return factor


def new_codes(member: Member) -> list[str]:
    """Fresh recovery codes; those she had open nothing any more."""
    with transaction.atomic():
        Authenticator.objects.filter(user=member, type=_CODES).delete()
        audit.record(member.pk, "made recovery codes", member)
        return codes_of(member)


def codes_of(member: Member) -> list[str]:
    """Her recovery codes that were not used."""
    codes: list[str] = RecoveryCodes.activate(member).get_unused_codes()
    return codes


def of(member: Member) -> WaysIn:
    """With what she may sign in now."""
    hers = list(Authenticator.objects.filter(user=member).order_by("created_at"))
    codes = [one.wrap() for one in hers if one.type == _CODES]
    return WaysIn(
        passkeys=[one for one in hers if one.type == Authenticator.Type.WEBAUTHN],
        has_app=any(one.type == Authenticator.Type.TOTP for one in hers),
        codes_left=sum(len(one.get_unused_codes()) for one in codes),
    )


def passkey_ids(member: Member) -> list[bytes]:
    """By what a browser knows the passkeys with which she signs in."""
    return [one.credential_id for one in get_credentials(member)]


def sessions(member: Member, this_key: str | None) -> list[SessionRow]:
    """Her sessions that go on, newest first."""
    found = MemberSession.objects.filter(member=member, expire_date__gt=timezone.now())
    return [
        SessionRow(_name_of(one.session_key), one.began_at, one.session_key == this_key)
        for one in found.order_by("-began_at", "pk")
    ]


def end_session(member: Member, session_id: str) -> None:
    """End one of her sessions; all her streams come back but those of that one."""
    with transaction.atomic():
        for one in MemberSession.objects.filter(member=member):
            if _name_of(one.session_key) == session_id:
                one.delete()
                audit.record(member.pk, "ended a session", member)
        transaction.on_commit(lambda: hints.publish(("b", member.pk.hex)))


def _name_of(session_key: str) -> str:
    # The key itself would let whoever reads the page be her.
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]
