"""The settings page: looked at before it is saved, told in the audit, refused with what to do."""

import re
from datetime import time
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from havenlight.audit import queries as audit
from havenlight.console.coordination.sections import SECTIONS
from havenlight.team import helpline, starting
from havenlight.team.codes import Role, Topic
from havenlight.team.helpline_models import (
    HelplineLanguage,
    HouseRules,
    InformationCard,
    OpeningHours,
)
from havenlight.team.languages import ALL
from havenlight.team.models import Member, Organisation
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

INPUT = re.compile(r"<(?:input|textarea|select|option)[^>]*>")


@pytest.fixture(autouse=True)
def _helpline() -> None:
    make_organisation("Europe/Amsterdam")
    starting.add()


def client_of(role: Role) -> Client:
    member = Member.objects.create(email=f"{role}@example.org", alias="Anna", role=role)
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def coordinator() -> Client:
    return client_of(Role.COORDINATOR)


def rows(prefix: str, *given: dict[str, str], initial: int = 0) -> dict[str, str]:
    """What a browser sends of a list of rows."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(given)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(given):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


HOURS = (
    rows("openinghours", {"weekday": "0", "opens_at": "19:00", "closes_at": "02:00"})
    | rows("openingexception", {"on": "2026-12-25", "why": "kerst"})
    | {"closing-closing_minutes": "45", "zone-time_zone": "Europe/Brussels"}
)
LIMITS = {
    "limits-queue_limit": "20",
    "limits-figures_threshold": "10",
    "limits-transcript_days": "60",
    "limits-registration_days": "1826",
    "limits-referral_days": "365",
    "limits-audit_days": "1826",
    "limits-backup_days": "30",
}


def look(client: Client, path: str, sent: dict[str, str]) -> tuple[str, str]:
    """The page with the preview, and what vouches for its having been seen."""
    page = unescape(client.post(path, sent | {"step": "look"}).content.decode())
    found = re.search(r'name="seen" value="([^"]+)"', page)
    return page, found[1] if found else ""


def save(client: Client, path: str, sent: dict[str, str]) -> HttpResponse:
    _, seen = look(client, path, sent)
    return client.post(path, sent | {"step": "save", "seen": seen})


def test_every_section_opens_for_coordinators_in_every_language_and_topic(
    coordinator: Client,
) -> None:
    index = coordinator.get("/desk/settings/").content.decode()
    paths = re.findall(r'href="(/desk/settings/[^"]+)"', index)
    many = {0: 1, 1: len(ALL), 2: len(ALL) * len(Topic)}
    assert len(paths) == sum(many[len(section.by)] for section in SECTIONS.values())
    for path in paths:
        # One language that is not ours stands for the others.
        if re.search(r"/(nl|en|ar)(/|$)|^[^/]*$", path.removeprefix("/desk/settings/")):
            assert coordinator.get(path).status_code == 200, path


def test_hours_are_shown_as_they_would_be_and_saved_only_then(coordinator: Client) -> None:
    page, seen = look(coordinator, "/desk/settings/hours", HOURS)
    assert re.search(r"19:00\s+– \S+ \d+ \S+ 02:00", page)
    assert "Europe/Brussels" in page
    assert not OpeningHours.objects.exists()
    assert Organisation.objects.get().time_zone == "Europe/Amsterdam"

    sent = HOURS | {"step": "save", "seen": seen}
    assert coordinator.post("/desk/settings/hours", sent).status_code == 302
    opening = helpline.opening()
    assert opening.week == {0: ((time(19), time(2)),)}
    assert opening.closing.total_seconds() == 45 * 60
    assert opening.zone.key == "Europe/Brussels"


def test_what_was_changed_after_looking_is_not_saved(coordinator: Client) -> None:
    _, seen = look(coordinator, "/desk/settings/limits", LIMITS)
    other = LIMITS | {"limits-queue_limit": "1", "step": "save", "seen": seen}
    answer = coordinator.post("/desk/settings/limits", other)
    assert answer.status_code == 200
    assert "after looking" in answer.content.decode()
    for forged in ("", "x", f"{seen}x"):
        assert (
            coordinator.post("/desk/settings/limits", other | {"seen": forged}).status_code == 200
        )
    assert helpline.queue_limit() is None


def test_a_save_is_one_line_that_tells_what_changed(coordinator: Client) -> None:
    save(coordinator, "/desk/settings/limits", LIMITS)
    (line,) = audit.rows(limit=5)
    assert (line.verb, line.kind, line.alias) == ("settled", "team.organisation", "Anna")
    assert line.reason.startswith("limits: ")
    assert "5 → 10" in line.reason
    audit.check([])


def test_the_threshold_only_goes_up(coordinator: Client) -> None:
    HouseRules.objects.create(figures_threshold=12)
    page, seen = look(coordinator, "/desk/settings/limits", LIMITS)
    assert "can only go up" in page
    assert not seen
    assert helpline.figures_threshold() == 12


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        (
            "danger",
            {"exit-emergency_number": "112", "exit-exit_url": "https://www.google.nl/"},
            "search engine",
        ),
        (
            "look",
            {"title-name": "X", "title-page_title": "Info", "look-accent_light": "#aaaaaa"},
            "too hard to read",
        ),
        (
            "hours",
            HOURS
            | rows(
                "openinghours",
                {"weekday": "0", "opens_at": "19:00", "closes_at": "02:00"},
                {"weekday": "1", "opens_at": "01:00", "closes_at": "03:00"},
            ),
            "lie over each other",
        ),
        (
            "hours",
            HOURS | rows("openingexception", {"on": "2026-12-25", "opens_at": "10:00"}),
            "Give both times",
        ),
        (
            "helplines/nl",
            rows("otherhelpline", {"position": "1", "name": "X", "what_for": "Y"}),
            "Give a number or a website",
        ),
        ("languages/nl", {"language-reviewed_by": "Bram"}, "Give both"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do_and_nothing_typed_is_lost(
    coordinator: Client, path: str, sent: dict[str, str], said: str
) -> None:
    page, seen = look(coordinator, f"/desk/settings/{path}", rows("emergencyline") | sent)
    assert said in page
    assert "Not saved yet" in page
    assert not seen
    typed = max(sent.values(), key=len)
    assert typed in page


def test_a_row_can_be_added_changed_and_removed_in_its_own_language_and_topic(
    coordinator: Client,
) -> None:
    path = "/desk/settings/cards/nl/images"
    (card,) = InformationCard.objects.filter(language="nl", topic="images")
    fields = {"id": str(card.pk), "title": card.title, "for_whom": "all", "text": "Kort."}
    new = {"title": "Nieuw", "for_whom": "self", "text": "Nieuwe kaart."}
    save(coordinator, path, rows("informationcard", fields, new, initial=1))
    found = InformationCard.objects.filter(language="nl", topic="images")
    assert {one.title: one.text for one in found} == {card.title: "Kort.", "Nieuw": "Nieuwe kaart."}

    save(coordinator, path, rows("informationcard", fields | {"DELETE": "on"}, initial=1))
    assert [one.title for one in found.all()] == ["Nieuw"]
    assert InformationCard.objects.filter(language="en").count() == 9


def test_a_row_of_another_language_cannot_be_reached(coordinator: Client) -> None:
    english = InformationCard.objects.filter(language="en", topic="images").get()
    fields = {"id": str(english.pk), "title": "X", "for_whom": "all", "text": "X", "DELETE": "on"}
    sent = rows("informationcard", fields, initial=1)
    save(coordinator, "/desk/settings/cards/nl/images", sent)
    assert InformationCard.objects.get(pk=english.pk).title == english.title


def test_own_words_are_shown_and_saved(coordinator: Client) -> None:
    sent = {"language-is_on": "on", "language-name": "Havenlicht"}
    page, _ = look(coordinator, "/desk/settings/languages/nl", sent)
    assert "Havenlicht" in page
    save(coordinator, "/desk/settings/languages/nl", sent)
    assert HelplineLanguage.objects.get(pk="nl").name == "Havenlicht"


MAY = {
    Role.COUNSELLOR: False,
    Role.COORDINATOR: True,
    Role.RESEARCHER: False,
    Role.ADMINISTRATOR: True,
}


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_to_the_helpline_comes_to_settings_and_audit(role: Role) -> None:
    client = client_of(role)
    expected = 200 if MAY[role] else 403
    for path in ("/desk/settings/", "/desk/settings/limits", "/desk/audit"):
        assert client.get(path).status_code == expected
        assert Client().get(path).status_code == 302
    answer = client.post("/desk/settings/limits", LIMITS)
    assert answer.status_code == expected


@pytest.mark.parametrize(
    "path", ["nothing", "hours/nl", "languages", "languages/xx", "ready/nl", "ready/nl/nothing"]
)
def test_a_section_that_is_not_there_is_not_found(coordinator: Client, path: str) -> None:
    assert coordinator.get(f"/desk/settings/{path}").status_code == 404


def test_the_audit_is_read_a_page_at_a_time_and_by_verb(coordinator: Client) -> None:
    save(coordinator, "/desk/settings/limits", LIMITS)
    page = coordinator.get("/desk/audit").content.decode()
    assert "settled" in page
    assert str(audit.head()) in page
    assert "No lines." in coordinator.get("/desk/audit?verb=none").content.decode()
    assert "No lines." in coordinator.get("/desk/audit?before=1").content.decode()
    assert coordinator.get("/desk/audit?before=x").status_code == 404
