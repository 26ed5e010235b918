"""PDF/UA from HTML; knows no Django, so that a process of its own starts quickly."""

import logging

from weasyprint import HTML


def pdf(page: str) -> bytes:
    """The page as PDF/UA-1, tagged; no date and no random name, so its bytes stay the same."""
    # It warns of every rule of CSS that paper has no use for.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    made: bytes = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"havenlight")
    return made
