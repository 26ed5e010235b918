"""The tables of the audit: its lines, and where the chain of them stands."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Entry(models.Model):
    """One act of one member on one thing. A line is never changed and never holds content.

    Lines are numbered without gaps, and each holds the hash of the one before it: `audit.chain`.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    member = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    verb = models.CharField(max_length=40, editable=False)
    kind = models.CharField(max_length=40, editable=False)
    subject = models.CharField(max_length=40, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)
    former = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"


class Head(models.Model):
    """The last line's number and hash; one row, which is locked while a line is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_head_a_chain"),)

    def __str__(self) -> str:
        return str(self.number)
