"""The tables of the report: editions with their files, what was told, remarks on years."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from havenlight.report.budget import MOST_EPSILON
from havenlight.report.codes import PARTS, Moved
from havenlight.report.states import OPEN, State


class StoredEdition(models.Model):
    """An edition of a year, or the note of a quarter, from draft to corrected.

    `content` is all that is printed (`report.edition`); from then on its files are made from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(default=0, help_text="0: the whole year.")
    revision = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in State], default=State.DRAFT
    )
    simulated = models.BooleanField()
    content = models.TextField()
    built_by = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    built_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    sent_back = models.TextField(blank=True, help_text="What the reviewer wants changed.")
    published_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-year", "-quarter", "-revision")
        constraints = (
            models.CheckConstraint(condition=Q(quarter__lte=4), name="a_year_has_four_quarters"),
            models.UniqueConstraint(
                "year", "quarter", "revision", name="one_edition_a_period_and_revision"
            ),
            models.UniqueConstraint(
                "year",
                "quarter",
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_edition_a_period",
            ),
            models.UniqueConstraint(
                "year",
                "quarter",
                condition=Q(state=State.PUBLISHED),
                name="one_published_edition_a_period",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, corrects=None) | Q(revision__gt=1, corrects__isnull=False),
                name="a_revision_corrects_an_edition",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[State.DRAFT, State.REVIEW], reviewed_by=None, reviewed_at=None
                )
                | Q(
                    state__in=[State.FROZEN, State.PUBLISHED, State.CORRECTED],
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="frozen_by_a_reviewer_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("built_by")),
                name="reviewed_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[State.PUBLISHED, State.CORRECTED],
                    published_by__isnull=False,
                    published_at__isnull=False,
                )
                | Q(
                    state__in=[State.DRAFT, State.REVIEW, State.FROZEN],
                    published_by=None,
                    published_at=None,
                ),
                name="published_by_someone_at_some_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.period} revision {self.revision}"

    @property
    def period(self) -> str:
        """The year, or the quarter of it, as it stands in addresses: 2021, 2021q3."""
        return f"{self.year}q{self.quarter}" if self.quarter else f"{self.year}"


class EditionFile(models.Model):
    """A file of a frozen edition; all of them are signed together."""

    edition = models.ForeignKey(StoredEdition, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    content = models.BinaryField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("edition", "name", name="one_file_a_name_and_edition"),
        )

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A researcher's question and its answer after control; what was told is never deleted."""

    asked = models.JSONField(help_text="As `questions.Asked`, in its one way.")
    key = models.CharField(max_length=200, unique=True)
    year = models.PositiveSmallIntegerField()
    answer = models.TextField(help_text="JSON of an `edition.Analysis`.")
    by = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    nl = models.CharField(max_length=120, blank=True)
    en = models.CharField(max_length=120, blank=True)
    kept_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kept_by=None, nl="", en="")
                | (Q(kept_by__isnull=False) & ~Q(nl="") & ~Q(en="")),
                name="kept_for_the_report_under_a_title",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Told(models.Model):
    """What one edition or one answer to a researcher tells: its part of the ledger.

    A draft's part is here as well, so that nothing is told meanwhile that would break it. One that
    belongs to neither was told by a command, whose edition lies where it was written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.PositiveIntegerField(unique=True)
    edition = models.OneToOneField(
        StoredEdition, null=True, on_delete=models.CASCADE, related_name="told"
    )
    question = models.OneToOneField(
        Question, null=True, on_delete=models.PROTECT, related_name="told"
    )
    said = models.TextField(help_text="JSON of a ledger that holds this part alone.")

    class Meta:
        ordering = ("place",)
        constraints = (
            models.CheckConstraint(
                condition=Q(edition=None) | Q(question=None), name="told_by_one_at_most"
            ),
        )

    def __str__(self) -> str:
        return f"told {self.place}"


class Tally(models.Model):
    """How many victims, or bystanders, of a year were told of, and by `Tallied` who they are.

    From then on a later edition reckons who was added and who was taken back, so that neither is
    told where it is few. Whose registrations were erased is in `persons` and in no row: she was
    counted, and nobody took that back.
    """

    told = models.ForeignKey(Told, on_delete=models.CASCADE, related_name="tallies")
    year = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, choices=[(each, each) for each in PARTS])
    persons = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("told", "year", "part", name="one_tally_of_a_part_and_year"),
        )

    def __str__(self) -> str:
        return f"{self.persons} {self.part} of {self.year}"


class Tallied(models.Model):
    """A person who was counted, by the case that stood for her then; erased with it."""

    tally = models.ForeignKey(Tally, on_delete=models.CASCADE, related_name="those")
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint("tally", "case", name="counted_once_in_a_tally"),)

    def __str__(self) -> str:
        return f"{self.case_id} of {self.tally}"


class MadeUp(models.Model):
    """A file of made-up persons, and what it cost: kept, since making it again costs as much."""

    place = models.PositiveIntegerField(unique=True)
    years = models.JSONField(help_text="Whose persons they are alike, in order.")
    variables = models.JSONField(help_text="Keys of the codebook, in the order of the columns.")
    epsilon = models.FloatField()
    simulated = models.BooleanField()
    persons = models.PositiveIntegerField()
    content = models.BinaryField(help_text="A zip of what `microdata.files` made.")
    by = models.ForeignKey(
        "team.Member",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody: by command.",
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-place",)
        constraints = (
            models.CheckConstraint(
                condition=Q(epsilon__gt=0, epsilon__lte=MOST_EPSILON),
                name="made_up_persons_cost_something",
            ),
        )

    def __str__(self) -> str:
        return f"made-up persons {self.place}"


class Remark(models.Model):
    """What moved the counts of a year other than trafficking; it stands beside every series."""

    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Moved)
    nl = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    by = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("year", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(nl="") & ~Q(en=""), name="a_remark_is_in_both_languages"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"
