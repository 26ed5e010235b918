"""Coming in: by a link, by password and code, by recovery code; and how a refusal is told."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from havenlight.site.management.commands import init
from havenlight.team import members, ways_in
from havenlight.team.codes import Role
from havenlight.team.entrance_models import Attempt, Invitation, MemberSession
from havenlight.team.errors import MemberRefused
from havenlight.team.models import Member, Organisation
from tests.integration.organisation import make_organisation

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough word"


@pytest.fixture(autouse=True)
def real(settings: Any) -> None:
    """No demo: a second factor is asked."""
    cache.clear()
    make_organisation()
    settings.DEMO = False


@pytest.fixture
def link() -> str:
    """The token by which Dewi may join."""
    by = Member.objects.create(email="c@example.org", alias="C", role=Role.COORDINATOR)
    return members.invite("dewi@example.org", "Dewi", Role.COUNSELLOR, by).token


def code_for(secret: str, steps: int = 0) -> str:
    """What an app shows now, or so many half minutes later."""
    counter = int(time.time()) // 30 + steps
    return format_hotp_value(hotp_value(secret.replace(" ", ""), counter))


def joined(token: str) -> tuple[Client, str, list[str]]:
    """A browser in which the link was followed, the secret of the app, and the recovery codes."""
    client = Client()
    assert client.post("/team/join", {"token": token})["Location"] == "/team/joining"
    secret = client.get("/team/joining").context["app"].secret
    types = {"password": PASSWORD, "again": PASSWORD, "code": code_for(secret)}
    answer = client.post("/team/joining", types)
    return client, secret, answer.context["codes"]


def first_step(password: str = PASSWORD, email: str = "dewi@example.org") -> tuple[Client, Any]:
    client = Client(headers={"Origin": settings.ORIGINS[0]})
    return client, client.post("/team/sign-in", {"login": email, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/team/account").status_code == 200


def test_a_link_leads_in_and_its_token_is_in_no_address_of_ours(link: str) -> None:
    client, _, codes = joined(link)
    assert len(codes) == 10
    assert is_in(client)
    assert client.get("/team/onward")["Location"] == "/desk/"
    again = Client().post("/team/join", {"token": link})
    assert (again.status_code, "does not work any more" in again.text) == (404, True)
    assert not Invitation.objects.exists()


def test_what_she_chooses_is_checked_before_the_link_is_used(link: str) -> None:
    client = Client()
    client.post("/team/join", {"token": link})
    secret = client.get("/team/joining").context["app"].secret
    for wrong in (
        {"password": "short", "again": "short", "code": code_for(secret)},
        {"password": PASSWORD, "again": "another long word", "code": code_for(secret)},
        {"password": PASSWORD, "again": PASSWORD, "code": "000"},
        {"credential": "{}"},
    ):
        assert client.post("/team/joining", wrong).status_code == 200
    # What the app was given is still what is asked for.
    types = {"password": PASSWORD, "again": PASSWORD, "code": code_for(secret)}
    assert client.post("/team/joining", types).context["codes"]


def test_a_password_alone_shows_nothing_and_a_code_opens_once(link: str) -> None:
    _, secret, _ = joined(link)
    client, answer = first_step()
    assert answer["Location"] == "/team/second-step"
    assert not is_in(client)
    assert client.post("/desk/token", {}, content_type="application/json").json() == {
        "code": "token"
    }
    assert client.post("/team/second-step", {"code": "000000"}).status_code == 200
    code = code_for(secret, 1)
    assert client.post("/team/second-step", {"code": code})["Location"] == "/desk/"
    assert is_in(client)
    other, _ = first_step()
    assert other.post("/team/second-step", {"code": code}).status_code == 200
    assert not is_in(other)


def test_an_administrator_who_comes_to_the_desk_is_led_to_a_page_that_she_may_open() -> None:
    by = Member.objects.create(email="c@example.org", alias="C", role=Role.ADMINISTRATOR)
    invited = members.invite("dewi@example.org", "Dewi", Role.ADMINISTRATOR, by)
    _, _, codes = joined(invited.token)
    signed_out = Client(headers={"Origin": settings.ORIGINS[0]})
    asked = signed_out.get("/desk/")["Location"]
    signed_out.post(asked, {"login": "dewi@example.org", "password": PASSWORD})
    came = signed_out.post("/team/second-step", {"code": codes[0]})["Location"]
    assert (asked, came) == ("/team/sign-in", "/desk/settings/")
    assert signed_out.get(came).status_code == 200


def test_a_recovery_code_opens_once(link: str) -> None:
    _, _, codes = joined(link)
    client, _ = first_step()
    assert client.post("/team/second-step", {"code": codes[0]}).status_code == 302
    assert is_in(client)
    other, _ = first_step()
    assert other.post("/team/second-step", {"code": codes[0]}).status_code == 200
    assert not is_in(other)


def test_who_has_no_second_factor_is_told_how_to_get_one_and_sees_nothing_else() -> None:
    eva = Member.objects.create(email="eva@example.org", alias="Eva", role=Role.COORDINATOR)
    eva.set_password(PASSWORD)
    eva.save()
    client, _ = first_step(email="eva@example.org")
    for page in ("/desk/", "/desk/members", "/team/account", "/cases/"):
        assert client.get(page)["Location"] == "/team/no-second-factor"
    assert "new link" in client.get("/team/no-second-factor").text


@pytest.mark.parametrize("cached_in", ["memory", "database"])
def test_guesses_end_alike_for_who_exists_and_who_does_not(
    link: str, cached_in: str, settings: Any
) -> None:
    if cached_in == "database":
        settings.CACHES = {
            "default": settings.CACHES["default"]
            | {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "team_attempt",
            }
        }
    joined(link)
    said = {}
    for email in ("dewi@example.org", "nobody@example.org"):
        answers = [first_step("not her password", email)[1] for _ in range(6)]
        assert {answer.status_code for answer in answers} == {200}
        said[email] = [
            re.sub(r"\s+", " ", re.search(r'role="alert".*?</p>', answer.text, re.DOTALL).group())
            for answer in answers
        ]
    assert said["dewi@example.org"] == said["nobody@example.org"]
    assert len({*said["nobody@example.org"]}) == 2
    # Her own password does not open either, until the time has passed.
    assert not is_in(first_step()[0])
    assert first_step()[1].status_code == 200
    if cached_in == "database":
        kept = " ".join(Attempt.objects.values_list("cache_key", flat=True))
        assert kept
        assert "example" not in kept


def test_a_guesser_of_codes_is_stopped(link: str) -> None:
    _, secret, _ = joined(link)
    client, _ = first_step()
    for _ in range(5):
        client.post("/team/second-step", {"code": "123"})
    client.post("/team/second-step", {"code": code_for(secret, 1)})
    assert not is_in(client)
    # Her password again, in another browser, gives no new tries.
    other, answer = first_step()
    assert answer["Location"] == "/team/second-step"
    other.post("/team/second-step", {"code": code_for(secret, 1)})
    assert not is_in(other)


def test_guesses_at_many_accounts_are_stopped_together_but_not_in_a_browser_she_came_in_with(
    link: str,
) -> None:
    _, secret, _ = joined(link)
    hers, _ = first_step()
    came_in = hers.post("/team/second-step", {"code": code_for(secret, 1)}).cookies["came-in"]
    assert "dewi" not in came_in.value
    assert (came_in["path"], came_in["httponly"]) == ("/team/sign-in", True)
    for number in range(30):
        said = first_step("not a password", f"{number}@example.org")[1].text
    assert "Too many" not in said
    # From here on nobody comes in by a password: but she does, where she came in before.
    assert "Too many" in first_step()[1].text
    sign_in = {"login": "dewi@example.org", "password": PASSWORD}
    hers.post("/team/sign-out")
    assert hers.post("/team/sign-in", sign_in)["Location"] == "/team/second-step"
    # There too guesses are counted, and what was given to her opens nothing to another address.
    other = Client(headers={"Origin": settings.ORIGINS[0]})
    other.cookies["came-in"] = came_in.value
    eva = sign_in | {"login": "eva@example.org"}
    assert "Too many" in other.post("/team/sign-in", eva).text
    guesses = [other.post("/team/sign-in", sign_in | {"password": "no"}) for _ in range(6)]
    assert "Too many" in guesses[-1].text


def test_sessions_are_listed_without_place_and_each_can_be_ended(link: str) -> None:
    here, secret, _ = joined(link)
    there, _ = first_step()
    there.post("/team/second-step", {"code": code_for(secret, 1)})
    page = here.get("/team/account")
    rows = page.context["sessions"]
    assert [row.is_this for row in rows].count(True) == 1
    columns = {field.name for field in MemberSession._meta.get_fields()}
    assert columns == {"session_key", "session_data", "expire_date", "member", "began_at"}
    for row in MemberSession.objects.exclude(member=None):
        assert {row.began_at.minute, row.expire_date.minute, row.expire_date.second} == {0}
        assert row.session_key not in page.text
    other = next(row.id for row in rows if not row.is_this)
    assert here.post(f"/team/account/sessions/{other}/end").status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)


def test_changing_how_she_signs_in_asks_once_more_who_she_is(link: str) -> None:
    client, secret, _ = joined(link)
    session = client.session
    session["account_authentication_methods"] = [
        one | {"at": 0} for one in session["account_authentication_methods"]
    ]
    session.save()
    assert is_in(client)
    asked = client.get("/team/account/password")["Location"]
    assert asked == "/team/account/confirm?next=%2Fteam%2Faccount%2Fpassword"
    assert client.post("/team/account/confirm", {"code": "000000"}).status_code == 200
    confirmed = client.post(
        "/team/account/confirm", {"code": code_for(secret, 1), "next": "/team/account/password"}
    )
    assert confirmed["Location"] == "/team/account/password"
    secret = client.get("/team/account/password").context["app"].secret
    types = {"password": "another long word", "again": "another long word"}
    client.post("/team/account/password", types | {"code": code_for(secret)})
    assert is_in(client)
    assert first_step()[1].status_code == 200
    assert first_step("another long word")[1].status_code == 302


def test_the_only_second_factor_stays(link: str) -> None:
    joined(link)
    dewi = Member.objects.get(alias="Dewi")
    Authenticator.objects.filter(user=dewi, type="totp").delete()
    only = Authenticator.objects.create(user=dewi, type="webauthn", data={})
    # Its page would show a passkey that was never made; what matters is what is stored.
    with pytest.raises(MemberRefused):
        ways_in.remove_passkey(dewi, only.pk)
    assert Authenticator.objects.filter(pk=only.pk).exists()


def test_what_a_second_factor_rests_on_is_sealed_in_the_database(link: str) -> None:
    _, secret, codes = joined(link)
    kept = str([*Authenticator.objects.values_list("data", flat=True)])
    assert secret.replace(" ", "") not in kept
    assert not any(code in kept for code in codes)


def test_init_founds_a_helpline_without_keys_and_prints_a_link(capsys: Any) -> None:
    Organisation.objects.all().delete()
    command = init.Command()
    command.execute(
        **dict.fromkeys(init.QUESTIONS) | {
            "name": "Chat", "exit_url": "https://www.example.org/", "email": "c@example.org",
        },
        skip_checks=True, no_color=True, force_color=False,
    )  # fmt: skip
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.is_demo) == ("Chat", False)
    assert not bytes(organisation.signing_key)
    address = re.search(r"https?://\S+", capsys.readouterr().out)
    assert address
    parts = urlsplit(address.group())
    assert f"{parts.scheme}://{parts.netloc}" == settings.ORIGINS[0]
    client, _, _ = joined(parts.fragment)
    assert is_in(client)
    assert Member.objects.get().role == Role.COORDINATOR
