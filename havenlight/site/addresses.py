"""Every address of the site and what opens it: a right of a member, or something else."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from havenlight.team.gate import RIGHT
from havenlight.team.permissions import Right

WITHOUT_RIGHT: dict[str, frozenset[str]] = {
    "anyone": frozenset(
        {
            *("account_login", "mfa_login_webauthn", "team:sign-out", "team:join"),
            *("chat:visit", "chat:visit-in", "chat:hide", "chat:elsewhere", "chat:status"),
            *(
                "chat:campaign",
                "chat:more",
                "chat:start",
                "chat:plain",
                "chat:plain-start",
                "chat:plain-in",
                "chat:theme",
            ),
            *("report:publications", "report:publication", "report:publication-of"),
            "referral:opener",
        }
    ),
    "a password that was right just now": frozenset({"mfa_authenticate"}),
    "a session without a second factor": frozenset({"team:no-second-factor"}),
    "the link of an invitation": frozenset({"team:joining"}),
    "the tab of a visitor, or her code": frozenset(
        {
            *("chat:token", "chat:taps", "chat:code", "chat:back", "chat:after", "chat:former"),
            *("retention:mine", "referral:answer", "visitors:codes", "visitors:consent"),
        }
    ),
    "the cookie of a visitor without scripts": frozenset(
        {
            "chat:plain-taps",
            "chat:plain-leave",
            "chat:plain-exit",
            "live:plain-write",
            *("retention:plain", "visitors:plain"),
            "live:plain-consent",
        }
    ),
    "the link of another organisation": frozenset(
        {"referral:outcome", "referral:package", "referral:incoming", "referral:receive"}
    ),
}
"""What opens an address that no right opens; each address stands in exactly one line."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is written in the URL configuration."""

    path: str
    name: str
    pattern: URLPattern
    right: Right | None
    """What a member needs; None where WITHOUT_RIGHT tells."""


def addresses() -> list[Address]:
    """All of them, by path."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda one: (one.path, one.name))


def _walk(resolver: URLResolver, path: str, namespace: str) -> Iterator[Address]:
    for one in resolver.url_patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one, here, inner)
        else:
            right = getattr(one.callback, RIGHT, None)
            yield Address(f"/{here}", f"{namespace}{one.name}", one, right)
