"""The tables of casework. A conversation is not known here; `console` ties the two."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from havenlight.casework.codes import Confidence, CorrectionReason, Reason


class Case(models.Model):
    """One person over time. When she was first seen follows from the contacts linked to her."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    simulated = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.id)


class Contact(models.Model):
    """One visitor's way to the helpline: a thread, or a contact from before this installation.

    `began_on` is the day of its first conversation in the organisation's time zone. It is kept
    here because the transcripts are erased long before the case is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    began_on = models.DateField()
    objects_at = models.DateTimeField(
        null=True, help_text="Since when its visitor does not want these facts to be counted."
    )

    def __str__(self) -> str:
        return str(self.id)


class ContactYear(models.Model):
    """How many conversations a contact held in a year; of one without any row nobody knows.

    It is a number and no more: neither day nor conversation, so that it may stay as long as the
    contact does.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    conversations = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("contact", "year", name="counted_in_one_row_a_year"),
            models.CheckConstraint(
                condition=Q(conversations__gte=1), name="no_row_for_a_year_without_conversation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.year}"


class Judgement(models.Model):
    """That two belong together, by whom and why; ended, never deleted, when they do not."""

    reason = models.CharField(max_length=20, choices=Reason)
    confidence = models.CharField(max_length=10, choices=Confidence)
    by = models.ForeignKey("team.Member", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_reason = models.CharField(max_length=20, choices=Reason, blank=True)
    ended_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Link(Judgement):
    """A contact is about this person. One contact may be about several, one person in several."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="links")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "contact", "case", name="linked_once_at_a_time", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="unlinked_for_a_reason_at_some_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} of {self.case_id}"


class Merge(Judgement):
    """The person of `case` is the person of `into`. Links and registrations stay where they are."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="merged")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "case", name="merged_into_one_at_a_time", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=~Q(case=models.F("into")), name="not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="split_for_a_reason_at_some_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} into {self.into_id}"


class Registration(models.Model):
    """One finished coding of a case under one version of the codebook.

    `answers` holds every variable of that version, as `answers.as_json` writes them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="registrations")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="registrations"
    )
    codebook = models.CharField(max_length=20)
    answers = models.JSONField()
    simulated = models.BooleanField(default=False)
    finished_at = models.DateTimeField(default=timezone.now)
    finished_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("finished_at", "pk")

    def __str__(self) -> str:
        return str(self.id)


class Correction(models.Model):
    """A change of a finished registration. A line is never changed."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="corrections", editable=False
    )
    reason = models.CharField(max_length=20, choices=CorrectionReason, editable=False)
    before = models.JSONField(editable=False)
    after = models.JSONField(editable=False)
    by = models.ForeignKey(
        "team.Member", on_delete=models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.registration_id} {self.reason}"


class SecondCoding(models.Model):
    """The same person coded again by a colleague who had not seen the first coding."""

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="second"
    )
    answers = models.JSONField()
    by = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"second of {self.registration_id}"
