"""Short versions for those who read it: the same figures, each with its own order and words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from havenlight.report.documents import Maker
from havenlight.report.parts import CHAPTERS, Block, Chapter, Document, Section


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads a short version, what it says to them first, and which figures it tells."""

    title: str | Promise
    to_them: str | Promise
    shares: tuple[str, ...]
    tables: tuple[str, ...]


AUDIENCES = {
    "care": Audience(
        gettext_lazy("For care professionals"),
        gettext_lazy(
            "A victim may sit opposite you without saying so. Ask, listen, and believe what you "
            "hear. These figures show what to look for."
        ),
        ("first_disclosure", "known_to_care_or_police", "parent_perpetrator", "still_exploited",
         "referral_accepted"),
        ("help_missing", "means_of_control"),
    ),
    "policy": Audience(
        gettext_lazy("For policy makers"),
        gettext_lazy(
            "These figures show who came, what help they could not get, and how far the counts "
            "can be trusted."
        ),
        ("known_to_care_or_police", "minor", "criminal_exploitation", "referral_offered",
         "referral_accepted"),
        ("help_missing", "age", "forms"),
    ),
    "carers": Audience(
        gettext_lazy("For family, friends and neighbours"),
        gettext_lazy(
            "Are you worried about someone? You may be the first to notice. Stay calm, do not "
            "confront the exploiter, and ask for advice: you can chat too, without your name."
        ),
        ("minor", "first_disclosure", "parent_perpetrator", "still_exploited"),
        ("relation", "duration"),
    ),
    "students": Audience(
        gettext_lazy("For students"),
        gettext_lazy(
            "What can a helpline know, and what not? Read each share with its base and its "
            "margin, and ask who is not in it."
        ),
        ("contacted_for_self", "minor", "girls", "younger_than_15", "exploited_over_one_year"),
        ("age", "forms_combined"),
    ),
}  # fmt: skip


def short(key: str) -> Callable[[Maker], Document]:
    """What makes the short version for one audience."""
    audience = AUDIENCES[key]

    def make(maker: Maker) -> Document:
        figures = Chapter(key, _("The figures"), (), audience.shares, audience.tables)
        intro = Section("intro", _("In short"), (Block(sentences=(str(audience.to_them),)),))
        many = CHAPTERS["many"]
        sections = (intro, maker.chapter(Chapter("many", many.heading, many.counts)),
                    maker.chapter(figures))  # fmt: skip
        return Document(
            f"for-{key}",
            maker.language,
            str(audience.title),
            _("Short version of the report on %(year)d") % {"year": maker.edition.year},
            maker.edition,
            (),
            sections,
            (maker.method(), maker.limits()),
        )

    return make
