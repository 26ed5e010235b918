"""What others may read of what the helpline settled for itself, as typed rows.

Coordinators change it on the page at `/desk/settings/`; what nobody changed is as Havenlight comes.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from havenlight.team import queries
from havenlight.team.codes import Icon
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
from havenlight.team.languages import ALL, OURS
from havenlight.team.opening import ALWAYS, Hours, Opening

_PATHS = {
    Icon.BOOK: "M3 3h6v11H3zM9 3h4v11H9z",
    Icon.CLOUD: "M4 12a3 3 0 0 1 0-6 4 4 0 0 1 8 1 2.5 2.5 0 0 1 0 5z",
    Icon.LEAF: "M3 13C3 6 7 3 13 3c0 6-3 10-10 10z",
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The helpline's own words in one language; empty where Havenlight's own are to be said."""

    name: str
    page_title: str
    heading: str
    lead: str
    closed_text: str
    full_text: str
    goodbye: str


@dataclass(frozen=True, slots=True)
class Line:
    """Whom to call in danger in another country; `country` is two capitals (ISO 3166)."""

    country: str
    number: str


@dataclass(frozen=True, slots=True)
class Helpline:
    """Another service; it has a number, an address, or both."""

    name: str
    what_for: str
    number: str
    address: str


@dataclass(frozen=True, slots=True)
class Remover:
    """A service that removes pictures. `taken` is in words; `country` is empty for all."""

    country: str
    name: str
    address: str
    taken: str
    without_upload: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready text; `topic` is one of `codes.Topic`."""

    id: int
    language: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """An information card; `topic` is one of `codes.Topic`, `for_whom` one of `codes.CardFor`."""

    id: int
    language: str
    topic: str
    for_whom: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days each kind of thing is kept."""

    transcript_days: int
    notes_days: int
    """Of what is beside a transcript; never longer than that."""
    contact_days: int
    registration_days: int
    referral_days: int
    audit_days: int
    backup_days: int


def rules() -> HouseRules:
    """What holds for the whole helpline, as settled or else as it comes."""
    return HouseRules.objects.first() or HouseRules()


def queue_limit() -> int | None:
    """How many may wait at the same time; None for any number."""
    return rules().queue_limit


def capacity() -> int:
    """How much a member may have in hand at once, unless she has a number of her own."""
    return rules().capacity or settings.CAPACITY


def wrap_up_seconds() -> int:
    """How long a conversation that has ended keeps its place, unless it is finished."""
    minutes = rules().wrap_up_minutes
    return settings.WRAP_UP_SECONDS if minutes is None else minutes * 60


def figures_threshold() -> int:
    """The smallest count of persons that may be published; at least 5."""
    return rules().figures_threshold


def retention() -> Retention:
    """For how long things are kept."""
    found = rules()
    return Retention(
        found.transcript_days,
        min(found.notes_days or settings.NOTES_DAYS, found.transcript_days),
        found.contact_days or settings.CONTACT_DAYS,
        found.registration_days,
        found.referral_days,
        found.audit_days,
        found.backup_days,
    )


def languages() -> list[tuple[str, str]]:
    """Code and own name of each language that visitors may choose, the organisation's first."""
    settled = dict(HelplineLanguage.objects.values_list("code", "is_on"))
    first = queries.organisation().default_language
    on = [(code, name) for code, name in ALL.items() if settled.get(code, code in OURS)]
    return sorted(on, key=lambda language: language[0] != first)


def texts(language: str) -> Texts:
    """The helpline's own words in `language`."""
    organisation = queries.organisation()
    found = HelplineLanguage.objects.filter(code=language).first() or HelplineLanguage()
    return Texts(
        found.name or organisation.name,
        found.page_title or organisation.page_title,
        found.heading,
        found.lead,
        found.closed_text,
        found.full_text,
        found.goodbye,
    )


def opening() -> Opening:
    """When the helpline is open; day and night while no hours were ever given."""
    week: dict[int, tuple[Hours, ...]] = defaultdict(tuple)
    for row in OpeningHours.objects.all():
        week[row.weekday] += ((row.opens_at, row.closes_at),)
    # What ended days ago makes no difference any more.
    lately = timezone.now().date() - timedelta(days=3)
    exceptions: dict[date, Hours | None] = {}
    for closed in OpeningException.objects.filter(on__gte=lately):
        begin, end = closed.opens_at, closed.closes_at
        exceptions[closed.on] = (begin, end) if begin is not None and end is not None else None
    return Opening(
        ZoneInfo(queries.organisation().time_zone),
        week or ALWAYS,
        exceptions,
        timedelta(minutes=rules().closing_minutes),
    )


def emergency_lines() -> list[Line]:
    """Whom to call in other countries; the organisation's own number is on every page."""
    return [Line(row.country, row.number) for row in EmergencyLine.objects.all()]


def other_helplines(language: str) -> list[Helpline]:
    """Other services as told in `language`, in the order that the helpline chose."""
    rows = OtherHelpline.objects.filter(language=language)
    return [Helpline(row.name, row.what_for, row.number, row.address) for row in rows]


def image_services() -> list[Remover]:
    """Who removes pictures; those who are not sent the picture first."""
    return [
        Remover(row.country, row.name, row.address, row.get_taken_display(), row.without_upload)
        for row in ImageService.objects.all()
    ]


def ready_texts() -> list[Ready]:
    """All ready texts, by language and topic."""
    rows = ReadyText.objects.all()
    return [Ready(row.pk, row.language, row.topic, row.text) for row in rows]


def cards() -> list[Card]:
    """All information cards, by language and topic."""
    return [
        Card(row.pk, row.language, row.topic, row.for_whom, row.title, row.text)
        for row in InformationCard.objects.all()
    ]


def icon() -> str:
    """The icon of the visitor's tab as a data: address; a blank one unless one was chosen."""
    path = _PATHS.get(Icon(chosen)) if (chosen := rules().icon) else None
    shape = f"%3Cpath fill='%23667' d='{path}'/%3E" if path else ""
    svg = f"%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E{shape}%3C/svg%3E"
    return f"data:image/svg+xml,{svg}"


def theme_css() -> str:
    """The helpline's colours for the visitor's pages as CSS; empty while none were chosen."""
    found = rules()
    css = f":root{{--accent:{found.accent_light}}}" if found.accent_light else ""
    if found.accent_dark:
        css += f"@media (prefers-color-scheme:dark){{:root{{--accent:{found.accent_dark}}}}}"
    elif css:
        # The light accent must not be what a dark page falls back to.
        css = f"@media (prefers-color-scheme:light){{{css}}}"
    return css
