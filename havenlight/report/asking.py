"""What the process that makes editions is given: all of it read here, since it reads no table."""

import hashlib
import hmac
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from havenlight.casework import registrations as cases
from havenlight.casework.codebook import Text
from havenlight.casework.tree import root
from havenlight.figures import defining, from_cases, tabulation
from havenlight.figures.definitions import Book
from havenlight.report import queries, recipes, revising, work
from havenlight.report.budget import Sums
from havenlight.report.codes import VICTIMS, VISITORS
from havenlight.report.edition import SERIES, Edition, Texts
from havenlight.report.models import StoredEdition
from havenlight.report.queries import Known
from havenlight.report.questions import Asked
from havenlight.report.recipes import Recipe
from havenlight.report.revising import Change, Part, Persons
from havenlight.report.two_way import PERTURBED, ROUNDED
from havenlight.team import helpline
from havenlight.team import queries as team


@dataclass(frozen=True, slots=True)
class Wanted:
    """The edition that is to be built; `quarter` 0 is the whole year."""

    year: int
    quarter: int
    again: StoredEdition | None = None
    corrects: StoredEdition | None = None
    why: Text | None = None
    chosen: str = ROUNDED

    @property
    def two_way(self) -> str:
        """How its tables of two variables are protected: an edition built anew keeps its way."""
        if (before := self.again or self.corrects) is not None:
            return Edition.from_json(before.content).rules["two_way"]
        return self.chosen

    @property
    def revision(self) -> int:
        """Which revision of its period it will be."""
        if self.again is not None:
            return self.again.revision
        return self.corrects.revision + 1 if self.corrects is not None else 1


@dataclass(frozen=True, slots=True)
class Build:
    """The request to build an edition, what was told until now, and who is there to be counted."""

    asked: bytes
    known: Known
    persons: Persons


def for_build(wanted: Wanted) -> Build:
    """The request to build it, and what must be kept of when it was made."""
    book, known = defining.newest(), queries.known(besides=wanted.again)
    years = range(wanted.year - SERIES + 1, wanted.year + 1)
    registrations = from_cases.read(
        book.codebook, tabulation.wanted(book), years, simulated=settings.DEMO
    )
    persons = revising.persons(book, registrations)
    asked = {
        "verb": "build",
        "year": wanted.year,
        "quarter": wanted.quarter,
        "revision": wanted.revision,
        "told": list(known.parts.values()),
        "editions": [each.to_json() for each in _published(wanted)],
        "changes": [(*part, *asdict(each).values()) for part, each in changes(persons).items()],
        "threshold": helpline.rules().figures_threshold,
        "two_way": wanted.two_way,
        "seed": seed_of_edition(wanted.year, wanted.quarter, wanted.revision, wanted.two_way),
        "about": _about(wanted, years),
    }
    return Build(work.packed(asked, registrations), known, persons)


def changes(now: Persons) -> dict[Part, Change]:
    """Who was added and who taken back since each part of a year was told of last.

    Two who were found to be one person are one less.
    """
    into, made = cases.merges(), {}
    for part, then in queries.counted().items():
        there = {root(case, into) for case in then.cases} & now.get(part, frozenset())
        added, back = len(now.get(part, frozenset()) - there), len(then.cases) - len(there)
        made[part] = Change(then.persons, added, back)
    return made


def changed_since(year: int) -> dict[Part, Change]:
    """The changes of the years that a report on `year` prints before its own, as they are now."""
    book = defining.newest()
    years = range(year - SERIES + 1, year)
    there = from_cases.read(book.codebook, _headline(book), years, simulated=settings.DEMO)
    found = changes(revising.persons(book, there))
    return {part: each for part, each in found.items() if part[0] in years}


def _headline(book: Book) -> tuple[str, ...]:
    """The variables that say who is a visitor and who a victim."""
    where = (*book.populations[VISITORS].where, *book.populations[VICTIMS].where)
    return tuple(dict.fromkeys(each.variable for each in where))


def for_answer(asked: Asked) -> tuple[bytes, Known]:
    """The request to answer a researcher's question, and what was told until now."""
    book, known = defining.newest(), queries.known()
    registrations = from_cases.read(
        book.codebook, _asked_of(asked, book), [asked.year], simulated=settings.DEMO
    )
    given = {
        "verb": "answer",
        "question": asdict(asked),
        "told": list(known.parts.values()),
        "threshold": helpline.rules().figures_threshold,
        "two_way": ROUNDED,
        "seed": seed(asked.key()),
    }
    return work.packed(given, registrations), known


def for_made_up(recipe: Recipe, spent: Sums) -> bytes:
    """The request to make up persons; `spent` is what their description states."""
    book = defining.newest()
    asked = {
        "verb": "make up",
        "recipe": asdict(recipe),
        "spent": {str(year): epsilon for year, epsilon in spent.items()},
    }
    keys = recipes.wanted(book, recipe)
    registrations = from_cases.read(book.codebook, keys, recipe.years, simulated=recipe.simulated)
    return work.packed(asked, registrations)


def _asked_of(asked: Asked, book: Book) -> tuple[str, ...]:
    """The variables that a question reads, its population's among them."""
    named = [each.variable for each in book.populations[asked.population].where]
    axes = [name.partition(".")[0] for name in (asked.rows, asked.columns, asked.only) if name]
    return tuple(dict.fromkeys([*named, *axes]))


def for_print(content: str) -> bytes:
    """The request to make all files of an edition."""
    return work.packed({"verb": "print", "content": content})


def seed(of: str) -> int:
    """From what the draws of rounding are made: the same each time, so that a draft that is built
    again tells nothing by being rounded otherwise; secret as long as the installation's key is."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"havenlight/rounding/" + of.encode(),
                         hashlib.sha256)  # fmt: skip
    return int.from_bytes(digest)


def seed_of_edition(year: int, quarter: int, revision: int, two_way: str) -> int:
    """The same for an edition that a page builds and one that a command does.

    Noise is the same in all editions, so that asking twice takes nothing of it away.
    """
    return seed("noise" if two_way == PERTURBED else f"{year}q{quarter}r{revision}")


def _published(wanted: Wanted) -> list[Edition]:
    return queries.published(quarters=wanted.quarter > 0)


def _about(wanted: Wanted, years: range) -> dict[str, Any]:
    organisation = team.organisation()
    why = wanted.why
    words: Texts = {}
    # What people wrote goes along into the draft that takes its place: they would write it again.
    if before := wanted.again or wanted.corrects:
        held = Edition.from_json(before.content)
        words = held.words
        why = held.corrects if wanted.again else why
    return {
        "organisation": organisation.name,
        "emergency_number": organisation.emergency_number,
        "help_url": f"{settings.ORIGINS[0]}/" if settings.ORIGINS else "",
        "data_on": timezone.localdate().isoformat(),
        "notes": [
            {"year": each.year, "nl": each.nl, "en": each.en, "kind": each.kind}
            for each in queries.remarks(years)
        ],
        "words": words,
        "analyses": []
        if wanted.quarter
        else [asdict(each) for each in queries.kept_analyses(wanted.year)],
        "corrects": asdict(why) if why else None,
    }
