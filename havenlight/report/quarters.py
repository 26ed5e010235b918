"""The note of a quarter: frozen like an edition, with few figures and the quarters before it."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np

from havenlight.disclosure import Protected
from havenlight.figures import defining
from havenlight.figures.columns import Registrations
from havenlight.figures.definitions import Book
from havenlight.figures.errors import NothingToCount
from havenlight.report import linking
from havenlight.report.edition import Edition, quarter_key
from havenlight.report.errors import EditionBroken
from havenlight.report.freezing import (
    About,
    Frozen,
    Printing,
    Published,
    blamed,
    of_codebooks,
    withheld,
)
from havenlight.report.tables import Names, Plan, planned_quarter

FIGURES = (
    *("visitors", "victims", "bystanders", "criminal_exploitation", "several_perpetrators"),
    *("known_to_care_or_police", "forms", "means_of_control", "recruitment_platform", "province"),
    "help_missing",
)
"""What care and investigation look for: form, control, platform, region, unmet need."""

MONTHS = 3


def freeze_quarter(
    book: Book,
    registrations: Registrations,
    period: tuple[int, int],
    about: About,
    published: Published,
) -> Frozen:
    """Count, protect and attack one quarter, given as year and 1 to 4.

    All of it is rounded, so that the report on the year can be exact: persons of the quarter may be
    marked, or taken back, until then.
    The quarter before it, and the same one a year before, are taken from their own notes, as they
    were published; where there is none nothing is said of them.
    Raises NothingToCount for a quarter without registrations, EditionBroken when the attacker finds
    a count in what would be told.
    """
    year, quarter = period
    key = quarter_key(year, quarter)
    book = replace(book, figures={name: book.figures[name] for name in FIGURES})
    there = (registrations.years == year) & ((registrations.months - 1) // MONTHS == quarter - 1)
    if not np.any(there):
        raise NothingToCount("{}q{}".format(*period))

    rules = about.rules.rounding_all()

    def made(counting: int) -> tuple[Plan, Protected]:
        names = Names.of("{}q{}".format(*period), about.revision, counting)
        plan = planned_quarter(book, registrations, there, period, names)
        tables = tuple(plan.tables.values())
        return plan, linking.protected(tables, rules, plan.told(published.ledger))

    plan, protected = linking.fitting(published.ledger, (year,), about.revision, made)
    if protected.broken:
        raise EditionBroken(blamed(protected.broken))
    before = {
        quarter_key(each.year, each.quarter): each
        for each in published.editions
        if quarter_key(each.year, each.quarter) in earlier(year, quarter)
    }
    years = tuple(sorted({key, *before}))
    printing = Printing(book, protected, plan, years, before)
    figures = {figure.id: printing.figure(figure) for figure in book.figures.values()}
    edition = Edition(
        year=year,
        quarter=quarter,
        revision=about.revision,
        state="draft",
        organisation=about.organisation,
        emergency_number=about.emergency_number,
        help_url=about.help_url,
        simulated=registrations.simulated,
        data_on=about.data_on.isoformat(),
        codebook=book.codebook.version,
        codebooks={year: registrations.versions[year]},
        definitions=defining.fingerprint(book),
        rules={name: str(value) for name, value in asdict(rules).items()},
        years=years,
        figures=figures,
        withheld=tuple(withheld(figures.values(), (key,))),
        notes=(*about.notes, *of_codebooks(registrations.versions, (year,))),
        estimates={},
        corrects=about.corrects,
    )
    return Frozen(edition, protected.ledger, protected.tables, blamed(protected.already))


def earlier(year: int, quarter: int) -> Sequence[int]:
    """The keys of the same quarter a year before, and of the quarter before this one."""
    before = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return quarter_key(year - 1, quarter), quarter_key(*before)
