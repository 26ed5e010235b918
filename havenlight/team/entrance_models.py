"""The tables of coming in: invitations, sessions, and how often somebody guessed."""

from datetime import datetime

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

CHECK_BYTES = 32


class Invitation(models.Model):
    """A link by which one person joins, or comes back in; used once, the row is gone."""

    member = models.OneToOneField("team.Member", primary_key=True, on_delete=models.CASCADE)
    check_value = models.BinaryField(
        max_length=CHECK_BYTES, unique=True, help_text="SHA-256 of the token in the link."
    )
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"invitation of {self.member_id}"


def hour_of(at: datetime) -> datetime:
    """The hour in which `at` is: no session tells the minute at which somebody came to work."""
    return at.replace(minute=0, second=0, microsecond=0)


def this_hour() -> datetime:
    """The hour that has begun."""
    return hour_of(timezone.now())


class MemberSession(AbstractBaseSession):
    """A session of a browser; of whom, once she is signed in, and since which hour.

    Neither address nor browser is noted: who ends a session goes by when it began.
    """

    member = models.ForeignKey(
        "team.Member", null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    began_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "session"

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store that keeps rows of this table."""
        from havenlight.team.sessions import SessionStore  # noqa: PLC0415 -- it needs this table

        return SessionStore


class Attempt(models.Model):
    """A row of Django's cache in the database, with which attempts to sign in are counted.

    Used on PostgreSQL without Redis; the columns are those of `createcachetable`.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "team_attempt"

    def __str__(self) -> str:
        return self.cache_key
