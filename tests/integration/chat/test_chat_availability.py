"""When a chat may begin, and what she is told when it may not."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from havenlight.chat import availability
from havenlight.chat.availability import Door
from havenlight.core.seal import keys
from havenlight.team.helpline_models import HouseRules, ImageService, InformationCard, OpeningHours
from havenlight.team.models import Epoch, Organisation
from tests.integration.live.wire import beginning

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation() -> None:
    """A helpline that was never told its hours: open day and night."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    team_key = keys.public_of(keys.new_key())
    Organisation.objects.create(
        name="Havenlight",
        emergency_number="112",
        exit_url="https://example.org/",
        time_zone="Europe/Amsterdam",
        default_language="nl",
        signing_key=team_key,
    )
    Epoch.objects.create(number=1, public=team_key, manifest="signed elsewhere")


def close() -> None:
    """Let the hours be one minute of a day that is not today or tomorrow."""
    later = (timezone.now().astimezone(AMSTERDAM) + timedelta(days=3)).weekday()
    OpeningHours.objects.create(weekday=later, opens_at=time(19), closes_at=time(22))


def fill() -> None:
    """Let one visitor wait, and no more than one be let in."""
    assert start().status_code == 200
    HouseRules.objects.create(queue_limit=1)


def start() -> object:
    """Ask for a chat, as the page does."""
    return Client(headers={"origin": "http://127.0.0.1:8000"}).post(
        "/chat/start", beginning(), content_type="application/json"
    )


@pytest.mark.parametrize(("shut", "door"), [(close, "closed"), (fill, "full")])
def test_no_chat_begins_while_the_helpline_is_shut(
    shut: Callable[[], None], door: str, client: Client
) -> None:
    shut()
    refused = start()
    assert (refused.status_code, refused.json()) == (409, {"code": door})
    answer = client.post("/plain/start", {"lang": "en"})
    assert (answer.status_code, answer["Location"]) == (303, "/en")
    assert not answer.cookies


def test_what_had_begun_may_be_asked_for_again_after_closing() -> None:
    begun = beginning()
    client = Client(headers={"origin": "http://127.0.0.1:8000"})
    assert client.post("/chat/start", begun, content_type="application/json").status_code == 200
    close()
    assert client.post("/chat/start", begun, content_type="application/json").status_code == 200


def test_the_page_says_when_it_opens_and_where_else_help_is(client: Client) -> None:
    close()
    page = client.get("/en").content.decode()
    assert "We are closed now" in page
    assert "at 19:00" in page
    assert 'href="/en/help"' in page
    assert 'href="tel:112"' in page
    # A message can be left, and nothing else begun.
    assert page.count("/plain/start") == page.count('name="letter"') == 1


def test_the_page_of_other_help_has_what_the_helpline_keeps_in_her_language(
    client: Client,
) -> None:
    InformationCard.objects.create(
        language="nl", topic="rights", title="Je recht", text="Eén.\n\n<b>Twee."
    )
    page = client.get("/nl/help").content.decode()
    assert "Je recht" in page
    assert "&lt;b&gt;Twee." in page
    assert "Je recht" not in client.get("/en/help").content.decode()


def test_the_page_says_why_no_picture_can_be_sent_and_who_removes_one(client: Client) -> None:
    ImageService.objects.create(
        name="Take It Down", address="https://takeitdown.ncmec.org/", taken="minor"
    )
    page = client.get("/nl/help").content.decode()
    assert 'id="images"' in page
    assert "Je kunt hier geen foto" in page
    assert 'href="https://takeitdown.ncmec.org/" rel="noreferrer"' in page
    assert "Je was op de foto nog geen 18." in page


def test_another_site_may_show_whether_we_are_open_and_nothing_else(client: Client) -> None:
    answer = client.get("/en/status")
    assert "The chat is open." in answer.content.decode()
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    close()
    assert "The chat is closed now." in client.get("/en/status").content.decode()
    assert "frame-ancestors 'none'" in client.get("/en")["Content-Security-Policy"]


def test_she_is_told_when_nobody_is_there_and_may_wait() -> None:
    assert availability.now().door is Door.NOBODY
    assert start().status_code == 200


@pytest.mark.parametrize(
    ("opens", "said"),
    [
        (datetime(2026, 11, 22, 19, 0, tzinfo=AMSTERDAM), "tonight at 19:00"),
        (datetime(2026, 11, 22, 13, 30, tzinfo=AMSTERDAM), "today at 13:30"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM), "tomorrow at 09:00"),
        (datetime(2026, 11, 25, 19, 0, tzinfo=AMSTERDAM), "Wednesday at 19:00"),
        (datetime(2026, 12, 26, 19, 0, tzinfo=AMSTERDAM), "26 December at 19:00"),
    ],
)
def test_a_time_is_said_as_people_say_it(opens: datetime, said: str) -> None:
    # Half past midnight in Amsterdam, where it is another day than in UTC.
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    with translation.override("en"):
        assert availability.when(opens, moment) == said
