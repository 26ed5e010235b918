"""What became of earlier years that were counted again, for those who make an edition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from havenlight.report.codes import PARTS
from havenlight.report.edition import Edition
from havenlight.report.revising import Change, Part, latest, published, taken_up


@dataclass(frozen=True, slots=True)
class Recounted:
    """A part of a year: as it was published, as this edition knows it, and what was done.

    since: who was added and taken back since it was told last, before control.
    """

    year: int
    of: str
    published: int
    latest: int
    done: str
    since: Change | None


def recounted(edition: Edition, since: Mapping[Part, Change], language: str) -> Iterator[Recounted]:
    """Each part of each earlier year that was counted again; `since` where it may be seen."""
    revised = taken_up(edition)
    for year in edition.revisions.years if edition.revisions else ():
        before, now = published(edition, year), latest(edition, year)
        if before is None or now is None:
            continue
        for part in PARTS:
            name = edition.figures[part].name.in_language(language)
            change = since.get((year, part))
            done = _("as it was published")
            if (year, part) in revised:
                done = _("revised in this report")
            elif before[part] != now[part]:
                done = _("revised in an earlier report")
            if (year, part) not in revised and change and (change.added or change.back):
                done = _("%(done)s; a change waits") % {"done": done}
            yield Recounted(year, name, before[part], now[part], done, change)
