"""What coordinators, recipients and senders may send, checked at the edge."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from havenlight.core.ids import is_id
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import EncodingRefused, KeyRefused
from havenlight.core.seal.keys import read_public
from havenlight.referral.codes import Form
from havenlight.referral.models import Recipient
from havenlight.referral.queries import Search

Fields = dict[str, Any]

if TYPE_CHECKING:
    _RecipientForm = forms.ModelForm[Recipient]
else:
    # Django's own class takes no parameter while it runs.
    _RecipientForm = forms.ModelForm

MOST_REGIONS = 40
SEALED_BYTES = 12_288
OLDEST = 120


class RecipientForm(_RecipientForm):
    """One organisation of the directory."""

    regions_text = forms.CharField(
        label=_("regions, one on a line; empty is the whole country"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    forms_chosen = forms.MultipleChoiceField(
        label=_("forms of exploitation; none is all"),
        required=False,
        choices=Form,
        widget=forms.CheckboxSelectMultiple,
    )
    key_text = forms.CharField(
        label=_("public key"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
    )

    class Meta:
        model = Recipient
        fields = (
            "name", "kind", "themes", "youngest", "oldest", "hours", "contact", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions_text"].initial = "\n".join(self.instance.regions)
        self.fields["forms_chosen"].initial = self.instance.forms
        self.fields["key_text"].initial = b64(bytes(self.instance.public_key or b""))

    def clean_regions_text(self) -> list[str]:
        """The regions, each once."""
        lines = [line.strip() for line in self.cleaned_data["regions_text"].splitlines()]
        regions = list(dict.fromkeys(line for line in lines if line))
        if len(regions) > MOST_REGIONS or any(len(region) > 40 for region in regions):
            raise ValidationError(
                gettext("At most %(count)s regions of at most 40 characters.")
                % {"count": MOST_REGIONS}
            )
        return regions

    def clean_key_text(self) -> bytes | None:
        """The key as their page shows it, or none."""
        text = "".join(self.cleaned_data["key_text"].split())
        if not text:
            return None
        try:
            raw = unb64(text)
            read_public(raw)
        except (EncodingRefused, KeyRefused):
            raise ValidationError(
                gettext("This is not a public key. Copy the whole line from the page they opened.")
            ) from None
        return raw

    def clean(self) -> dict[str, Any]:
        """Together: the youngest may not be older than the oldest."""
        cleaned = super().clean() or self.cleaned_data
        youngest, oldest = cleaned.get("youngest"), cleaned.get("oldest")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("oldest", gettext("The lowest age is above the highest."))
        return cleaned

    def filled(self) -> Recipient:
        """The organisation with what was written; to be saved by an action."""
        recipient = self.save(commit=False)
        recipient.regions = self.cleaned_data["regions_text"]
        recipient.forms = self.cleaned_data["forms_chosen"]
        recipient.public_key = self.cleaned_data["key_text"]
        return recipient


class SearchForm(forms.Form):
    """What the directory is searched by; what is not understood is left open."""

    region = forms.CharField(required=False, max_length=40)
    age = forms.IntegerField(required=False, min_value=0, max_value=OLDEST)
    form = forms.ChoiceField(required=False, choices=[("", _("all")), *Form.choices])

    def search(self) -> Search:
        """What is looked for."""
        self.is_valid()
        found = self.cleaned_data
        return Search(found.get("region") or "", found.get("age"), found.get("form") or "")


def read_id(fields: Fields, name: str) -> UUID:
    """An identifier, or Refused as malformed."""
    value = fields.get(name)
    if not is_id(value):
        raise Refused("malformed")
    return UUID(value)


def read_sealed(fields: Fields, name: str) -> bytes:
    """Sealed bytes, or Refused as malformed or too large."""
    value = fields.get(name)
    try:
        raw = unb64(value) if isinstance(value, str) else b""
    except EncodingRefused:
        raise Refused("malformed") from None
    if len(raw) > SEALED_BYTES:
        raise Refused("too_large")
    # The public key in front and the tag behind are there whatever is sealed.
    if len(raw) < 65 + 16:
        raise Refused("malformed")
    return raw


def read_epoch(fields: Fields) -> int:
    """The number of an epoch, or Refused as malformed."""
    epoch = fields.get("epoch")
    if type(epoch) is not int or epoch < 1:
        raise Refused("malformed")
    return epoch


def read_yes(fields: Fields) -> bool:
    """Yes or no, or Refused as malformed."""
    yes = fields.get("yes")
    if not isinstance(yes, bool):
        raise Refused("malformed")
    return yes
