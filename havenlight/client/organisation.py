"""What a visitor's browser finds in the page: the manifest, and the organisation's key."""

from dataclasses import dataclass
from html.parser import HTMLParser

from havenlight.client.errors import ProtocolBroken
from havenlight.client.link import Link
from havenlight.core.seal.encoding import unb64

VISITOR_PAGE = "/"


@dataclass(frozen=True, slots=True)
class Found:
    """Attributes and form fields of a page, by name."""

    data: dict[str, str]
    fields: dict[str, str]


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Found({}, {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        data = {name: value for name, value in named.items() if name.startswith("data-")}
        self.found.data.update(data)
        if tag == "input" and "name" in named:
            self.found.fields[named["name"]] = named.get("value", "")


def read_page(page: str) -> Found:
    """What is in a page."""
    finder = _Finder()
    finder.feed(page)
    return finder.found


async def organisation_of(link: Link) -> bytes:
    """The organisation's public key as its own page gives it.

    That is trust on first use: whoever has the key from print or from another channel passes that.
    """
    return unb64(_attribute(read_page(await link.page(VISITOR_PAGE)), "data-organisation-key"))


async def manifest_of(link: Link) -> str:
    """The signed manifest of the current epoch, as a visitor is given it; not yet verified."""
    return _attribute(read_page(await link.page(VISITOR_PAGE)), "data-manifest")


def _attribute(found: Found, name: str) -> str:
    if name not in found.data:
        raise ProtocolBroken(f"the page has no {name}")
    return found.data[name]
