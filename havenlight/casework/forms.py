"""What members send of cases; what is wrong with it is said in their words."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from havenlight.casework.codes import JOINING, PARTING, Confidence, CorrectionReason, Reason


def _choices(reasons: tuple[Reason, ...]) -> list[tuple[str, object]]:
    return [(reason.value, reason.label) for reason in reasons]


class MergeForm(forms.Form):
    """Two cases are one person."""

    into = forms.UUIDField(label=_("The same person as"), widget=forms.Select)
    reason = forms.ChoiceField(label=_("Because"), choices=_choices(JOINING))
    confidence = forms.ChoiceField(label=_("How sure"), choices=Confidence.choices)

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """Offer `others`: the cases to choose from, each with its words."""
        super().__init__(*args, **kwargs)
        self.fields["into"].widget = forms.Select(choices=others)


class PartForm(forms.Form):
    """A contact or a case does not belong here after all."""

    reason = forms.ChoiceField(label=_("Because"), choices=_choices(PARTING))


class AnswersForm(forms.Form):
    """Answers of a whole registration, as the form in the browser gathers them."""

    answers = forms.JSONField(widget=forms.HiddenInput)


class CorrectionForm(AnswersForm):
    """Other answers, and why."""

    reason = forms.ChoiceField(label=_("Why it changes"), choices=CorrectionReason.choices)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
