"""Signals for care and investigation: trends, on protected figures only."""

from django.utils.translation import gettext as _

from havenlight.report.documents import Block, Chapter, Document, Maker, Section

TABLES = ("forms", "means_of_control", "recruitment_platform", "province", "help_missing")


def signals(maker: Maker) -> Document:
    """Form, means of control, recruitment platform, province at most, and unmet need."""
    intro = Block(
        sentences=(
            _("For care and investigation. Nobody in these figures can be recognised, and no "
              "single case is told. A signal is a reason to look, not a finding."),
            maker.tell.growth("victims"),
        )
    )  # fmt: skip
    figures = Chapter("signals", _("Trends"), (), ("criminal_exploitation", "several_perpetrators",
                      "known_to_care_or_police"), TABLES)  # fmt: skip
    return Document(
        "signals",
        maker.language,
        _("Signals"),
        _("On %(year)d") % {"year": maker.edition.year},
        maker.edition,
        (),
        (Section("intro", _("In short"), (intro,)), maker.chapter(figures)),
        (maker.limits(), maker.withheld()),
    )
