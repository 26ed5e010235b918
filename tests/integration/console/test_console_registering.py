"""From a conversation to a registration: whose it is, which case, drafts, and being asked twice."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.utils import timezone

from havenlight.casework import registrations
from havenlight.casework.models import Case, ContactYear, Registration
from havenlight.chat.errors import StepRefused
from havenlight.chat.models import Conversation, Thread
from havenlight.chat.states import By, State
from havenlight.console import taking
from havenlight.console.models import Draft
from havenlight.core.ids import new_id
from havenlight.team.codes import Role
from havenlight.team.models import Member, Organisation

pytestmark = pytest.mark.django_db

HERS = {"contact_kind": "help", "role": "victim", "help_question": ["trafficking"]}
Post = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def anna() -> Member:
    # Where static files would be collected; a page is made without them.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    Organisation.objects.create(
        name="Havenlight",
        time_zone="Europe/Amsterdam",
        default_language="nl",
        signing_key=bytes(65),
        is_demo=True,
    )
    make_member("Bram")
    return make_member("Anna")


def make_member(alias: str) -> Member:
    return Member.objects.create(
        email=f"{alias.lower()}@example.org", alias=alias, role=Role.COUNSELLOR
    )


def poster(member: Member) -> Post:
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    client.force_login(member)

    def post(path: str, **fields: object) -> tuple[int, dict[str, object]]:
        answer = client.post(f"/desk/{path}", fields, content_type="application/json")
        return answer.status_code, json.loads(answer.content or b"{}")

    return post


@pytest.fixture
def post(anna: Member) -> Post:
    """Posts as Anna."""
    return poster(anna)


def make_ended(member: Member, thread: Thread | None = None) -> Conversation:
    now = timezone.now()
    return Conversation.objects.create(
        id=uuid4(),
        thread=thread or Thread.objects.create(),
        language="nl",
        epoch=1,
        tab_check=bytes(32),
        state=State.ENDED,
        counsellor=member,
        accepted_at=now,
        ended_at=now,
        ended_by=By.VISITOR,
    )


def finish(post: Post, conversation: Conversation, **fields: object) -> tuple[int, object]:
    given = {"draft": new_id(), "codebook": "2026-1", "answers": HERS, "person": None}
    return post(f"conversations/{conversation.pk.hex}/register", **given | fields)


def keep(post: Post, conversation: Conversation, draft: str, version: int, sealed: str) -> object:
    path = f"conversations/{conversation.pk.hex}/draft"
    return post(path, draft=draft, version=version, epoch=1, sealed=sealed)


def test_what_is_not_registered_is_on_her_list_and_nobody_elses(anna: Member, post: Post) -> None:
    conversation = make_ended(anna)
    status, answer = post("registrations")
    assert status == 200
    assert [one["conv"] for one in answer["unfinished"]] == [conversation.pk.hex]  # type: ignore[attr-defined]
    assert poster(Member.objects.get(alias="Bram"))("registrations")[1]["unfinished"] == []
    assert finish(post, conversation)[0] == 200
    assert post("registrations")[1]["unfinished"] == []


def test_the_same_finishing_asked_twice_registers_once(anna: Member, post: Post) -> None:
    conversation, draft = make_ended(anna), new_id()
    keep(post, conversation, draft, 1, "AAAA")
    for _ in range(2):
        assert finish(post, conversation, draft=draft)[0] == 200
    assert Registration.objects.get().pk == UUID(draft)
    assert not Draft.objects.exists()
    # What was on its way when she finished is answered, and kept no more.
    assert keep(post, conversation, draft, 2, "AAAA") == (200, {"version": 2})
    assert not Draft.objects.exists()


def test_who_comes_back_in_her_thread_is_the_same_case(anna: Member, post: Post) -> None:
    first = make_ended(anna)
    finish(post, first)
    again = make_ended(anna, first.thread)
    (told,) = post("registrations")[1]["unfinished"]  # type: ignore[misc]
    assert len(told["cases"]) == 1
    finish(post, again)
    assert Case.objects.count() == 1
    finish(post, again, person="new")
    assert Case.objects.count() == 2
    (case, _) = Case.objects.order_by("made_at")
    finish(post, again, person=case.pk.hex)
    assert case.registrations.count() == 3


def test_the_year_ends_at_midnight_of_the_helpline(anna: Member, post: Post) -> None:
    # Half past midnight in Amsterdam, where it is winter: still the old year in UTC.
    thread = Thread.objects.create(started_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    finish(post, make_ended(anna, thread))
    assert not list(registrations.persons(2025, simulated=False))
    (person,) = registrations.persons(2026, simulated=False)
    assert person.is_victim


def held() -> dict[int, int | None]:
    """Of the one person there is, how many conversations she had in each year."""
    return {
        year: one
        for year in (2025, 2026)
        for one in registrations.conversations(year).values()
        if one != 0
    }


def moved(conversation: Conversation, **values: object) -> Conversation:
    Conversation.objects.filter(pk=conversation.pk).update(**values)
    return conversation


def test_every_conversation_is_counted_in_its_year_registered_or_not(
    anna: Member, post: Post
) -> None:
    # Nobody answered her first one; her last one was in the new year of the helpline alone.
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    thread = Thread.objects.create(started_at=datetime(2025, 6, 1, tzinfo=UTC))
    moved(make_ended(anna, thread), accepted_at=None, counsellor=None, state=State.ABANDONED)
    finish(post, moved(make_ended(anna, thread), started_at=new_year))
    assert held() == {2025: 1, 2026: 1}
    waiting = {"accepted_at": None, "counsellor": None, "ended_at": None, "ended_by": None}
    again = moved(make_ended(anna, thread), state=State.WAITING, started_at=new_year, **waiting)
    taking.accept(anna, again.pk)
    assert held() == {2025: 1, 2026: 2}
    with pytest.raises(StepRefused):
        taking.accept(anna, again.pk)
    assert held() == {2025: 1, 2026: 2}
    # As a migration counts it from what chat kept.
    counted = set(ContactYear.objects.values_list("year", "conversations"))
    ContactYear.objects.all().delete()
    migration = import_module("havenlight.console.migrations.0004_conversations_of_before")
    migration.count(apps, None)
    assert set(ContactYear.objects.values_list("year", "conversations")) == counted


def test_practice_is_never_registered(anna: Member, post: Post) -> None:
    conversation = make_ended(anna)
    Conversation.objects.filter(pk=conversation.pk).update(is_practice=True)
    assert post("registrations")[1]["unfinished"] == []
    assert finish(post, conversation) == (404, {"code": "unknown"})


def test_an_older_draft_never_takes_the_place_of_a_newer(anna: Member, post: Post) -> None:
    conversation, draft = make_ended(anna), new_id()
    assert keep(post, conversation, draft, 2, "AAEC") == (200, {"version": 2})
    assert keep(post, conversation, draft, 1, "AAAA") == (200, {"version": 2})
    assert bytes(Draft.objects.get().sealed) == b"\0\1\2"


def test_a_colleague_reaches_neither_conversation_nor_draft(anna: Member, post: Post) -> None:
    conversation, draft = make_ended(anna), new_id()
    keep(post, conversation, draft, 1, "AAAA")
    bram = Member.objects.get(alias="Bram")
    unknown = (404, {"code": "unknown"})
    his = poster(bram)
    assert finish(his, conversation) == keep(his, conversation, draft, 5, "AAEC") == unknown
    assert keep(his, make_ended(bram), draft, 5, "AAEC") == unknown
    his("drafts/drop", draft=draft)
    assert Draft.objects.exists()
    post("drafts/drop", draft=draft)
    assert not Draft.objects.exists()


def test_answers_outside_the_codebook_leave_everything_as_it_was(anna: Member, post: Post) -> None:
    conversation, draft = make_ended(anna), new_id()
    keep(post, conversation, draft, 1, "AAAA")
    for bad in (
        {"answers": HERS | {"age": 300}},
        {"answers": HERS | {"contacted_on": "2999-01-01"}},
        {"answers": []},
        {"codebook": "1999-1"},
        {"person": 7},
    ):
        assert finish(post, conversation, draft=draft, **bad) == (400, {"code": "malformed"})
    assert finish(post, conversation, draft=draft, person=new_id())[0] in {200, 404}
    assert keep(post, conversation, new_id(), 0, "AAAA") == (400, {"code": "malformed"})
    assert keep(post, conversation, new_id(), 1, "!") == (400, {"code": "malformed"})
    assert keep(post, conversation, new_id(), 1, "A" * 11_000) == (413, {"code": "too_large"})


@pytest.mark.parametrize("role", Role)
def test_only_who_counsels_registers(anna: Member, role: Role) -> None:
    conversation = make_ended(anna)
    Member.objects.filter(pk=anna.pk).update(role=role)
    anna.refresh_from_db()
    status = finish(poster(anna), conversation)[0]
    assert status == (200 if role in {Role.COUNSELLOR, Role.COORDINATOR} else 404)
