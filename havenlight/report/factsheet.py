"""The fact sheet: two pages to print and hand out."""

from django.utils.translation import gettext as _

from havenlight.report.documents import Maker
from havenlight.report.parts import Block, Document, Section

LEFT = ("age", "duration")
RIGHT = ("relation", "forms")
SHARES = (
    "minor",
    "age_15_or_younger",
    "girls",
    "still_exploited",
    "sexual_exploitation",
    "criminal_exploitation",
    "parent_perpetrator",
    "several_perpetrators",
    "first_disclosure",
    "known_to_care_or_police",
)


def fact_sheet(maker: Maker) -> Document:
    """Key figures and shares on the first page, tables and how to read them on the second."""
    tell, edition = maker.tell, maker.edition
    # What the counts do not say stands beside them, where nobody can overlook it.
    limits = [text for block in maker.limits().blocks for text in block.sentences]
    lines = [tell.growth("victims"), tell.total("victims"), " ".join(limits)]
    many = Section("many", _("How many came"), (Block(sentences=tuple(filter(None, lines))),))
    shares = Section("shares", _("In figures"), tuple(maker.shares(SHARES, brief=True)))
    tables = Section(
        "tables",
        _("Closer"),
        tuple(maker.table(name, brief=True) for name in (*LEFT, *RIGHT) if maker.has(name)),
    )
    return Document(
        "factsheet",
        maker.language,
        _("Invisible victims of human trafficking"),
        _("Fact sheet on %(year)d") % {"year": edition.year},
        edition,
        tuple(maker.cards()),
        (many, shares, tables),
    )
