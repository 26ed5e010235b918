"""Editions as the pages have them, without counting anything anew."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.test import Client

from havenlight.disclosure import Ledger
from havenlight.report import actions, queries
from havenlight.report.models import StoredEdition
from havenlight.report.telling import told_by
from havenlight.team.codes import Role
from havenlight.team.models import Member
from tests.integration.organisation import make_organisation
from tests.unit.report import making


def make_member(role: Role, name: str = "") -> Member:
    """Somebody of a role, made when there is none yet of that name."""
    make_organisation()
    name = name or role
    return Member.objects.get_or_create(
        email=f"{name}@example.org", defaults={"alias": name.title(), "role": role}
    )[0]


def signed_in(member: Member) -> Client:
    """A browser at which `member` has signed in."""
    client = Client()
    client.force_login(member)
    return client


@cache
def content_and_told(year: int) -> tuple[str, str]:
    """What the process that makes editions answers, for a simulated year."""
    frozen = making.simulated(year)
    return frozen.edition.to_json(), told_by(Ledger(), frozen.ledger).to_json()


def draft(builder: Member, year: int = 2021, **given: Any) -> StoredEdition:
    """A draft of a simulated year."""
    built = actions.Built(year, 0, *content_and_told(year))
    return actions.keep_draft(built, builder, queries.known(given.get("again")), **given)


FILES = {
    "report-nl.html": b"<html><style>p {}</style><p>285</p></html>",
    "edition.json": b"{}",
    "report-nl.pdf": b"%PDF-1.7",
}


def frozen(
    builder: Member, reviewer: Member, files: Mapping[str, bytes] = FILES, year: int = 2021
) -> StoredEdition:
    """An edition that was approved; its files are made up."""
    edition = draft(builder, year)
    actions.ask_review(edition, builder)
    actions.freeze(edition, actions.approved(edition), files, reviewer)
    return edition
