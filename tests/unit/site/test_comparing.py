"""A site is compared with its release, to the byte."""

from dataclasses import replace

import pytest

from havenlight.core.seal.encoding import b64
from havenlight.core.seal.keys import new_key, public_of
from havenlight.core.seal.manifest import fingerprint
from havenlight.site import comparing, release
from havenlight.site.comparing import Answer
from havenlight.site.static_files import copies

BELOW = f"/static/{release.name()}/"
POLICY = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"
KEY = public_of(new_key())
PAGE = f'<body data-organisation-key="{b64(KEY)}"><script src="{BELOW}chat/visit.mjs"></script>'


@pytest.fixture
def site() -> dict[str, Answer]:
    """What a site answers that serves this release."""
    served = release.files() | copies(release.files())
    files = {BELOW + path: Answer(200, "", content) for path, content in served.items()}
    return files | {page: Answer(200, POLICY, PAGE.encode()) for page in comparing.PAGES}


def found(site: dict[str, Answer]) -> list[str]:
    return list(comparing.differences(lambda path: site.get(path, Answer(404, "", b""))))


def test_nothing_differs_on_a_site_that_serves_this_release(site: dict[str, Answer]) -> None:
    assert found(site) == []
    assert comparing.number(site.__getitem__) == fingerprint(KEY)


def test_an_altered_script_and_one_that_is_gone_are_found(site: dict[str, Answer]) -> None:
    altered = f"{BELOW}chat/seal.mjs"
    site[altered] = replace(site[altered], body=site[altered].body + b" ")
    del site[f"{BELOW}words/nl.txt"]
    assert sorted(found(site)) == [
        "chat/seal.mjs: other bytes than in this release",
        "words/nl.txt: not there (404)",
    ]


@pytest.mark.parametrize(
    ("page", "policy", "said"),
    [
        ('<script src="https://elsewhere.example/x.mjs">', POLICY, "elsewhere.example"),
        ("<script>alert(1)</script>", POLICY, "the page itself"),
        ('<script src="/static/000000000000/chat/visit.mjs">', POLICY, "000000000000"),
        (PAGE, POLICY.replace("'self'", "'self' 'unsafe-inline'"), "script-src 'self'"),
        (PAGE, "", "default-src 'none'"),
    ],
)
def test_a_page_with_another_script_or_a_weaker_policy_is_found(
    site: dict[str, Answer], page: str, policy: str, said: str
) -> None:
    site["/"] = Answer(200, policy, page.encode())
    assert any(said in one for one in found(site))


def test_a_site_that_does_not_answer_is_not_sound() -> None:
    assert any("/: not there" in one for one in found({}))
    assert comparing.site_in(["--site", "https://chat.example.org"]) == "https://chat.example.org"
    assert comparing.site_in(["--site"]) is None


def test_the_scripts_that_visitors_run_are_compared_too(site: dict[str, Answer]) -> None:
    hers = next(path for path in site if path.startswith(f"{BELOW}p/"))
    site[hers] = Answer(200, "", b"")
    assert found(site) == [f"{hers.removeprefix(BELOW)}: other bytes than in this release"]
