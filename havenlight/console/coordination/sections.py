"""The sections of the settings page: which forms each has, and how what they change is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.models import BaseModelFormSet, modelformset_factory
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from havenlight.console.coordination import forms as own
from havenlight.team import helpline, queries
from havenlight.team.helpline_models import (
    EmergencyLine,
    HelplineLanguage,
    ImageService,
    InformationCard,
    OpeningException,
    OpeningHours,
    OtherHelpline,
    ReadyText,
)
from havenlight.team.languages import OURS

Data = QueryDict | None
Form = forms.ModelForm
FormSet = BaseModelFormSet


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which language and topic a section's rows are; empty where it has all."""

    language: str = ""
    topic: str = ""

    def fields(self) -> dict[str, str]:
        """The scope as the tables have it."""
        given = {"language": self.language, "topic": self.topic}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Part:
    """One form of a section, or one list of rows."""

    title: str | Promise
    form: Form | FormSet
    scope: Scope = Scope()

    @property
    def is_list(self) -> bool:
        """Whether it has several rows."""
        return isinstance(self.form, BaseModelFormSet)

    def save(self) -> None:
        """Write what was given; a new row belongs to the scope."""
        if isinstance(self.form, BaseModelFormSet):
            for row in self.form.save(commit=False):
                for name, value in self.scope.fields().items():
                    setattr(row, name, value)
                row.save()
            for row in self.form.deleted_objects:
                row.delete()
        else:
            self.form.save()


@dataclass(frozen=True, slots=True)
class Section:
    """A page of settings. `by` says whether there is one for each language, or topic too."""

    slug: str
    title: Promise
    about: Promise
    build: Callable[[Data, Scope], list[Part]]
    by: tuple[str, ...] = ()
    shows: str = ""
    """What the preview has beside the changes: a template, if anything."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one save changes, in words."""

    what: str
    before: str
    after: str

    def brief(self) -> str:
        """For the audit: with the values where they are short."""
        if len(self.before) + len(self.after) > 60:
            return self.what
        return f"{self.what}: {self.before or '-'} → {self.after or '-'}"


def changes_of(parts: list[Part]) -> list[Change]:
    """What `parts`, which are valid, would change."""
    return [
        change
        for part in parts
        for change in (
            _list_changes(part.form)
            if isinstance(part.form, BaseModelFormSet)
            else _form_changes(part.form)
        )
    ]


def _list_changes(rows: FormSet) -> Iterator[Change]:
    deleted = set(map(id, rows.deleted_forms))
    for form in rows.forms:
        if not form.has_changed():
            continue
        if id(form) in deleted:
            yield Change(_row_name(form, form.initial), _row_name(form, form.initial), "")
        elif form.instance.pk is None:
            yield Change(str(_("new")), "", _row_name(form, form.cleaned_data))
        else:
            yield from _form_changes(form, of=_row_name(form, form.initial))


def _form_changes(form: Form, of: str = "") -> Iterator[Change]:
    for name in form.changed_data:
        if name not in form.cleaned_data or name == "DELETE":
            continue
        label = str(form.fields[name].label)
        before = _told(form, name, form.initial.get(name))
        after = _told(form, name, form.cleaned_data[name])
        yield Change(f"{of}: {label}" if of else label, before, after)


def _row_name(form: Form, row: Mapping[str, Any]) -> str:
    told = (_told(form, name, row.get(name)) for name in form._meta.fields or ())
    return " ".join(filter(None, told))[:80]


def _told(form: Form, name: str, value: Any) -> str:
    """A value as it stands on the page: the words of a choice, the clock without seconds."""
    if value is None or value == "":
        return ""
    choices = dict(getattr(form.fields[name], "choices", ()))
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    return value.strftime("%H:%M") if hasattr(value, "tzinfo") else str(value)


def _list(
    title: Promise, model: type[models.Model], form: type[Form], data: Data, scope: Scope
) -> Part:
    rows = modelformset_factory(
        model,
        form=form,
        formset=_BASES.get(model, BaseModelFormSet),
        extra=2,
        can_delete=True,
        can_delete_extra=False,
    )
    prefix = model._meta.model_name
    found = model._default_manager.filter(**scope.fields())
    return Part(title, rows(data, queryset=found, prefix=prefix), scope)


_BASES: dict[type[models.Model], type[FormSet]] = {OpeningHours: own.BaseHoursFormSet}


def _hours(data: Data, scope: Scope) -> list[Part]:
    organisation, rules = queries.organisation(), helpline.rules()
    return [
        _list(_("Each week"), OpeningHours, own.HoursForm, data, scope),
        _list(_("Holidays and other exceptions"), OpeningException, own.ExceptionForm, data, scope),
        Part(_("Closing"), own.ClosingForm(data, instance=rules, prefix="closing")),
        Part(_("Time zone"), own.ZoneForm(data, instance=organisation, prefix="zone")),
    ]


def _danger(data: Data, scope: Scope) -> list[Part]:
    organisation = queries.organisation()
    return [
        Part(_("On every page"), own.ExitForm(data, instance=organisation, prefix="exit")),
        _list(_("In other countries"), EmergencyLine, own.EmergencyForm, data, scope),
    ]


def _look(data: Data, _scope: Scope) -> list[Part]:
    organisation, rules = queries.organisation(), helpline.rules()
    return [
        Part(_("Name and title"), own.TitleForm(data, instance=organisation, prefix="title")),
        Part(_("Icon and colours"), own.LookForm(data, instance=rules, prefix="look")),
    ]


def _limits(data: Data, _scope: Scope) -> list[Part]:
    form = own.LimitsForm(data, instance=helpline.rules(), prefix="limits")
    return [Part(_("Limits and periods"), form)]


def _language(data: Data, scope: Scope) -> list[Part]:
    code = scope.language
    found = HelplineLanguage.objects.filter(pk=code).first()
    instance = found or HelplineLanguage(code=code, is_on=code in OURS)
    form = own.LanguageForm(data, instance=instance, prefix="language")
    return [Part(_("Texts"), form)]


def _others(data: Data, scope: Scope) -> list[Part]:
    return [_list(_("Other helplines"), OtherHelpline, own.OtherHelplineForm, data, scope)]


def _images(data: Data, scope: Scope) -> list[Part]:
    return [_list(_("Who removes pictures"), ImageService, own.ImageServiceForm, data, scope)]


def _ready(data: Data, scope: Scope) -> list[Part]:
    return [_list(_("Ready texts"), ReadyText, own.ReadyForm, data, scope)]


def _cards(data: Data, scope: Scope) -> list[Part]:
    return [_list(_("Information cards"), InformationCard, own.CardForm, data, scope)]


SECTIONS = {
    section.slug: section
    for section in (
        Section(
            "hours",
            _("Opening hours"),
            _("When somebody answers. Without any hours: day and night."),
            _hours,
            shows="coordination/_shows_hours.html",
        ),
        Section(
            "danger",
            _("Danger and leaving"),
            _("Whom she calls, and where she is after leaving quickly."),
            _danger,
        ),
        Section(
            "languages",
            _("Languages and texts"),
            _("Which languages visitors may choose, who reviewed them, and your words in them."),
            _language,
            by=("language",),
            shows="coordination/_shows_texts.html",
        ),
        Section(
            "helplines",
            _("Other helplines"),
            _("Where visitors can turn to when you are closed or full."),
            _others,
            by=("language",),
        ),
        Section(
            "images",
            _("Pictures online"),
            _("Who removes them, for each country: best those who are not sent the picture."),
            _images,
        ),
        Section(
            "ready",
            _("Ready texts"),
            _("What counsellors may put into a message, and change there."),
            _ready,
            by=("language", "topic"),
        ),
        Section(
            "cards",
            _("Information cards"),
            _("Short explanations that counsellors give as they stand."),
            _cards,
            by=("language", "topic"),
        ),
        Section(
            "look",
            _("Name and look"),
            _("What the visitor's tab shows, and the colour of links and buttons."),
            _look,
            shows="coordination/_shows_look.html",
        ),
        Section(
            "limits",
            _("Limits and periods"),
            _("How many may wait, what is published, how long things are kept."),
            _limits,
        ),
    )
}
