"""Pages of editions: which there are, what one says, and the steps it takes."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_POST

from havenlight.casework import registrations
from havenlight.figures.framing import frame
from havenlight.report import access, actions, asking, pages, queries, signing, wording
from havenlight.report.edition import Edition
from havenlight.report.errors import EditionRefused, NotAllowed, NotAsSigned, StepRefused
from havenlight.report.forms import (
    AroundForm,
    CorrectionForm,
    PeriodForm,
    RemarkForm,
    WhyForm,
)
from havenlight.report.gate import for_right
from havenlight.report.held_back import held_back
from havenlight.report.models import StoredEdition
from havenlight.report.recounted import Recounted, recounted
from havenlight.report.rendering import LANGUAGES, html, output, outputs
from havenlight.report.states import OPEN
from havenlight.report.texts import day
from havenlight.team.gate import MemberRequest
from havenlight.team.models import Member
from havenlight.team.permissions import Right, may


@require_GET
@for_right(Right.FIGURES)
def editions(request: MemberRequest) -> HttpResponse:
    """Every edition with its state, and a form to build one."""
    there = registrations.years(simulated=settings.DEMO)
    ended = [year for year in there if year < timezone.localdate().year]
    return editions_page(request, PeriodForm(initial={"year": max(ended or there, default=None)}))


def editions_page(request: MemberRequest, form: PeriodForm) -> HttpResponse:
    """The page, with a form as it was given."""
    rows = [
        {
            "edition": each,
            "state": wording.state(each.state),
            "next": wording.next_step(each.state),
        }
        for each in queries.editions()
    ]
    context = {"form": form, "rows": rows, **frame(request)}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "report/editions.html", context, status=status)


@require_GET
@for_right(Right.FIGURES)
def edition(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """One edition: what it says, who did what, and what can be done now."""
    return edition_page(request, access.edition_for(request.user, edition_id))


def edition_page(
    request: MemberRequest,
    stored: StoredEdition,
    around: AroundForm | None = None,
    correction: CorrectionForm | None = None,
    refused: str = "",
) -> HttpResponse:
    """The page, with forms as they were given and why something was refused."""
    held = Edition.from_json(stored.content)
    context = {
        "stored": stored,
        "edition": held,
        "data_day": day(held.data_on),
        "state": wording.state(stored.state),
        "next": wording.next_step(stored.state),
        "around": around or AroundForm(words=held.words),
        "why": WhyForm(),
        "correction": correction or CorrectionForm(),
        "refused": refused,
        "documents": _documents(stored),
        "changed": _changed(stored),
        "files": list(stored.files.values_list("name", flat=True)),
        "withheld": list(held_back(held, translation.get_language() or "en")),
        "recounted": _recounted(stored, held, request.user),
        "may_review": stored.built_by_id != request.user.pk,
        "may_publish": may(request.user, Right.PUBLISHING),
        **frame(request),
    }
    bad = refused or any(form is not None and form.errors for form in (around, correction))
    status = HTTPStatus.BAD_REQUEST if bad else HTTPStatus.OK
    return render(request, "report/edition.html", context, status=status)


def _recounted(stored: StoredEdition, held: Edition, member: Member) -> list[Recounted]:
    """Earlier years counted again; while it is in the making with what waits, for coordinators.

    What waits is counted before control, so nobody else may see it.
    """
    sees = held.revisions and stored.state in OPEN and may(member, Right.PUBLISHING)
    since = asking.changed_since(stored.year) if sees else {}
    return list(recounted(held, since, translation.get_language() or "en"))


def _changed(stored: StoredEdition) -> str | None:
    """What of its files is not as it was signed; empty: nothing; None: it has no files yet."""
    files = {each.name: bytes(each.content) for each in stored.files.all()}
    if not files:
        return None
    try:
        signing.check(files)
    except NotAsSigned as found:
        return found.reason
    return ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A document of an edition to be looked at, in each language."""

    name: str
    title: str
    languages: tuple[str, ...]


def _documents(stored: StoredEdition) -> list[_Read]:
    return [_Read(each.name, str(each.title), LANGUAGES) for each in outputs(stored.quarter)]


@require_GET
@for_right(Right.FIGURES)
def preview(request: MemberRequest, edition_id: UUID, name: str, language: str) -> HttpResponseBase:
    """A document as it will be printed, made from the tables that are kept."""
    stored = access.edition_for(request.user, edition_id)
    found = output(name, stored.quarter)
    if found is None or language not in LANGUAGES:
        raise NotAllowed
    return pages.document(html(Edition.from_json(stored.content), language, found))


@require_GET
@for_right(Right.FIGURES)
def edition_file(request: MemberRequest, edition_id: UUID, name: str) -> HttpResponseBase:
    """A signed file of a frozen edition."""
    stored = access.edition_for(request.user, edition_id)
    return pages.file(name, access.file_of(stored, name))


@require_POST
@for_right(Right.FIGURES)
def write_around(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Write words around the figures of a draft."""
    stored = access.edition_for(request.user, edition_id)
    form = AroundForm(request.POST)
    if not form.is_valid():
        return edition_page(request, stored, around=form)
    try:
        actions.write_around(stored, form.words(), request.user)
    except EditionRefused:
        return edition_page(request, stored, refused=wording.refusal("changed"))
    return redirect("report:edition", edition_id=edition_id)


def _stepped(request: MemberRequest, edition_id: UUID, action: Any, *given: Any) -> HttpResponse:
    stored = access.edition_for(request.user, edition_id)
    try:
        action(stored, *given, request.user)
    except (EditionRefused, StepRefused):
        return edition_page(request, stored, refused=wording.refusal("changed"))
    return redirect("report:edition", edition_id=edition_id)


@require_POST
@for_right(Right.FIGURES)
def ask_review(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Give a draft to somebody else to read."""
    return _stepped(request, edition_id, actions.ask_review)


@require_POST
@for_right(Right.FIGURES)
def send_back(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Make it a draft again, with what should change."""
    form = WhyForm(request.POST)
    if not form.is_valid():
        stored = access.edition_for(request.user, edition_id)
        return edition_page(request, stored, refused=wording.refusal("why"))
    return _stepped(request, edition_id, actions.send_back, form.cleaned_data["why"])


@require_POST
@for_right(Right.PUBLISHING)
def publish(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Make a frozen edition public."""
    return _stepped(request, edition_id, actions.publish)


@require_POST
@for_right(Right.FIGURES)
def drop(request: MemberRequest, edition_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    stored = access.edition_for(request.user, edition_id)
    try:
        actions.drop(stored, request.user)
    except EditionRefused:
        return edition_page(request, stored, refused=wording.refusal("changed"))
    return redirect("report:editions")


@require_GET
@for_right(Right.FIGURES)
def remarks(request: MemberRequest) -> HttpResponse:
    """What moved the counts of each year, and a form to say more."""
    return _remarks_page(request, RemarkForm())


@require_POST
@for_right(Right.FIGURES)
def remark(request: MemberRequest) -> HttpResponse:
    """Remark on a year."""
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _remarks_page(request, form)
    given = form.cleaned_data
    actions.remark(given["year"], given["kind"], form.text(), request.user)
    return redirect("report:remarks")


@require_POST
@for_right(Right.FIGURES)
def drop_remark(request: MemberRequest, remark_id: int) -> HttpResponse:
    """Take a remark away."""
    actions.drop_remark(access.remark_for(request.user, remark_id), request.user)
    return redirect("report:remarks")


def _remarks_page(request: MemberRequest, form: RemarkForm) -> HttpResponse:
    context = {"form": form, "remarks": queries.remarks(), **frame(request)}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "report/remarks.html", context, status=status)
