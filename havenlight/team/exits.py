"""Which addresses a visitor may be sent to."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# A search engine shows what was last asked of it, and offers to go on with that.
SEARCH_ENGINES = frozenset(
    (
        "aol",
        "ask",
        "baidu",
        "bing",
        "brave",
        "dogpile",
        "duckduckgo",
        "ecosia",
        "google",
        "kagi",
        "lycos",
        "metager",
        "mojeek",
        "naver",
        "presearch",
        "qwant",
        "searx",
        "seznam",
        "startpage",
        "swisscows",
        "yahoo",
        "yandex",
    )
)


def check_public_address(address: str) -> None:
    """Raise ValidationError unless `address` is a page on the web under https, without a user."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host or parts.username is not None:
        raise ValidationError(_("Give the whole address of a page, beginning with https://."))


def check_exit(address: str) -> None:
    """Raise ValidationError unless a visitor may be seen on `address` after she has left quickly.

    What is on her screen then must be plain and must not lead back: no search engine, which may
    show what she looked for, and no address that carries words of its own.
    """
    check_public_address(address)
    parts = urlsplit(address)
    if SEARCH_ENGINES & set((parts.hostname or "").lower().split(".")):
        raise ValidationError(
            _(
                "This is a search engine, which may show what she looked for. Choose another page, "
                "such as the weather or the news."
            )
        )
    if parts.query or parts.fragment:
        raise ValidationError(_("Leave out what comes after ? or # in the address."))
