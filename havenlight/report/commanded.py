"""What `havenlight report build` does: an edition from registrations, by the options given."""

from argparse import Namespace
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from havenlight.casework.codebook import Text
from havenlight.disclosure import Ledger, Rules
from havenlight.figures import defining, from_cases, reading, tabulation
from havenlight.figures.columns import Registrations
from havenlight.figures.definitions import Book
from havenlight.report import around, building, signing
from havenlight.report.building import Progress
from havenlight.report.edition import SERIES, Edition
from havenlight.report.errors import EditionRefused
from havenlight.report.freezing import About, Published, freeze
from havenlight.report.quarters import freeze_quarter


@dataclass(frozen=True, slots=True)
class Built:
    """How many registrations and files there were, and what earlier editions gave away."""

    count: int
    files: int
    already: tuple[str, ...]


def build(given: Namespace, progress: Progress) -> Built:
    """Count, protect, attack, print and sign."""
    book = defining.newest()
    registrations = _registrations(given, book, progress)
    about, published = _about(given), _published(given)
    frozen = (
        freeze_quarter(book, registrations, (given.year, given.quarter), about, published)
        if given.quarter
        else freeze(book, registrations, given.year, about, published)
    )
    progress(_("Protected, and attacked without finding a count"), 1.0)
    made = building.files(frozen.edition, progress)
    key = signing.key_at(settings.DATA_DIR / "report-key")
    building.write(given.out, made, key, frozen.ledger.to_json())
    return Built(len(registrations), len(made), frozen.already)


def _registrations(given: Namespace, book: Book, progress: Progress) -> Registrations:
    wanted = tabulation.wanted(book)
    if given.database:
        years = range(given.year - SERIES + 1, given.year + 1)
        return from_cases.read(book.codebook, wanted, years, simulated=settings.DEMO)
    return reading.read(
        given.registrations,
        book.codebook,
        wanted,
        lambda share: progress(_("Reading"), share),
    )


def _about(given: Namespace) -> About:
    notes, words = around.read(given.around) if given.around else ((), {})
    if given.revision > 1 and not given.corrects:
        raise EditionRefused("a revision says what it corrects: give --corrects")
    threshold = Rules.threshold if given.threshold is None else given.threshold
    return About(
        given.organisation,
        given.emergency_number,
        given.help_url,
        given.data_on,
        Rules(threshold=threshold, base=max(threshold, Rules.base)),
        notes,
        words,
        given.revision,
        Text(*given.corrects) if given.corrects else None,
    )


def _published(given: Namespace) -> Published:
    try:
        ledger = Ledger.from_json(given.ledger.read_text("utf-8")) if given.ledger else Ledger()
        editions = tuple(
            Edition.from_json((each / building.EDITION).read_text("utf-8"))
            for each in given.earlier
        )
    except OSError as error:
        raise EditionRefused(f"{error.filename}: {error.strerror}") from None
    alike = tuple(each for each in editions if (each.quarter > 0) == (given.quarter > 0))
    return Published(ledger, alike)
