"""Whether a site serves the scripts of this release: asked from a machine that is not the site's.

A server that lies to one visitor alone is not found this way; one that was changed for all is.
"""

import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from havenlight.client.organisation import read_page
from havenlight.core.seal import manifest
from havenlight.core.seal.encoding import unb64
from havenlight.core.seal.errors import EncodingRefused
from havenlight.site import release
from havenlight.site.static_files import copies

PAGES = ("/", "/team/sign-in")
_SECONDS = 30
_POLICY = ("script-src 'self'", "require-trusted-types-for 'script'", "default-src 'none'")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered; `status` 0 when it did not."""

    status: int
    policy: str
    body: bytes


Fetch = Callable[[str], Answer]


class _Scripts(HTMLParser):
    """Where a page has its scripts from; empty for one that stands in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.sources.append(dict(attrs).get("src") or "")


def differences(fetch: Fetch) -> Iterator[str]:
    """What a site serves that is not of this release; nothing when all is."""
    below = f"/static/{release.name()}/"
    files = release.files()
    for path, content in (files | copies(files)).items():
        answer = fetch(below + path)
        if answer.status != 200:
            yield f"{path}: not there ({answer.status or 'no answer'})"
        elif answer.body != content:
            yield f"{path}: other bytes than in this release"
    for page in PAGES:
        yield from _in_page(page, fetch(page), below)


def _in_page(page: str, answer: Answer, below: str) -> Iterator[str]:
    if answer.status != 200:
        yield f"{page}: not there ({answer.status or 'no answer'})"
        return
    scripts = _Scripts()
    scripts.feed(answer.body.decode("utf-8", "replace"))
    for source in scripts.sources:
        if not source.startswith(below):
            yield f"{page}: a script from {source or 'the page itself'}"
    said = {part.strip() for part in answer.policy.split(";")}
    for part in _POLICY:
        if part not in said:
            yield f"{page}: its policy does not say {part}"


def number(fetch: Fetch) -> str:
    """The number of the organisation that a site names, to compare with the card."""
    found = read_page(fetch("/").body.decode("utf-8", "replace")).data
    try:
        return manifest.fingerprint(unb64(found["data-organisation-key"]))
    except (KeyError, EncodingRefused):
        return "none"


def over_the_network(site: str) -> Fetch:
    """Asks the site at an address such as https://chat.example.org."""

    def fetch(path: str) -> Answer:
        address = site.rstrip("/") + path
        try:
            with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 -- the administrator gave it
                policy = answer.headers.get("Content-Security-Policy", "")
                return Answer(answer.status, policy, answer.read())
        except urllib.error.HTTPError as error:
            error.close()
            return Answer(error.code, "", b"")
        except (urllib.error.URLError, TimeoutError):
            return Answer(0, "", b"")

    return fetch


def command(site: str) -> int:
    """Compare, print what differs, and answer as a command does."""
    fetch = over_the_network(site)
    found = list(differences(fetch))
    lines = [
        *found,
        f"release {release.name()}, number of the organisation {number(fetch)}",
        f"differences: {len(found)}" if found else "the site serves this release",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found else 0


def site_in(arguments: Sequence[str]) -> str | None:
    """The address in `--site ADDRESS`; None when there is none."""
    given = list(arguments)
    return given[given.index("--site") + 1] if "--site" in given[:-1] else None
