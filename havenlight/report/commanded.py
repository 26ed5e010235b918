"""What `havenlight report build` does: an edition from registrations, by the options given."""

import hashlib
import hmac
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from havenlight.casework.codebook import Text
from havenlight.disclosure import Ledger, Rules, TwoWay
from havenlight.disclosure.errors import DisclosureError, RulesRefused
from havenlight.figures import defining, from_cases, reading, tabulation
from havenlight.figures.columns import Registrations
from havenlight.figures.definitions import Book
from havenlight.report import actions, around, asking, building, queries, revising, signing
from havenlight.report.building import Progress
from havenlight.report.edition import SERIES, Edition
from havenlight.report.errors import EditionRefused
from havenlight.report.freezing import About, Published, freeze
from havenlight.report.quarters import freeze_quarter
from havenlight.report.queries import Known
from havenlight.report.revising import Persons
from havenlight.report.telling import together, told_by
from havenlight.report.two_way import PERTURBED
from havenlight.team import helpline
from havenlight.team import queries as team


@dataclass(frozen=True, slots=True)
class Built:
    """How many registrations and files there were, and what earlier editions gave away."""

    count: int
    files: int
    already: tuple[str, ...]


def build(given: Namespace, progress: Progress) -> Built:
    """Count, protect, attack, print and sign.

    An edition from the database stands on all that was told from it before, and is told from then
    on itself. Raises LedgerMoved when something else was told meanwhile.
    """
    building.check_free(given.out)
    book, known = defining.newest(), queries.known() if given.database else Known({})
    registrations = _registrations(given, book, progress)
    persons = revising.persons(book, registrations)
    about, published = _about(given), _published(given, known)
    if given.database:
        published = replace(published, changes=asking.changes(persons))
    try:
        frozen = (
            freeze_quarter(book, registrations, (given.year, given.quarter), about, published)
            if given.quarter
            else freeze(book, registrations, given.year, about, published)
        )
    except DisclosureError as error:
        raise EditionRefused(
            f"{error}. What was told before stands: another edition of the same period corrects "
            "the first, with --revision and --corrects"
        ) from None
    progress(_("Protected, and attacked without finding a count"), 1.0)
    made = building.files(frozen.edition, progress)
    key = _key()
    told = told_by(published.ledger, frozen.ledger)
    with _noted(given, known, told, frozen.edition, persons):
        building.write(given.out, made, key, frozen.ledger.to_json())
    return Built(len(registrations), len(made), frozen.already)


def _key() -> Ed25519PrivateKey:
    path = settings.DATA_DIR / "report-key"
    try:
        return signing.key_at(path)
    except OSError as error:
        raise EditionRefused(
            f"{path}: {error.strerror}; nothing was made: free space there, or look at its rights"
        ) from None


@contextmanager
def _noted(
    given: Namespace, known: Known, told: Ledger, edition: Edition, persons: Persons
) -> Iterator[None]:
    """Note what is told in the database while it is written: both, or neither."""
    if not given.database or told == Ledger():
        yield
        return
    with transaction.atomic():
        what = f"{_period(given)} by command"
        actions.tell_by_command(known, told.to_json(), edition, persons, what)
        yield


def _period(given: Namespace) -> str:
    quarter = f" Q{given.quarter}" if given.quarter else ""
    return f"{given.year}{quarter} r{given.revision}"


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
    usual = _of_the_helpline(given) if given.database else _Usual(draws=_noise(given))
    threshold = usual.threshold if given.threshold is None else given.threshold
    return About(
        usual.organisation if given.organisation is None else given.organisation,
        usual.emergency_number if given.emergency_number is None else given.emergency_number,
        given.help_url,
        given.data_on,
        _rules(given, threshold, usual.draws),
        notes,
        words,
        given.revision,
        Text(*given.corrects) if given.corrects else None,
    )


def _rules(given: Namespace, threshold: int, draws: int | None) -> Rules:
    base, way = max(threshold, Rules.base), TwoWay(given.two_way)
    try:
        return Rules(threshold=threshold, base=base, two_way=way, seed=draws)
    except RulesRefused as error:
        raise EditionRefused(f"{error}; give a higher one, or none: --threshold") from None


@dataclass(frozen=True, slots=True)
class _Usual:
    """What holds unless the command says otherwise; without `draws` each edition has its own."""

    organisation: str = "Havenlight"
    emergency_number: str = "112"
    threshold: int = Rules.threshold
    draws: int | None = None


def _of_the_helpline(given: Namespace) -> _Usual:
    organisation = team.organisation()
    # The draws of the pages: made twice, an edition tells nothing by being rounded otherwise.
    draws = asking.seed_of_edition(given.year, given.quarter, given.revision, given.two_way)
    threshold = helpline.rules().figures_threshold
    return _Usual(organisation.name, organisation.emergency_number, threshold, draws)


def _noise(given: Namespace) -> int | None:
    """What noise is drawn from without a database: the same as long as the signing key is."""
    if given.two_way != PERTURBED:
        return None
    key = _key().private_bytes_raw()
    return int.from_bytes(hmac.digest(key, b"havenlight/noise", hashlib.sha256))


def _published(given: Namespace, known: Known) -> Published:
    try:
        editions = tuple(
            Edition.from_json((each / building.EDITION).read_text("utf-8"))
            for each in given.earlier
        )
    except OSError as error:
        raise EditionRefused(f"{error.filename}: {error.strerror}") from None
    ledger = building.read_ledger(given.ledger) if given.ledger else Ledger()
    own = queries.published(quarters=given.quarter > 0) if given.database else []
    alike = (*own, *(each for each in editions if (each.quarter > 0) == (given.quarter > 0)))
    return Published(together([*map(Ledger.from_json, known.parts.values()), ledger]), alike)
