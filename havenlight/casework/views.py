"""Cases, their registrations, and what is to be asked of them. Only for who counsels."""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from havenlight.casework import access, actions, queries, registrations
from havenlight.casework.agreement import agreements
from havenlight.casework.answers import checked
from havenlight.casework.codes import Confidence, CorrectionReason, Reason
from havenlight.casework.errors import (
    AnswersRefused,
    CorrectionRefused,
    LinkRefused,
    MergeRefused,
    NotAllowed,
    SecondCodingRefused,
)
from havenlight.casework.forms import AnswersForm, CorrectionForm, MergeForm, PartForm
from havenlight.casework.listing import CaseRow, Cases
from havenlight.casework.models import Registration
from havenlight.casework.presenting import for_browser
from havenlight.casework.queries import CasePage, history_of
from havenlight.team import queries as team
from havenlight.team.gate import MemberRequest, Page, page_for
from havenlight.team.permissions import Right

P = ParamSpec("P")
AT_A_TIME = 100
MOST_OFFERED = 200
"""Of the persons seen most lately; of a year all are offered."""


def _for_counsellors(
    view: Callable[Concatenate[MemberRequest, P], HttpResponse],
) -> Page[P]:
    """For who works with cases; what is not there is a 404.

    Times on its page are those of the helpline.
    """

    def gate(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            with timezone.override(team.organisation().time_zone):
                return view(request, *args, **kwargs)
        except NotAllowed:
            raise Http404 from None

    update_wrapper(gate, view)
    return page_for(Right.CASES)(gate)


@require_GET
@_for_counsellors
def cases(request: MemberRequest) -> HttpResponse:
    """The persons seen most lately, with what a counsellor knows them again by."""
    simulated, year = "simulated" in request.GET, _year(request)
    found = Cases(_language(), simulated=simulated, year=year)
    rows = Paginator(found, AT_A_TIME).get_page(request.GET.get("page"))
    context = {"cases": rows, "simulated": simulated, "year": year, "years": found.years}
    return _page(request, "cases", context)


def _year(request: HttpRequest) -> int | None:
    """The year that is asked for, whatever else stands there."""
    given = request.GET.get("year", "")
    return (
        int(given) if given.isascii() and given.isdecimal() and len(given) == len("2026") else None
    )


@require_GET
@_for_counsellors
def case(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """One person: her contacts, her registrations, and how she came to be one case."""
    page = queries.case_page(access.case_for(request.user, case_id).pk)
    if page.case != case_id:
        return redirect("casework:case", case_id=page.case)
    return _case_page(request, page)


def _page(
    request: HttpRequest, name: str, context: dict[str, object], status: int = HTTPStatus.OK
) -> HttpResponse:
    around = {"organisation": team.organisation(), "demo": settings.DEMO}
    return render(request, f"casework/{name}.html", {**around, **context}, status=status)


def _case_page(request: HttpRequest, page: CasePage, refused: str = "") -> HttpResponse:
    year = _year(request)
    others = Cases(_language(), simulated=page.simulated, year=year)
    context = {
        "page": page,
        "merge": _merge_form(page, others[: None if year else MOST_OFFERED]),
        "part": PartForm(),
        "refused": refused,
        "offered": MOST_OFFERED,
        "year": year,
        "years": others.years if year or len(others) > MOST_OFFERED else (),
    }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return _page(request, "case", context, status)


def _refused(request: HttpRequest, case_id: UUID, why: str) -> HttpResponse:
    return _case_page(request, queries.case_page(case_id), why)


def _merge_form(page: CasePage, others: list[CaseRow]) -> MergeForm:
    return MergeForm(
        others=[
            (row.case.hex, f"{date_format(row.first_seen_on, 'j F Y')} · {' · '.join(row.known)}")
            for row in others
            if row.case != page.case
        ]
    )


@require_POST
@_for_counsellors
def merge(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Two are one person, in the judgement of whoever says so."""
    one = access.case_for(request.user, case_id)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _refused(request, case_id, _("Choose a case from the list, a reason and how sure."))
    into = access.case_for(request.user, form.cleaned_data["into"])
    reason = Reason(form.cleaned_data["reason"])
    confidence = Confidence(form.cleaned_data["confidence"])
    try:
        actions.merge(one, into, reason, confidence, request.user)
    except MergeRefused:
        why = _("These two are one person already, or one of them is simulated.")
        return _refused(request, case_id, why)
    return redirect("casework:case", case_id=case_id)


@require_POST
@_for_counsellors
def split(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """A case is a person of its own again, with all that it had before."""
    one = access.case_for(request.user, case_id)
    form = PartForm(request.POST)
    if not form.is_valid():
        return _refused(request, case_id, _("Choose a reason."))
    try:
        actions.split(one, Reason(form.cleaned_data["reason"]), request.user)
    except MergeRefused:
        return _refused(request, case_id, _("A colleague has split this already."))
    return redirect("casework:case", case_id=case_id)


@require_POST
@_for_counsellors
def unlink(request: MemberRequest, link_id: int) -> HttpResponse:
    """A contact was about someone else: it gets a case of its own."""
    link = access.link_for(request.user, link_id)
    form = PartForm(request.POST)
    if not form.is_valid():
        return _refused(request, link.case_id, _("Choose a reason."))
    try:
        actions.unlink(link, Reason(form.cleaned_data["reason"]), request.user)
    except LinkRefused:
        why = _("A colleague has taken this contact out already.")
        return _refused(request, link.case_id, why)
    return redirect("casework:case", case_id=link.case_id)


@require_http_methods(["GET", "POST"])
@_for_counsellors
def registration(request: MemberRequest, registration_id: UUID) -> HttpResponse:
    """A finished registration, its history, and correcting it."""
    one = access.registration_for(request.user, registration_id)
    form = CorrectionForm(request.POST or None, initial={"seen": one.corrections.count()})
    refused = ""
    if form.is_valid():
        reason = CorrectionReason(form.cleaned_data["reason"])
        given, seen = form.cleaned_data["answers"], form.cleaned_data["seen"]
        try:
            actions.correct(one, given, reason, request.user, seen=seen)
            return redirect("casework:registration", registration_id=one.pk)
        except CorrectionRefused:
            refused = _("No answer differs, or a colleague corrected it meanwhile. Look again.")
        except AnswersRefused as error:
            refused = _("Not in the codebook: %(what)s") % {"what": error}
    context = {"history": history_of(one, _language()), "correct": True, "refused": refused}
    return _form_page(request, one, form, context)


@require_http_methods(["GET", "POST"])
@_for_counsellors
def code_again(request: MemberRequest, registration_id: UUID) -> HttpResponse:
    """Code a person without seeing how a colleague did."""
    one = access.registration_for(request.user, registration_id)
    form = AnswersForm(request.POST or None)
    refused = ""
    if form.is_valid():
        try:
            actions.code_again(one, form.cleaned_data["answers"], request.user)
            return redirect("casework:agreement")
        except SecondCodingRefused:
            refused = _("You coded this person yourself, or a colleague was first.")
        except AnswersRefused as error:
            refused = _("Not in the codebook: %(what)s") % {"what": error}
    return _form_page(request, one, form, {"correct": False, "refused": refused})


def _form_page(
    request: MemberRequest, one: Registration, form: Form, context: dict[str, object]
) -> HttpResponse:
    book = registrations.book(one.codebook)
    status = HTTPStatus.CONFLICT if context["refused"] else HTTPStatus.OK
    return _page(
        request,
        "registration",
        {
            "registration": one,
            "form": form,
            "codebook": for_browser(book, _language()),
            "answers": one.answers if context["correct"] else {},
            **context,
        },
        status,
    )


@require_GET
@_for_counsellors
def questions(request: MemberRequest) -> HttpResponse:
    """What registrations make one ask: answers that contradict each other, or are missing."""
    rows = Paginator(queries.to_ask(_language()), AT_A_TIME).get_page(request.GET.get("page"))
    return _page(request, "questions", {"rows": rows})


@require_GET
@_for_counsellors
def agreement(request: MemberRequest) -> HttpResponse:
    """What is to be coded a second time, and how far two agree on each variable."""
    twice = queries.coded_twice()
    newest = max((first.codebook for first, _second in twice), default="")
    book = registrations.book(newest) if newest else None
    # Only of one codebook: under another one the two had other codes to choose from.
    pairs = [
        (checked(book, first.answers), checked(book, second.answers))
        for first, second in twice
        if book and first.codebook == newest
    ]
    language = _language()
    rows = [
        {"label": row.variable.label.in_language(language), "row": row}
        for row in (agreements(book, pairs) if book else [])
    ]
    again = queries.to_code_again(request.user)
    context = {"rows": rows, "pairs": len(pairs), "again": again, "codebook": newest}
    return _page(request, "agreement", context)


def _language() -> str:
    return get_language() or "en"
