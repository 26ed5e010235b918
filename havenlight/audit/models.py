"""The table of audit lines."""

from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """One act of one member on one thing. A line is never changed and never holds content."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    member = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    verb = models.CharField(max_length=40, editable=False)
    kind = models.CharField(max_length=40, editable=False)
    subject = models.CharField(max_length=40, editable=False)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"
