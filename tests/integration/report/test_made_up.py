"""Made-up persons: kept with what they cost, never made twice, and never past the end."""

import io
import json
import zipfile
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from havenlight.audit.models import Entry
from havenlight.report import actions, asking, wording, worker
from havenlight.report.actions import MadePersons
from havenlight.report.errors import BudgetSpent, LedgerMoved
from havenlight.report.models import MadeUp
from havenlight.report.recipes import Recipe
from havenlight.team.codes import Role
from havenlight.team.models import Member
from tests.integration.report.editions import make_member, signed_in

pytestmark = pytest.mark.django_db

RECIPE = Recipe((2019, 2020, 2021), ("gender", "age_band"), 2.0, simulated=True)
UTILITY = "variable,other_variable,largest_error_persons,moved_share\ngender,age_band,75,0.1\n"
MADE = MadePersons(1_204, {"persons.csv": b"gender\n", "utility.csv": UTILITY.encode()})
ASKED = {"first": 2019, "last": 2021, "epsilon": "2.0", "variables": ["gender", "age_band"]}


@pytest.fixture
def researcher() -> Member:
    return make_member(Role.RESEARCHER)


@pytest.fixture
def kept(researcher: Member) -> MadeUp:
    return actions.keep_made_up(RECIPE, dict.fromkeys(RECIPE.years, 2.0), MADE, researcher)


def test_a_file_is_kept_with_its_cost_and_given_to_who_may_have_it(
    kept: MadeUp, researcher: Member
) -> None:
    line = Entry.objects.latest("pk")
    assert (line.verb, line.reason) == ("made up persons", "2019 2020 2021, epsilon 2")
    page = signed_in(researcher).get(reverse("report:made-up")).content.decode()
    assert "2 of 3" in page
    assert "1204 made-up persons, epsilon 2." in page
    address = reverse("report:made-up-file", args=[kept.place])
    answer = signed_in(researcher).get(address)
    assert zipfile.ZipFile(io.BytesIO(answer.content)).read("persons.csv") == b"gender\n"
    stranger = signed_in(make_member(Role.COUNSELLOR))
    assert stranger.get(address).status_code != HTTPStatus.OK


def test_where_nobody_is_registered_the_page_says_so(researcher: Member) -> None:
    page = signed_in(researcher).get(reverse("report:made-up")).content.decode()
    assert "Nobody is registered yet" in page
    assert reverse("report:make-up") not in page


def test_the_same_choices_give_the_same_file_and_more_than_is_left_is_refused(
    kept: MadeUp, researcher: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("havenlight.casework.registrations.years", lambda **_: list(RECIPE.years))
    client, address = signed_in(researcher), reverse("report:make-up")
    again = client.post(address, ASKED)
    assert again.headers["Location"].endswith(f"#file-{kept.place}")
    other = client.post(address, {**ASKED, "variables": ["gender", "perpetrators"]})
    assert other.status_code == HTTPStatus.BAD_REQUEST
    assert "There is epsilon 1 left for those first seen in 2019" in other.content.decode()
    assert MadeUp.objects.count() == 1


def test_nothing_is_kept_past_the_end_or_with_a_sum_that_is_no_longer_true(
    kept: MadeUp, researcher: Member
) -> None:
    more = Recipe((2021, 2022), ("gender", "age_band"), 1.5, simulated=True)
    with pytest.raises(BudgetSpent):
        actions.keep_made_up(more, {2021: 1.5, 2022: 1.5}, MADE, researcher)
    less = Recipe((2021,), ("gender", "age_band"), 1.0, simulated=True)
    with pytest.raises(LedgerMoved):
        actions.keep_made_up(less, {2021: 1.0}, MADE, researcher)
    real = Recipe((2021,), ("gender", "age_band"), 3.0, simulated=False)
    actions.keep_made_up(real, {2021: 3.0}, MADE, None)
    with (
        pytest.raises(IntegrityError, match="made_up_persons_cost_something"),
        transaction.atomic(),
    ):
        MadeUp.objects.filter(pk=kept.pk).update(epsilon=0)


def test_who_makes_them_says_when_there_are_too_few(
    researcher: Member, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line, arrays = asking.for_made_up(RECIPE, {2019: 2.0}).split(b"\n", 1)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(arrays)))
    worker.VERBS["make up"](json.loads(line))
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last == {"event": "refused", "reason": "few", "about": "0"}
    assert "1,000" in wording.refusal(last["reason"], last["about"])
