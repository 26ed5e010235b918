"""The explorer: researchers ask of two variables, within a budget, and every question is kept."""

import json
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from havenlight.casework import registrations
from havenlight.figures import defining
from havenlight.figures.framing import frame
from havenlight.report import access, actions, asking, making, queries, wording
from havenlight.report.edition import analysis_of
from havenlight.report.errors import LedgerMoved, QuestionRefused
from havenlight.report.forms import QuestionForm, TitleForm
from havenlight.report.gate import for_right
from havenlight.report.grids import analysis_grid, heading
from havenlight.report.models import Question
from havenlight.report.questions import Asked, check
from havenlight.report.work import Event, Made
from havenlight.team.gate import MemberRequest
from havenlight.team.models import Member
from havenlight.team.permissions import Right


@require_GET
@for_right(Right.FIGURES)
def explorer(request: MemberRequest) -> HttpResponse:
    """A form to ask, what is left to ask, and all that was asked."""
    return _explorer_page(request, QuestionForm(years=_years()))


@require_POST
@for_right(Right.FIGURES)
def ask(request: MemberRequest) -> HttpResponseBase:
    """Answer a question; one that was asked before costs nothing and gets the same answer."""
    form = QuestionForm(request.POST, years=_years())
    if not form.is_valid():
        return _explorer_page(request, form)
    asked = form.asked()
    try:
        check(asked, defining.newest().codebook)
    except QuestionRefused as refusal:
        form.add_error(None, wording.refusal(f"question-{refusal.reason}"))
        return _explorer_page(request, form)
    if found := Question.objects.filter(key=asked.key()).first():
        return redirect("report:question", question_id=found.pk)
    if not queries.left(asked.year):
        form.add_error(None, wording.refusal("budget"))
        return _explorer_page(request, form)
    request_bytes, known = asking.for_answer(asked)
    keep = partial(_keep, asked, known, request.user)
    return making.page(request, request_bytes, keep, back="report:explorer")


def _keep(asked: Asked, known: queries.Known, member: Member, event: Event) -> making.Kept:
    if not isinstance(event, Made):
        raise TypeError(event)
    answer = analysis_of(json.loads(event.content))
    try:
        found = actions.keep_answer(asked, answer, event.told, member, known)
    except IntegrityError:
        raise LedgerMoved from None  # somebody asked the same just now
    return making.Kept(reverse("report:question", args=[found.pk]), "answered")


@require_GET
@for_right(Right.FIGURES)
def question(request: MemberRequest, question_id: int) -> HttpResponse:
    """One question with its answer, and whether the report is to print it."""
    return _question_page(request, access.question_for(request.user, question_id), None)


@require_POST
@for_right(Right.FIGURES)
def keep(request: MemberRequest, question_id: int) -> HttpResponse:
    """Let the next draft of its year print the answer under a title, or no longer."""
    found = access.question_for(request.user, question_id)
    if "leave" in request.POST:
        actions.keep_for_report(found, None, request.user)
        return redirect("report:question", question_id=question_id)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _question_page(request, found, form)
    actions.keep_for_report(found, form.title(), request.user)
    return redirect("report:question", question_id=question_id)


def _years() -> list[int]:
    return registrations.years(simulated=settings.DEMO)


AT_A_TIME = 100
"""Questions on a page of the log."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the log."""

    question: Question
    heading: str


def _explorer_page(request: MemberRequest, form: QuestionForm) -> HttpResponse:
    language = translation.get_language() or "en"
    rows = Paginator(queries.questions(), AT_A_TIME).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "left": [(year, queries.left(year)) for year in reversed(_years())],
        "most": queries.MOST_QUESTIONS,
        "rows": rows,
        "log": [_Row(each, heading(queries.analysis(each), language)) for each in rows],
        **frame(request),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "report/explorer.html", context, status=status)


def _question_page(request: MemberRequest, found: Question, form: TitleForm | None) -> HttpResponse:
    analysis = queries.analysis(found)
    language = translation.get_language() or "en"
    title = {"nl": found.nl, "en": found.en}
    context = {
        "question": found,
        "heading": heading(analysis, language),
        "withheld": wording.withheld(analysis.withheld) if analysis.withheld else "",
        "grid": None if analysis.withheld else analysis_grid(analysis, language),
        "form": form or TitleForm(initial=title),
        **frame(request),
    }
    status = HTTPStatus.BAD_REQUEST if form is not None and form.errors else HTTPStatus.OK
    return render(request, "report/question.html", context, status=status)
