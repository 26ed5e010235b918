"""Made-up persons for researchers: made once by a recipe, kept, and what they cost added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from havenlight.casework import registrations
from havenlight.figures import defining
from havenlight.figures.framing import frame
from havenlight.report import access, actions, asking, budget, making, packages, pages, queries
from havenlight.report.budget import MOST_EPSILON
from havenlight.report.errors import BudgetSpent, LedgerMoved
from havenlight.report.forms import RecipeForm
from havenlight.report.gate import for_right
from havenlight.report.models import MadeUp
from havenlight.report.recipes import Recipe
from havenlight.report.work import Event, Printed
from havenlight.team.gate import MemberRequest
from havenlight.team.models import Member
from havenlight.team.permissions import Right


@require_GET
@for_right(Right.FIGURES)
def made_up(request: MemberRequest) -> HttpResponse:
    """What was made, what it cost each year, and a form to make more."""
    return _page(request, RecipeForm(years=_years()))


@require_POST
@for_right(Right.FIGURES)
def make_up(request: MemberRequest) -> HttpResponseBase:
    """Make a file; one by the same recipe is there already, and costs nothing."""
    form = RecipeForm(request.POST, years=_years())
    if not form.is_valid():
        return _page(request, form)
    recipe = form.recipe(simulated=settings.DEMO)
    if found := queries.made_up_as(recipe):
        return redirect(_address(found))
    try:
        spent = budget.check(queries.spent(simulated=recipe.simulated), recipe.spent)
    except BudgetSpent as refusal:
        form.spent(refusal)
        return _page(request, form)
    asked = asking.for_made_up(recipe, spent)
    keep = partial(_keep, recipe, spent, request.user)
    return making.page(request, asked, keep, back="report:made-up")


def _keep(recipe: Recipe, spent: budget.Sums, member: Member, event: Event) -> making.Kept:
    if not isinstance(event, Printed):
        raise TypeError(event)
    persons = event.files["persons.csv"].count(b"\n") - 1
    made = actions.MadePersons(persons, event.files)
    try:
        kept = actions.keep_made_up(recipe, spent, made, member)
    except BudgetSpent:
        raise LedgerMoved from None  # somebody else was faster; the page says what is left
    return making.Kept(_address(kept), "made up")


def _address(made: MadeUp) -> str:
    return f"{reverse('report:made-up')}#file-{made.place}"


@require_GET
@for_right(Right.FIGURES)
def made_up_file(request: MemberRequest, place: int) -> HttpResponse:
    """The file, as it was made."""
    made = access.made_up_for(request.user, place)
    name = f"made-up-persons-{made.years[0]}-{made.years[-1]}-{made.place}.zip"
    response = pages.file(name, bytes(made.content))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _years() -> list[int]:
    return registrations.years(simulated=settings.DEMO)


@dataclass(frozen=True, slots=True)
class _File:
    """A line of the list, with the names of its variables and how far it is from the truth."""

    made: MadeUp
    variables: tuple[str, ...]
    utility: tuple[tuple[str, int, float], ...]


def _files() -> Iterable[_File]:
    codebook, language = defining.newest().codebook, translation.get_language() or "en"
    names = {key: each.label.in_language(language) for key, each in codebook.variables.items()}
    for made in queries.made_up():
        rows = tuple(
            (
                " × ".join(names.get(key, key) for key in (row.variable, row.other) if key),
                row.largest,
                row.moved,
            )
            for row in packages.utility(bytes(made.content))
        )
        yield _File(made, tuple(names.get(key, key) for key in made.variables), rows)


def _page(request: MemberRequest, form: RecipeForm) -> HttpResponse:
    spent = budget.by_year(queries.spent(simulated=settings.DEMO))
    years = sorted({*_years(), *spent}, reverse=True)
    context = {
        "form": form,
        "most": MOST_EPSILON,
        "spent": [(year, spent.get(year, 0.0)) for year in years],
        "rows": list(_files()),
        **frame(request),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "report/made_up.html", context, status=status)
