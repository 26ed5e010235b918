"""What ties a conversation to a case, and the drafts between them. Only `console` knows both."""

from django.db import models
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
