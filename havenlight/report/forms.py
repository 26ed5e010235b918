"""What coordinators and researchers give to make editions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from havenlight.casework.codebook import LANGUAGES, Text, Variable
from havenlight.figures import defining
from havenlight.report import recipes
from havenlight.report.around import holds_number
from havenlight.report.codes import Moved
from havenlight.report.edition import Texts
from havenlight.report.errors import BudgetSpent
from havenlight.report.parts import CHAPTERS, INTRODUCTION, WORDED
from havenlight.report.questions import POPULATIONS, Asked, axes, filters
from havenlight.report.recipes import Recipe
from havenlight.report.two_way import PERTURBED, ROUNDED, SUPPRESSED

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LONGEST = 1_500
EPSILONS = (0.5, 1.0, 2.0, 3.0)


class PeriodForm(forms.Form):
    """Of which year, or which quarter of it."""

    year = forms.IntegerField(label=_("Year"), min_value=_FIRST_YEAR, max_value=_LAST_YEAR)
    quarter = forms.TypedChoiceField(
        label=_("Period"),
        coerce=int,
        choices=[
            (0, _("the whole year: report and fact sheet")),
            (1, _("January to March: signals")),
            (2, _("April to June: signals")),
            (3, _("July to September: signals")),
            (4, _("October to December: signals")),
        ],
    )
    two_way = forms.TypedChoiceField(
        label=_("Tables of two variables"),
        required=False,
        empty_value=ROUNDED,
        choices=[
            (ROUNDED, _("rounded: adds up, no holes")),
            (SUPPRESSED, _("exact, with as few numbers hidden as possible")),
            (PERTURBED, _("with noise: for very many tables")),
        ],
    )


def _words(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AroundForm(forms.Form):
    """Words around the figures: an introduction and a piece for each chapter, in each language."""

    def __init__(self, data: Mapping[str, str] | None = None, words: Texts | None = None) -> None:
        """With what was written before."""
        super().__init__(data)
        headings = {INTRODUCTION: _("Introduction"), **{k: c.heading for k, c in CHAPTERS.items()}}
        for key in WORDED:
            for language in LANGUAGES:
                name = f"{key}-{language}"
                self.fields[name] = _words(str(headings[key]))
                self.fields[name].widget.attrs["lang"] = language
                self.initial[name] = (words or {}).get(key, {}).get(language, "")

    def clean(self) -> dict[str, str]:
        """Refuse digits: every number in a report comes from a definition."""
        given: dict[str, str] = self.cleaned_data
        for name in [name for name, text in given.items() if holds_number(text)]:
            self.add_error(name, _("Write no numbers here: they come from figures."))
        return given

    def rows(self) -> list[tuple[forms.BoundField, ...]]:
        """The fields of each place, beside each other by language."""
        return [tuple(self[f"{key}-{language}"] for language in LANGUAGES) for key in WORDED]

    def words(self) -> Texts:
        """What a valid form says, by place and language."""
        return {
            key: {language: self.cleaned_data[f"{key}-{language}"] for language in LANGUAGES}
            for key in WORDED
        }


class WhyForm(forms.Form):
    """Why a draft goes back."""

    why = forms.CharField(
        label=_("What should change?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    """What was wrong in a published edition, for its readers."""

    nl = forms.CharField(label=_("What was wrong, in Dutch"), max_length=500)
    en = forms.CharField(label=_("What was wrong, in English"), max_length=500)

    def why(self) -> Text:
        """What a valid form says."""
        return Text(self.cleaned_data["nl"], self.cleaned_data["en"])


class QuestionForm(forms.Form):
    """A researcher's question: two variables, of whom, and among whom."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    population = forms.ChoiceField(label=_("Of whom"))
    rows = forms.ChoiceField(label=_("One variable"))
    columns = forms.ChoiceField(label=_("By another"))
    only = forms.ChoiceField(label=_("Only among"), required=False)

    def __init__(self, data: Mapping[str, str] | None = None, *, years: Sequence[int]) -> None:
        """With what the newest codebook knows, in the words of the page's language."""
        super().__init__(data)
        book, language = defining.newest(), get_language() or "en"
        choices: dict[str, list[Any]] = {
            "year": [(year, str(year)) for year in reversed(years)],
            "population": [
                (key, book.populations[key].name.in_language(language)) for key in POPULATIONS
            ],
            "rows": _grouped(axes(book.codebook), language),
            "columns": _grouped(axes(book.codebook), language),
            "only": [("", _("everyone")), *_grouped(filters(book.codebook), language)],
        }
        _offer(self, choices)
        # Two different ones: asked of itself a variable tells nothing and is refused.
        self.initial["columns"] = [name for _variable, name, _code in axes(book.codebook)][1]

    def asked(self) -> Asked:
        """What a valid form asks, in its one way."""
        return Asked(**self.cleaned_data).canonical()


def _offer(form: forms.Form, choices: Mapping[str, list[Any]]) -> None:
    for name, given in choices.items():
        field = form.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = given


def _grouped(found: Iterator[tuple[Variable, str, str]], language: str) -> list[Any]:
    """Choices: a variable by itself, or its codes below its name."""
    made: list[Any] = []
    codes: dict[str, list[tuple[str, str]]] = {}
    for variable, name, code in found:
        label = variable.label.in_language(language)
        if not code:
            made.append((name, label))
            continue
        if variable.key not in codes:
            codes[variable.key] = []
            made.append((label, codes[variable.key]))
        coded = next(each for each in variable.codes if each.code == code)
        codes[variable.key].append((name, coded.label.in_language(language)))
    return made


class TitleForm(forms.Form):
    """What an analysis is called in the report."""

    nl = forms.CharField(label=_("Title in Dutch"), max_length=120)
    en = forms.CharField(label=_("Title in English"), max_length=120)

    def clean(self) -> dict[str, str]:
        """Refuse digits: every number in a report comes from figures."""
        given: dict[str, str] = self.cleaned_data
        for name in [name for name, text in given.items() if holds_number(text)]:
            self.add_error(name, _("Write no numbers here: they come from figures."))
        return given

    def title(self) -> Text:
        """What a valid form says."""
        return Text(self.cleaned_data["nl"], self.cleaned_data["en"])


class RecipeForm(forms.Form):
    """What made-up persons are to be made by."""

    first = forms.TypedChoiceField(label=_("First year"), coerce=int)
    last = forms.TypedChoiceField(label=_("Last year"), coerce=int)
    epsilon = forms.TypedChoiceField(label=_("Epsilon"), coerce=float, initial="1.0")
    variables = forms.MultipleChoiceField(
        label=_("Variables"),
        widget=forms.CheckboxSelectMultiple,
        initial=recipes.VARIABLES,
        help_text=_(
            "Few are better: noise grows with the number of pairs, and six have fifteen already."
        ),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, years: Sequence[int]) -> None:
        """With the years in which anybody was registered, and what the newest codebook knows."""
        super().__init__(data)
        language = get_language() or "en"
        choices: dict[str, list[Any]] = {
            "first": [(year, str(year)) for year in years],
            "last": [(year, str(year)) for year in years],
            "epsilon": [(str(each), number_format(f"{each:g}")) for each in EPSILONS],
            "variables": [
                (each.key, each.label.in_language(language))
                for each in recipes.allowed(defining.newest().codebook)
            ],
        }
        _offer(self, choices)
        if years:
            self.initial.update(first=years[0], last=years[-1])

    def clean(self) -> dict[str, Any]:
        """Refuse years the wrong way round, and a single variable."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("first", 0) > given.get("last", _LAST_YEAR):
            self.add_error("last", _("This is before the first year."))
        if len(given.get("variables", ())) == 1:
            self.add_error("variables", _("Choose two or more."))
        return given

    def spent(self, refusal: BudgetSpent) -> None:
        """Say that too much was spent."""
        said = _("There is epsilon %(left)s left for those first seen in %(year)s. Use a file that "
                 "there is, or years that have more left.")  # fmt: skip
        left = number_format(f"{refusal.left:g}")
        self.add_error(None, said % {"left": left, "year": refusal.year})

    def recipe(self, *, simulated: bool) -> Recipe:
        """What a valid form says."""
        given = self.cleaned_data
        years = tuple(range(given["first"], given["last"] + 1))
        return Recipe(years, tuple(given["variables"]), given["epsilon"], simulated=simulated)


class RemarkForm(forms.Form):
    """What moved the counts of a year other than trafficking."""

    year = forms.IntegerField(label=_("Year"), min_value=_FIRST_YEAR, max_value=_LAST_YEAR)
    kind = forms.ChoiceField(label=_("What moved the counts"), choices=Moved.choices)
    nl = forms.CharField(label=_("In Dutch"), max_length=300)
    en = forms.CharField(label=_("In English"), max_length=300)

    def text(self) -> Text:
        """What a valid form says."""
        return Text(self.cleaned_data["nl"], self.cleaned_data["en"])
