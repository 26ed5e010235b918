"""The researcher's page by HTTP: who may open it, what is refused, what is found and not kept."""

import asyncio
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from havenlight.figures import work
from havenlight.team.codes import Role
from havenlight.team.models import Member, Organisation

ADDRESS = "/figures/estimation"
TABLE = "A,B,C,count\n1,0,0,50\n0,1,0,40\n1,1,0,12\n0,0,1,30\n1,0,1,9\n0,1,1,8\n1,1,1,3\n"
YEARS = "year,A,B,count\n" + "".join(
    f"{year},{row}\n" for year in (2020, 2021) for row in ("1,0,40", "0,1,50", "1,1,25")
)
QUICK = {
    "table": TABLE,
    "strata": "",
    "strata_method": "stepwise",
    "methods": ["independent"],
    "level": "0.90",
    "resamples": "20",
    "seed": "3",
}


@pytest.fixture(autouse=True)
def _static_files() -> None:
    """WhiteNoise asks for the folder, though nothing of it is served here."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def member(db: None) -> Callable[[Role], Client]:
    """Signs in somebody of a role."""
    Organisation.objects.create(name="Havenlight", signing_key=b"")

    def sign_in(role: Role) -> Client:
        client = Client()
        client.force_login(Member.objects.create(email=f"{role}@example.org", role=role))
        return client

    return sign_in


@pytest.fixture
def researcher(member: Callable[[Role], Client]) -> Client:
    """A browser at which the researcher has signed in."""
    return member(Role.RESEARCHER)


def read(response: HttpResponseBase) -> str:
    """Read an answer to its end, as a browser does."""
    assert response.status_code == 200
    if not isinstance(response, StreamingHttpResponse):
        return response.content.decode()  # type: ignore[attr-defined]

    async def gather() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return asyncio.run(gather()).decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.RESEARCHER, 200),
        (Role.COORDINATOR, 200),
        (Role.COUNSELLOR, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_who_makes_figures_may(
    member: Callable[[Role], Client], role: Role, status: int, method: str
) -> None:
    assert getattr(member(role), method)(ADDRESS).status_code == status


def test_who_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    response = client.post(ADDRESS, QUICK)
    assert response.status_code == 302
    assert response["Location"].startswith("/team/sign-in")


def test_a_form_of_another_site_is_refused(researcher: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = researcher.cookies
    assert strict.post(ADDRESS, QUICK).status_code == 403


def test_an_estimate_comes_with_its_verdict_and_is_written_nowhere(researcher: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = read(researcher.post(ADDRESS, QUICK))
    assert not [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "SAVEPOINT"))]
    assert page.index('class="step"') < page.index('class="verdict') < page.index("<table>")
    assert "152 persons were seen by at least one of the lists A, B, C." in page
    assert "90% intervals" in page
    assert page.count("<svg") == 4
    assert 'download="estimate.json"' in page
    assert page.rstrip().endswith("</html>")
    assert "A,B,C,count" not in str([session.get_decoded() for session in Session.objects.all()])


def test_the_page_is_in_dutch_to_who_reads_dutch(researcher: Client) -> None:
    page = read(researcher.post(ADDRESS, QUICK, headers={"accept-language": "nl"}))
    assert "152 personen zijn gezien door ten minste één van de lijsten A, B, C." in page
    assert "Wat elk model zegt" in page


def test_strata_are_estimated_with_their_total(researcher: Client) -> None:
    page = read(researcher.post(ADDRESS, {**QUICK, "table": YEARS, "strata": "year"}))
    assert '<th scope="row">2020' in "".join(page.split("\n")).replace("  ", "")
    assert "total" in page


def test_a_refused_table_is_told_by_row_and_loses_nothing(researcher: Client) -> None:
    table = "A,B,count\n1,0,5\n0,0,3\n"
    page = read(researcher.post(ADDRESS, {**QUICK, "table": table, "seed": "77"}))
    assert "Row 3: no list saw these persons, so nobody can have counted them." in page
    assert 'aria-invalid="true"' in page
    assert table in page
    assert 'value="77"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"table": ""},
        {"methods": []},
        {"methods": ["guess"]},
        {"level": "95"},
        {"resamples": "100000"},
        {"seed": "-1"},
        {"strata": "year", "resamples": "0"},
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_work(
    researcher: Client, wrong: dict[str, object]
) -> None:
    response = researcher.post(ADDRESS, {**QUICK, **wrong})
    assert not response.streaming
    assert "errorlist" in read(response)


def test_a_table_that_is_too_large_is_refused(researcher: Client) -> None:
    assert researcher.post(ADDRESS, {**QUICK, "table": "1" * 20_000}).status_code == 400


def test_no_more_is_worked_on_than_the_machine_bears() -> None:
    asked = work.Asked(TABLE, (), ("independent",), 0.95, 0, 1)

    async def one_too_many() -> list[work.Event]:
        begun = [work.estimating(asked) for _ in range(work.MOST_AT_ONCE + 1)]
        first = [await anext(one) for one in begun]
        for one in begun:
            await one.aclose()
        return [first[-1], await anext(again := work.estimating(asked)), await again.aclose()]

    refused, begun_again, _ = asyncio.run(one_too_many())
    assert isinstance(refused, work.Busy)
    assert isinstance(begun_again, work.Progress)


@pytest.mark.parametrize(
    ("role", "address"), [(Role.RESEARCHER, ADDRESS), (Role.COUNSELLOR, "/desk/")]
)
def test_signing_in_leads_to_where_the_role_works(db: None, role: Role, address: str) -> None:
    someone = Member(email="someone@example.org", role=role)
    someone.set_password("a password of hers")
    someone.save()
    types = {"login": someone.email, "password": "a password of hers"}
    assert Client().post("/team/sign-in", types)["Location"] == address
