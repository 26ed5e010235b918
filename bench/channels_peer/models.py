"""The peer's table."""

from django.db import models


class Message(models.Model):
    """A message of a room."""

    room = models.CharField(max_length=32, db_index=True)
    text = models.TextField()
    said_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.room} {self.pk}"
