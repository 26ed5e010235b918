"""The forms in which a helpline settles things for itself."""

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from havenlight.casework.answers import OWN_KEY
from havenlight.chat.codes import CampaignKind
from havenlight.team import helpline
from havenlight.team.codes import Role
from havenlight.team.exits import check_exit, check_public_address
from havenlight.team.helpline_models import (
    EmergencyLine,
    HelplineLanguage,
    HouseRules,
    ImageService,
    InformationCard,
    OpeningException,
    OpeningHours,
    OtherHelpline,
    ReadyText,
)
from havenlight.team.languages import OURS
from havenlight.team.models import Member, Organisation
from havenlight.team.opening import overlapping
from havenlight.team.permissions import may_give

# What browsers take for these kinds of input, whatever the language.
_CLOCK = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ZoneForm(forms.ModelForm):
    """In which time zone the hours are."""

    time_zone = forms.ChoiceField(
        label=gettext_lazy("time zone"),
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
    )

    class Meta:
        model = Organisation
        fields = ("time_zone",)


class ClosingForm(forms.ModelForm):
    """When the last conversation begins."""

    class Meta:
        model = HouseRules
        fields = ("closing_minutes",)


class HoursForm(forms.ModelForm):
    """Hours that come back each week."""

    class Meta:
        model = OpeningHours
        fields = ("weekday", "opens_at", "closes_at")
        widgets = {"opens_at": _CLOCK, "closes_at": _CLOCK}


class BaseHoursFormSet(forms.BaseModelFormSet):
    """The hours of a week, which may touch but not lie over each other."""

    def clean(self) -> None:
        """Refuse hours that lie over each other."""
        super().clean()
        hours: list[tuple[int, time, time]] = [
            (row["weekday"], row["opens_at"], row["closes_at"])
            for form in self.forms
            if (row := getattr(form, "cleaned_data", {}))
            and not row.get("DELETE")
            and all(row.get(name) is not None for name in ("weekday", "opens_at", "closes_at"))
        ]
        if overlapping(hours):
            raise ValidationError(_("Two of these hours lie over each other. Make them one."))


class ExceptionForm(forms.ModelForm):
    """A day with other hours, or none."""

    class Meta:
        model = OpeningException
        fields = ("on", "opens_at", "closes_at", "why")
        widgets = {"on": _DAY, "opens_at": _CLOCK, "closes_at": _CLOCK}

    def clean(self) -> dict[str, Any]:
        """Take both ends, or neither, which means closed."""
        cleaned = super().clean() or {}
        if (cleaned.get("opens_at") is None) != (cleaned.get("closes_at") is None):
            self.add_error("closes_at", _("Give both times, or neither: then it is closed."))
        return cleaned


class ExitForm(forms.ModelForm):
    """Whom she calls in danger, and where she is after leaving quickly."""

    exit_url = forms.URLField(
        label=gettext_lazy("page after leaving quickly"),
        assume_scheme="https",
        validators=[check_exit],
        help_text=gettext_lazy("A plain page that anyone may look at: the weather, the news."),
    )

    class Meta:
        model = Organisation
        fields = ("emergency_number", "exit_url")
        labels = {"emergency_number": gettext_lazy("number in danger, on every page")}


class EmergencyForm(forms.ModelForm):
    """Whom to call in another country."""

    class Meta:
        model = EmergencyLine
        fields = ("country", "number")


class OtherHelplineForm(forms.ModelForm):
    """Another service."""

    address = forms.URLField(
        label=gettext_lazy("website"),
        required=False,
        assume_scheme="https",
        validators=[check_public_address],
    )

    class Meta:
        model = OtherHelpline
        fields = ("position", "name", "what_for", "number", "address")

    def clean(self) -> dict[str, Any]:
        """Take what has a number, an address or both."""
        cleaned = super().clean() or {}
        if not (cleaned.get("number") or cleaned.get("address") or self.errors):
            self.add_error("number", _("Give a number or a website."))
        return cleaned


class ImageServiceForm(forms.ModelForm):
    """Who removes pictures."""

    address = forms.URLField(
        label=gettext_lazy("website"), assume_scheme="https", validators=[check_public_address]
    )

    class Meta:
        model = ImageService
        fields = ("country", "name", "address", "taken", "without_upload")


class TitleForm(forms.ModelForm):
    """What the visitor's tab says."""

    class Meta:
        model = Organisation
        fields = ("name", "page_title")
        labels = {
            "name": gettext_lazy("name of the helpline"),
            "page_title": gettext_lazy("title of the visitor's tab"),
        }
        help_texts = {
            "page_title": gettext_lazy(
                "Tab and history show it to who looks over her shoulder: say nothing in it."
            )
        }


class LookForm(forms.ModelForm):
    """How the visitor's pages look."""

    class Meta:
        model = HouseRules
        fields = ("icon", "accent_light", "accent_dark")


class LimitsForm(forms.ModelForm):
    """Limits and periods."""

    class Meta:
        model = HouseRules
        fields = (
            "queue_limit",
            "capacity",
            "wrap_up_minutes",
            "figures_threshold",
            "transcript_days",
            "notes_days",
            "contact_days",
            "registration_days",
            "referral_days",
            "audit_days",
            "backup_days",
        )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # What "as installed" comes to.
        for name, installed in (
            ("capacity", settings.CAPACITY),
            ("wrap_up_minutes", settings.WRAP_UP_SECONDS // 60),
            ("notes_days", settings.NOTES_DAYS),
            ("contact_days", settings.CONTACT_DAYS),
        ):
            self.fields[name].widget.attrs["placeholder"] = str(installed)

    def clean_figures_threshold(self) -> int:
        """Let the threshold go up only."""
        asked: int = self.cleaned_data["figures_threshold"]
        if asked < self.initial["figures_threshold"]:
            raise ValidationError(
                _("It is %(now)s now and can only go up."),
                params={"now": self.initial["figures_threshold"]},
            )
        return asked


class LanguageForm(forms.ModelForm):
    """Whether visitors may choose a language, who reviewed it, and the words in it."""

    class Meta:
        model = HelplineLanguage
        fields = (
            "is_on",
            "reviewed_by",
            "reviewed_on",
            "name",
            "page_title",
            "heading",
            "lead",
            "closed_text",
            "full_text",
            "goodbye",
        )
        words = ("lead", "closed_text", "full_text", "goodbye")
        widgets = {
            "reviewed_on": _DAY,
            **{name: forms.Textarea(attrs={"rows": 3}) for name in words},
        }

    def clean(self) -> dict[str, Any]:
        """Ask for a review of a language that is not ours before it is on."""
        cleaned = super().clean() or {}
        who, when = cleaned.get("reviewed_by"), cleaned.get("reviewed_on")
        if bool(who) != bool(when):
            self.add_error("reviewed_by", _("Give both: who reviewed the texts, and when."))
        elif cleaned.get("is_on") and not who and self.instance.code not in OURS:
            self.add_error(
                "is_on", _("First have the texts reviewed, and note below by whom and when.")
            )
        return cleaned


class ReadyForm(forms.ModelForm):
    """A ready text."""

    class Meta:
        model = ReadyText
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}


class CardForm(forms.ModelForm):
    """An information card."""

    class Meta:
        model = InformationCard
        fields = ("title", "for_whom", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 9})}


class RoleForm(forms.Form):
    """A role that `by` may give."""

    role = forms.ChoiceField(label=gettext_lazy("role"))

    def __init__(self, by: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- as declared above
        field.choices = [(role.value, role.label) for role in Role if may_give(by, role)]


class InviteForm(RoleForm):
    """Who is invited, and as what."""

    email = forms.EmailField(label=gettext_lazy("e-mail address"))
    alias = forms.CharField(
        label=gettext_lazy("alias"),
        max_length=40,
        help_text=gettext_lazy("The name that visitors see; best not her own."),
    )
    field_order = ("email", "alias", "role")


class CampaignForm(forms.Form):
    """A link of our own to the chat."""

    kind = forms.ChoiceField(
        label=gettext_lazy("what it is for"),
        choices=[
            (CampaignKind.CAMPAIGN.value, gettext_lazy("a campaign: sites, posters")),
            (CampaignKind.INVITATION.value, gettext_lazy("an invitation: cards to hand over")),
        ],
    )
    told = forms.CharField(
        label=gettext_lazy("what you call it"),
        max_length=80,
        help_text=gettext_lazy("Only the team reads this."),
    )
    name = forms.RegexField(
        OWN_KEY,
        label=gettext_lazy("word in the address"),
        max_length=40,
        help_text=gettext_lazy(
            "A browser may remember it: choose a word that says nothing. "
            "Small letters and digits, and no spaces."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- as declared above
        field.choices = [("", _("that of her browser")), *helpline.languages()]

    def clean_name(self) -> str:
        """As it stands in an address."""
        return str(self.cleaned_data["name"]).lower()
