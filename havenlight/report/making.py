"""Pages on which an edition is made while they are read: built, or printed and signed."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST

from havenlight.figures.framing import frame, streamed
from havenlight.figures.work import Busy, Failed, Progress
from havenlight.report import access, actions, asking, signing, views, wording
from havenlight.report.asking import Wanted
from havenlight.report.errors import EditionRefused, KeyRefused, LedgerMoved, SamePerson
from havenlight.report.forms import CorrectionForm, PeriodForm
from havenlight.report.gate import for_right
from havenlight.report.models import StoredEdition
from havenlight.report.states import State
from havenlight.report.work import Event, Made, Printed, Refused, working
from havenlight.team.gate import MemberRequest
from havenlight.team.models import Member
from havenlight.team.permissions import Right


@dataclass(frozen=True, slots=True)
class Kept:
    """Where to look at what was made, and what that is: built, frozen or answered."""

    address: str
    what: str


Keep = Callable[[Event], Kept]
"""Keeps what was made."""


@require_POST
@for_right(Right.FIGURES)
def build(request: MemberRequest) -> HttpResponseBase:
    """Build a draft of a year or a quarter."""
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return views.editions_page(request, form)
    given = form.cleaned_data
    return _building(request, Wanted(given["year"], given["quarter"], chosen=given["two_way"]))


@require_POST
@for_right(Right.FIGURES)
def build_again(request: MemberRequest, edition_id: UUID) -> HttpResponseBase:
    """Build a draft anew, from what is registered now; its words stay."""
    edition = access.edition_for(request.user, edition_id)
    return _building(request, Wanted(edition.year, edition.quarter, again=edition))


@require_POST
@for_right(Right.PUBLISHING)
def correct(request: MemberRequest, edition_id: UUID) -> HttpResponseBase:
    """Build the next revision of a published edition, with what was wrong in this one."""
    edition = access.edition_for(request.user, edition_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid() or edition.state != State.PUBLISHED:
        return views.edition_page(request, edition, correction=form)
    wanted = Wanted(edition.year, edition.quarter, corrects=edition, why=form.why())
    return _building(request, wanted)


@require_POST
@for_right(Right.FIGURES)
def approve(request: MemberRequest, edition_id: UUID) -> HttpResponseBase:
    """Approve an edition as somebody else than who built it: its files are made and signed."""
    edition = access.edition_for(request.user, edition_id)
    try:
        actions.check_reviews(edition, request.user)
    except SamePerson:
        return views.edition_page(request, edition, refused=wording.refusal("same"))
    content = actions.approved(edition)
    keep = partial(_freeze, edition, content, request.user)
    return page(request, asking.for_print(content), keep)


def _building(request: MemberRequest, wanted: Wanted) -> HttpResponseBase:
    build = asking.for_build(wanted)

    def keep(event: Event) -> Kept:
        if not isinstance(event, Made):
            raise TypeError(event)
        built = actions.Built(wanted.year, wanted.quarter, event.content, event.told, build.persons)
        edition = actions.keep_draft(
            built, request.user, build.known, wanted.again, wanted.corrects
        )
        return Kept(_address(edition), "built")

    return page(request, build.asked, keep)


def _address(edition: StoredEdition) -> str:
    return reverse("report:edition", args=[edition.pk])


def _freeze(edition: StoredEdition, content: str, member: Member, event: Event) -> Kept:
    if not isinstance(event, Printed):
        raise TypeError(event)
    key = signing.key_at(settings.DATA_DIR / "report-key")
    files = {**event.files, signing.SIGNATURE: signing.signed(event.files, key)}
    actions.freeze(edition, content, files, member)
    return Kept(_address(edition), "frozen")


def page(
    request: MemberRequest, asked: bytes, keep: Keep, back: str = "report:editions"
) -> HttpResponseBase:
    """A page that tells how far the work is, and in the end where to look, or the way back."""
    context = frame(request)
    language = translation.get_language() or ""
    told = _told(asked, keep, language, reverse(back))
    return streamed(request, "report/working.html", context, told)


async def _told(asked: bytes, keep: Keep, language: str, back: str) -> AsyncIterator[str]:
    async for event in working(asked):
        if isinstance(event, Made | Printed):
            template, said = await sync_to_async(_kept)(event, keep)
        else:
            template, said = _said(event)
        with translation.override(language):
            words = {key: value() for key, value in said.items()}
            yield render_to_string(template, {**words, "back": back})


_Said = tuple[str, dict[str, Callable[[], Any]]]
"""A template, and what it says: made only when the page's language is active."""


def _kept(event: Event, keep: Keep) -> _Said:
    try:
        kept = keep(event)
    except LedgerMoved:
        return _refused("moved")
    except KeyRefused:
        return _refused("key")
    except EditionRefused:
        return _refused("changed")
    except (DatabaseError, OSError):
        return _refused("disk")
    return "report/_made.html", {"address": lambda: kept.address, "what": lambda: kept.what}


def _said(event: Event) -> _Said:
    match event:
        case Progress():
            return "figures/_step.html", {
                "what": lambda: wording.step(event.what),
                "share": lambda: event.share,
            }
        case Refused():
            return _refused(event.reason, event.about)
        case Busy():
            return _refused("busy")
        case Failed():
            return _refused("failed")
    raise TypeError(event)


def _refused(reason: str, about: str = "") -> _Said:
    return "report/_refused.html", {"why": lambda: wording.refusal(reason, about)}
