"""What a coordinator asks the service figures for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from havenlight.team import helpline
from havenlight.team.codes import Weekday


class AskForm(forms.Form):
    """Month, day of the week, and how many conversations a counsellor has at once."""

    month = forms.ChoiceField(label=_("Month"))
    weekday = forms.TypedChoiceField(
        label=_("Days"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("all days")), *Weekday.choices],
    )
    at_once = forms.IntegerField(
        label=_("Conversations a counsellor has at once"), min_value=1, max_value=10
    )

    def __init__(self, data: Any, months: list[date]) -> None:
        """Offer `months`, each by its first day, the newest first."""
        given = {
            "month": f"{months[0]:%Y-%m}",
            "weekday": "",
            "at_once": str(helpline.capacity()),
        }
        super().__init__({name: data.get(name, value) for name, value in given.items()})
        field = self.fields["month"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (f"{month:%Y-%m}", f"{MONTHS[month.month]} {month.year}") for month in months
            ]

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")
