"""From draft to public: who may do what, what stays, and what is never silent."""

import json
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from havenlight.audit.models import Entry
from havenlight.casework.codebook import Text
from havenlight.figures import from_cases
from havenlight.report import actions, asking, building, queries, signing
from havenlight.report.asking import Wanted, seed_of_edition
from havenlight.report.codes import Moved
from havenlight.report.edition import Edition
from havenlight.report.errors import (
    EditionRefused,
    LedgerMoved,
    NotAllowed,
    SamePerson,
    StepRefused,
)
from havenlight.report.models import EditionFile, StoredEdition, Told
from havenlight.report.packages import unzipped
from havenlight.report.signing import SIGNATURE, check, signed
from havenlight.report.states import TRANSITIONS, State
from havenlight.report.two_way import ROUNDED, SUPPRESSED, WAYS
from havenlight.team.codes import Role
from havenlight.team.models import Member
from havenlight.team.queries import organisation
from tests.integration.report.editions import (
    FILES,
    content_and_told,
    draft,
    frozen,
    make_member,
    signed_in,
)
from tests.unit.figures import counting

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher() -> Member:
    return make_member(Role.RESEARCHER)


@pytest.fixture
def coordinator() -> Member:
    return make_member(Role.COORDINATOR)


def test_an_edition_goes_from_draft_to_public_by_two_persons(
    researcher: Member, coordinator: Member
) -> None:
    edition = frozen(researcher, coordinator)
    assert Edition.from_json(edition.content).state == "frozen"
    actions.publish(edition, coordinator)
    found = StoredEdition.objects.get()
    assert (found.built_by, found.reviewed_by, found.published_by, found.state) == (
        researcher,
        coordinator,
        coordinator,
        State.PUBLISHED,
    )
    verbs = list(Entry.objects.values_list("verb", flat=True))
    assert verbs == [
        "built edition",
        "edition to review",
        "edition to frozen",
        "edition to published",
    ]


def test_who_built_it_cannot_approve_it(coordinator: Member) -> None:
    edition = draft(coordinator)
    actions.ask_review(edition, coordinator)
    with pytest.raises(SamePerson):
        actions.freeze(edition, actions.approved(edition), FILES, coordinator)
    page = signed_in(coordinator).post(f"/report/editions/{edition.pk.hex}/approve")
    assert page.status_code == HTTPStatus.BAD_REQUEST
    assert b"Somebody else must review it" in page.content


def test_a_researcher_cannot_publish(researcher: Member, coordinator: Member) -> None:
    edition = frozen(coordinator, researcher)
    with pytest.raises(NotAllowed):
        actions.publish(edition, researcher)
    page = signed_in(researcher).post(f"/report/editions/{edition.pk.hex}/publish")
    assert page.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("to", list(State))
def test_only_the_steps_of_the_table_are_taken(
    researcher: Member, coordinator: Member, state: State, to: State
) -> None:
    if to in TRANSITIONS[state]:
        return
    edition = StoredEdition(state=state, built_by=researcher)
    steps = {
        State.DRAFT: lambda: actions.send_back(edition, "no", coordinator),
        State.REVIEW: lambda: actions.ask_review(edition, researcher),
        State.FROZEN: lambda: actions.freeze(edition, "", FILES, coordinator),
        State.PUBLISHED: lambda: actions.publish(edition, coordinator),
    }
    if to in steps:
        with pytest.raises((StepRefused, EditionRefused)):
            steps[to]()
    # Its page is shown again with what was refused, and must not say that it was done.
    assert edition.published_by is None


def test_words_go_around_figures_and_no_number_changes(researcher: Member) -> None:
    edition = draft(researcher)
    before = Edition.from_json(edition.content)
    actions.remark(2021, Moved.CAMPAIGN, Text("Campagne in mei", "Campaign in May"), researcher)
    actions.write_around(edition, {"who": {"nl": "Zij zijn jong.", "en": ""}}, researcher)
    after = Edition.from_json(StoredEdition.objects.get().content)
    assert after.figures == before.figures
    assert after.words == {"who": {"nl": "Zij zijn jong.", "en": ""}}
    assert [note.text.en for note in after.notes] == ["Campaign in May"]
    page = signed_in(researcher).get(f"/report/editions/{edition.pk.hex}/report/nl")
    assert "Zij zijn jong." in page.content.decode()
    assert "Campagne in mei" in page.content.decode()
    with pytest.raises(EditionRefused, match="who holds a digit"):
        actions.write_around(edition, {"who": {"nl": "Wel ½.", "en": ""}}, researcher)


def test_words_stand_once_somebody_reviews_them(researcher: Member, coordinator: Member) -> None:
    edition = draft(researcher)
    actions.ask_review(edition, researcher)
    with pytest.raises(EditionRefused):
        actions.write_around(edition, {}, researcher)
    actions.send_back(edition, "Zeg meer over de zomer.", coordinator)
    page = signed_in(researcher).get(f"/report/editions/{edition.pk.hex}").content.decode()
    assert "Zeg meer over de zomer." in page


def test_what_is_approved_is_what_was_read(researcher: Member, coordinator: Member) -> None:
    edition = draft(researcher)
    actions.ask_review(edition, researcher)
    other = actions.approved(edition).replace("285", "286")
    with pytest.raises(EditionRefused):
        actions.freeze(edition, other, FILES, coordinator)


def test_a_draft_tells_already_and_another_that_did_not_know_is_refused(
    researcher: Member,
) -> None:
    nothing_known = queries.known()
    edition = draft(researcher)
    assert len(queries.known().parts) == 1
    built = actions.Built(2020, 0, *content_and_told(2021))
    with pytest.raises(LedgerMoved), transaction.atomic():
        actions.keep_draft(built, researcher, nothing_known)
    again = draft(researcher, again=edition)
    assert again.pk == edition.pk
    assert Told.objects.count() == 1
    actions.drop(again, researcher)
    assert not Told.objects.exists()


def test_what_is_built_again_keeps_its_way_and_noise_is_the_same_in_all(
    researcher: Member,
) -> None:
    edition = draft(researcher)
    wanted = Wanted(2021, 0, again=edition, chosen=SUPPRESSED)
    assert wanted.two_way == Edition.from_json(edition.content).rules["two_way"] == ROUNDED
    assert Wanted(2021, 0, chosen=SUPPRESSED).two_way == SUPPRESSED
    seeds = {way: {seed_of_edition(year, 0, 1, way) for year in (2020, 2021)} for way in WAYS}
    assert [len(seeds[way]) for way in WAYS] == [2, 2, 1]


def test_there_is_one_open_edition_of_a_period(researcher: Member) -> None:
    draft(researcher)
    with pytest.raises(EditionRefused, match="already"), transaction.atomic():
        draft(researcher)


def test_a_correction_says_what_was_wrong_and_the_first_stays_public(
    client: Client, researcher: Member, coordinator: Member
) -> None:
    first = frozen(researcher, coordinator)
    actions.publish(first, coordinator)
    second = draft(researcher, corrects=first)
    assert second.revision == 2
    corrects = Text("De leeftijd.", "The age.")
    # What was written around the figures goes along into the correction.
    words = {"intro": {"nl": "Zij vonden ons.", "en": "They found us."}}
    first.content = replace(Edition.from_json(first.content), words=words).to_json()
    asked = asking.for_build(Wanted(2021, 0, corrects=first, why=corrects)).asked
    about = json.loads(asked.partition(b"\n")[0])["about"]
    assert (about["words"], about["corrects"]["en"]) == (words, "The age.")
    second.content = replace(Edition.from_json(second.content), corrects=corrects).to_json()
    second.save()
    # Who reviews it reads what was wrong, in both languages, and comes from one to the other.
    reviewing = signed_in(coordinator)
    page = reviewing.get(f"/report/editions/{second.pk.hex}").content.decode()
    assert "De leeftijd." in page
    assert "The age." in page
    assert f"/report/editions/{first.pk.hex}" in page
    assert second.pk.hex in reviewing.get(f"/report/editions/{first.pk.hex}").content.decode()
    actions.ask_review(second, researcher)
    other = {**FILES, "report-nl.html": b"<p>286</p>"}
    actions.freeze(second, actions.approved(second), other, coordinator)
    # Another report came in between: from now on a later one takes the year as it was corrected.
    actions.publish(frozen(researcher, coordinator, year=2020), coordinator)
    actions.publish(second, coordinator)
    assert [each.corrects for each in queries.published()] == [None, None, corrects]
    first.refresh_from_db()
    assert first.state == State.CORRECTED
    page = client.get("/publications/", headers={"accept-language": "en"}).content.decode()
    assert "Do not use this one: it was corrected. Revision 2 took its place." in page
    assert client.get("/publications/2021/report-nl.html").content == b"<p>286</p>"
    assert b"285" in client.get("/publications/2021r1/report-nl.html").content


def test_only_what_is_published_is_public(
    client: Client, researcher: Member, coordinator: Member
) -> None:
    edition = frozen(researcher, coordinator)
    for path in ("2021/report-nl.html", "2021r1/report-nl.html", "2021/edition.json"):
        assert client.get(f"/publications/{path}").status_code == HTTPStatus.NOT_FOUND
    actions.publish(edition, coordinator)
    answer = client.get("/publications/2021/report-nl.html")
    policy = answer["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert not answer.cookies
    assert client.get("/publications/2021/report-nl.pdf")["Content-Type"] == "application/pdf"
    assert client.get("/publications/2021/../secret").status_code == HTTPStatus.NOT_FOUND


def test_everyone_gets_an_edition_in_one_file_and_the_key_to_check_it_with(
    client: Client, researcher: Member, coordinator: Member
) -> None:
    key = Ed25519PrivateKey.generate()
    edition = frozen(researcher, coordinator, {**FILES, SIGNATURE: signed(FILES, key)})
    assert client.get("/publications/2021r1/all.zip").status_code == HTTPStatus.NOT_FOUND
    actions.publish(edition, coordinator)
    answer = client.get("/publications/2021r1/all.zip")
    assert answer["Content-Type"] == "application/zip"
    public = check(unzipped(answer.content))
    assert f"--public-key {public}" in client.get("/publications/").content.decode()


def test_a_file_that_was_changed_by_hand_after_signing_is_told(
    researcher: Member, coordinator: Member, tmp_path: Path
) -> None:
    signature = signing.signed(FILES, signing.key_at(tmp_path / "key"))
    edition = frozen(researcher, coordinator, {**FILES, signing.SIGNATURE: signature})
    address = f"/report/editions/{edition.pk.hex}"
    assert (
        "Its files are as they were signed." in signed_in(researcher).get(address).content.decode()
    )
    EditionFile.objects.filter(name="report-nl.pdf").update(content=b"%PDF-1.7 other")
    page = signed_in(researcher).get(address).content.decode()
    assert "not as they were signed (report-nl.pdf was changed)" in page


PAGES = ("", "figures", "figures/minor", "explorer", "remarks")


@pytest.mark.parametrize("role", list(Role))
def test_only_who_makes_figures_comes_to_their_pages(role: Role) -> None:
    client = signed_in(make_member(role))
    expected = HTTPStatus.OK if role in {Role.RESEARCHER, Role.COORDINATOR} else 403
    for path in PAGES:
        assert client.get(f"/report/{path}").status_code == expected
        assert Client().get(f"/report/{path}").status_code == HTTPStatus.FOUND


def test_counts_before_control_are_for_coordinators_alone(
    researcher: Member, coordinator: Member
) -> None:
    counted = "before disclosure control"
    pages = [signed_in(each).get("/report/figures/minor") for each in (researcher, coordinator)]
    assert [counted in page.content.decode() for page in pages] == [False, True]
    growth = signed_in(coordinator).get("/report/figures/growth").content.decode()
    assert "the population of the year before" in growth
    assert "not in each of the years it is made from" in growth


def test_a_figure_goes_back_to_its_definition_and_to_what_was_printed(
    researcher: Member, coordinator: Member
) -> None:
    actions.publish(frozen(researcher, coordinator), coordinator)
    page = signed_in(researcher).get("/report/figures/still_exploited").content.decode()
    assert "still_going_on any of" in page
    assert "75%" in page
    assert signed_in(researcher).get("/report/figures/nothing").status_code == 404


def test_what_is_not_there_is_a_404(researcher: Member) -> None:
    client = signed_in(researcher)
    missing = uuid4().hex
    assert client.get(f"/report/editions/{missing}").status_code == HTTPStatus.NOT_FOUND
    edition = draft(researcher)
    for path in ("report/de", "secret/nl", "files/edition.json"):
        answer = client.get(f"/report/editions/{edition.pk.hex}/{path}")
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_what_the_command_tells_from_the_database_is_in_its_ledger(
    researcher: Member, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    there = counting.registrations(list(counting.simulated(2021)), tmp_path)
    monkeypatch.setattr(from_cases, "read", lambda *_, **__: there)
    monkeypatch.setattr(building, "files", lambda edition, _: {"edition.json": edition.to_json()
                                                               .encode()})  # fmt: skip
    build = ("report", "build", "--year", "2021", "--database", "--out")
    call_command(*build, str(tmp_path / "first"))
    (told,) = Told.objects.all()
    assert Entry.objects.get().reason == "2021 r1 by command"
    made = Edition.from_json((tmp_path / "first/edition.json").read_text("utf-8"))
    assert made.organisation == organisation().name
    with pytest.raises(EditionRefused, match="--revision"):
        call_command(*build, str(tmp_path / "second"))
    with pytest.raises(LedgerMoved):
        actions.keep_draft(
            actions.Built(2021, 0, *content_and_told(2021)), researcher, queries.Known({})
        )
    assert list(Told.objects.all()) == [told]
    assert not (tmp_path / "second").exists()


def test_the_command_takes_a_year_as_a_page_published_it_and_not_as_it_is_now(
    researcher: Member, coordinator: Member, tmp_path: Path, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.DATA_DIR = tmp_path
    actions.publish(frozen(researcher, coordinator, year=2020), coordinator)
    # One whom 2020 counted has objected since: a second count beside the first would tell of her.
    there = counting.registrations(list(counting.simulated(2020, 2021)[1:]), tmp_path)
    monkeypatch.setattr(from_cases, "read", lambda *_, **__: there)
    monkeypatch.setattr(building, "files", lambda edition, _: {"edition.json": edition.to_json()
                                                               .encode()})  # fmt: skip
    call_command("report", "build", "--year", "2021", "--database", "--out", str(tmp_path / "out"))
    made = Edition.from_json((tmp_path / "out/edition.json").read_text("utf-8"))
    (public,) = queries.published()
    for name, figure in public.figures.items():
        if 2020 in figure.values:
            assert made.figures[name].values[2020] == figure.values[2020]
            assert made.figures[name].rows.get(2020) == figure.rows.get(2020)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quarter": 5}, "a_year_has_four_quarters"),
        ({"revision": 2}, "a_revision_corrects_an_edition"),
        ({"state": State.FROZEN}, "frozen_by_a_reviewer_at_some_time"),
        ({"reviewed_by": "self", "reviewed_at": "now", "state": State.FROZEN}, "somebody_else"),
        (
            {"reviewed_by": "other", "reviewed_at": "now", "state": State.PUBLISHED},
            "published_by_someone_at_some_time",
        ),
    ],
)
def test_the_database_refuses_what_no_workflow_makes(
    researcher: Member, coordinator: Member, wrong: dict[str, object], said: str
) -> None:
    people = {"self": researcher, "other": coordinator, "now": timezone.now()}
    given = {name: people.get(value, value) for name, value in wrong.items()}  # type: ignore[call-overload]
    with pytest.raises(IntegrityError, match=said):
        StoredEdition.objects.create(
            year=2021, built_by=researcher, simulated=True, content="{}", **given
        )
