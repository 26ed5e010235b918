"""What others may read of editions, as typed rows."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from havenlight.casework.codebook import Text
from havenlight.report.budget import Spent
from havenlight.report.edition import Analysis, Edition, analysis_of
from havenlight.report.models import (
    EditionFile,
    MadeUp,
    Question,
    Remark,
    StoredEdition,
    Tallied,
    Tally,
    Told,
)
from havenlight.report.recipes import Recipe
from havenlight.report.signing import SIGNATURE, key_named
from havenlight.report.states import PUBLIC


@dataclass(frozen=True, slots=True)
class Known:
    """All that was told, as JSON of ledgers by part: only on top of it may something be told."""

    parts: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """Who was counted in a part of a year when it was told of last, as far as they are there."""

    persons: int
    """How many it was then, those who were erased since included."""
    cases: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """A published edition as everyone may see it."""

    period: str
    year: int
    quarter: int
    revision: int
    published_at: datetime
    corrected_by: int | None
    """The revision that took its place."""
    simulated: bool
    edition: Edition
    files: tuple[str, ...]
    key: str
    """The public key that it is signed with."""


def known(besides: StoredEdition | None = None) -> Known:
    """All that was told, drafts included; without what a draft told that is to be built again."""
    found = Told.objects.exclude(edition=besides) if besides else Told.objects.all()
    return Known(dict(found.values_list("pk", "said")))


def counted() -> dict[tuple[int, str], Counted]:
    """By year and part who was counted last, in what is public: by a page, or by a command."""
    found = Tally.objects.filter(Q(told__edition=None) | Q(told__edition__state__in=PUBLIC))
    last = {(each.year, each.part): each for each in found.order_by("told__place")}
    cases: dict[int, set[UUID]] = defaultdict(set)
    of_last = Tallied.objects.filter(tally__in=[each.pk for each in last.values()])
    for tally, case in of_last.values_list("tally", "case"):
        cases[tally].add(case)
    return {key: Counted(each.persons, frozenset(cases[each.pk])) for key, each in last.items()}


def editions() -> QuerySet[StoredEdition]:
    """Every edition, the newest period first."""
    people = ("built_by", "reviewed_by", "published_by")
    return StoredEdition.objects.select_related(*people).defer("content")


def published(*, quarters: bool = False) -> list[Edition]:
    """The editions of years that are public, or the notes of quarters, as they became public.

    A year that is corrected after the report on a later one is from then on as it was corrected.
    """
    found = StoredEdition.objects.filter(state__in=PUBLIC).order_by("published_at")
    found = found.exclude(quarter=0) if quarters else found.filter(quarter=0)
    return [Edition.from_json(content) for content in found.values_list("content", flat=True)]


def remarks(years: Sequence[int] = ()) -> QuerySet[Remark]:
    """What moved the counts of these years, or of every year."""
    return Remark.objects.filter(year__in=years) if years else Remark.objects.all()


MOST_QUESTIONS = 60
"""How many questions may be answered on one year of registrations, by all researchers together."""


def questions() -> QuerySet[Question]:
    """Every question that was answered, the newest first: the log."""
    return Question.objects.select_related("by", "kept_by")


def left(year: int) -> int:
    """How many questions may still be answered on a year."""
    return max(0, MOST_QUESTIONS - Question.objects.filter(year=year).count())


def kept_analyses(year: int) -> list[Analysis]:
    """The answers that the report on a year is to print, under their titles."""
    found = Question.objects.filter(year=year, kept_by__isnull=False).order_by("at")
    return [analysis(each) for each in found]


def analysis(question: Question) -> Analysis:
    """The answer to a question, under the title that it has in the report."""
    title = Text(question.nl, question.en) if question.nl else None
    return replace(analysis_of(json.loads(question.answer)), title=title)


def made_up() -> QuerySet[MadeUp]:
    """Every file of made-up persons, the newest first."""
    return MadeUp.objects.select_related("by")


def made_up_as(asked: Recipe) -> MadeUp | None:
    """The file that was made by this recipe, if there is one: it costs nothing more."""
    found = MadeUp.objects.filter(epsilon=asked.epsilon, simulated=asked.simulated)
    return next((each for each in found if Recipe.of(vars(each)) == asked), None)


def spent(*, simulated: bool) -> list[Spent]:
    """What each file of made-up persons cost; simulated persons have an account of their own."""
    found = MadeUp.objects.filter(simulated=simulated).order_by("place")
    return [Spent(tuple(years), cost) for years, cost in found.values_list("years", "epsilon")]


def public_editions() -> list[PublicEdition]:
    """All that is public of years: quarters are notes for care and investigation."""
    found = StoredEdition.objects.filter(quarter=0, state__in=PUBLIC)
    return [_public(each) for each in found.select_related("corrected_by")]


def _public(stored: StoredEdition) -> PublicEdition:
    later = getattr(stored, "corrected_by", None)
    if stored.published_at is None:
        raise RuntimeError("a public edition was published at some time")
    return PublicEdition(
        stored.period,
        stored.year,
        stored.quarter,
        stored.revision,
        stored.published_at,
        later.revision if later is not None and later.state in PUBLIC else None,
        stored.simulated,
        Edition.from_json(stored.content),
        tuple(stored.files.values_list("name", flat=True)),
        key_named(_signature(stored)),
    )


def _signature(stored: StoredEdition) -> bytes:
    found = stored.files.filter(name=SIGNATURE).values_list("content", flat=True).first()
    return bytes(found or b"")


def public_file(year: int, revision: int | None, name: str) -> bytes | None:
    """A file of a public edition; of its last revision when none is named."""
    found = _public_files(year, revision).filter(name=name)
    last = found.order_by("-edition__revision").values_list("content", flat=True).first()
    return None if last is None else bytes(last)


def public_files(year: int, revision: int) -> dict[str, bytes]:
    """All files of a public edition, the signature among them; none when it is not public."""
    found = _public_files(year, revision).values_list("name", "content")
    return {name: bytes(content) for name, content in found}


def _public_files(year: int, revision: int | None) -> QuerySet[EditionFile]:
    found = EditionFile.objects.filter(
        edition__year=year, edition__quarter=0, edition__state__in=PUBLIC
    )
    return found if revision is None else found.filter(edition__revision=revision)
