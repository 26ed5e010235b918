"""What ties a conversation to a case, the drafts between them, and what colleagues tell each other.

Only `console` knows conversations and cases both.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Tie(models.Model):
    """A visitor's thread as casework knows it.

    The thread is named, not referred to: the tie outlives the transcript, so that a person who
    comes back counts once.
    """

    thread = models.UUIDField(unique=True)
    contact = models.OneToOneField("casework.Contact", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.thread} is {self.contact_id}"


class Coding(models.Model):
    """A conversation has been registered; one about several persons more than once."""

    conversation = models.UUIDField(db_index=True)
    registration = models.OneToOneField(
        "casework.Registration", on_delete=models.CASCADE, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.registration_id} of {self.conversation}"


class Draft(models.Model):
    """A registration that is not finished, sealed in the member's browser to the team key."""

    id = models.UUIDField(primary_key=True, editable=False)
    conversation = models.ForeignKey(
        "chat.Conversation", on_delete=models.CASCADE, related_name="+"
    )
    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    epoch = models.PositiveIntegerField()
    version = models.PositiveIntegerField(help_text="Counts up; an older one never overwrites.")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"draft of {self.conversation_id}"


class RoomMessage(models.Model):
    """What a member wrote in the team room, sealed to the team key; gone after the shift."""

    id = models.UUIDField(primary_key=True, editable=False)
    author = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    epoch = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now, db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.author_id} at {self.at:%H:%M}"


class Whisper(models.Model):
    """What a coordinator who reads along tells the counsellor, or is told; sealed to the team key.

    It is in no table of chat, so that nothing that serves a visitor can come upon it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    conversation = models.ForeignKey(
        "chat.Conversation", on_delete=models.CASCADE, related_name="+"
    )
    author = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    epoch = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now, db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.author_id} about {self.conversation_id}"


class HelpCall(models.Model):
    """A member needs a colleague now; it sounds at every desk until somebody comes."""

    by = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(
        "chat.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "by", condition=Q(settled_at=None), name="one_call_for_help_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.by_id} at {self.asked_at:%H:%M}"
