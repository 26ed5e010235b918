"""What a researcher asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from havenlight.figures.codes import FOR_STRATA, LEVELS, MOST_RESAMPLES, USUAL, Method
from havenlight.figures.work import Asked


class EstimationForm(forms.Form):
    """A table of capture histories, and how to estimate from it."""

    table = forms.CharField(
        label=_("Table"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}
        ),
        help_text=_(
            "A first row with names, then a row for each combination: 0 or 1 for each list, and in "
            "the last column how many persons. Counts only: never a row for each person."
        ),
    )
    strata = forms.CharField(
        label=_("Columns that tell strata apart"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
        help_text=_("For example: year, sex. Leave it empty when there are none."),
    )
    strata_method = forms.ChoiceField(
        label=_("Method for strata"),
        choices=[(one.value, one.label) for one in FOR_STRATA],
        initial=Method.STEPWISE.value,
        help_text=_("Counts only when columns are named; the methods above then do not."),
    )
    methods = forms.MultipleChoiceField(
        label=_("Methods"),
        choices=Method.choices,
        initial=[one.value for one in USUAL],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Latent classes take about a minute. With two lists there is one method, Chapman's."
        ),
    )
    level = forms.ChoiceField(
        label=_("Level of the intervals"),
        choices=[(level, f"{float(level):.0%}") for level in LEVELS],
        initial="0.95",
    )
    resamples = forms.IntegerField(
        label=_("Resamples"),
        min_value=0,
        max_value=MOST_RESAMPLES,
        initial=1_000,
        help_text=_("How often the choice of a model is made again; 0 for not at all."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text=_("Equal seeds give equal numbers."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse strata without resamples: the interval of their total rests on them."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("strata") and given.get("resamples") == 0:
            self.add_error("resamples", _("Strata need at least one resample."))
        return given

    def asked(self) -> Asked:
        """What a valid form asks for."""
        given = self.cleaned_data
        strata = tuple(name.strip() for name in given["strata"].split(",") if name.strip())
        methods = (given["strata_method"],) if strata else tuple(given["methods"])
        return Asked(
            table=given["table"],
            strata=strata,
            methods=methods,
            level=float(given["level"]),
            resamples=given["resamples"],
            seed=given["seed"],
        )
