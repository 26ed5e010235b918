"""The tables of chat. The live writer appends to them by SQL of its own: `live.stores`."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from havenlight.chat.codes import (
    BlockReason,
    CampaignKind,
    ComeBack,
    HandOverReason,
    Helped,
    InsincereReason,
)
from havenlight.chat.states import OPEN, By, State


class Thread(models.Model):
    """A visitor's way back: conversations that follow each other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField(default=timezone.now)
    code_check = models.BinaryField(
        null=True, unique=True, help_text="SHA-256 of the lookup id of her return code."
    )
    objects_at = models.DateTimeField(
        null=True, help_text="Since when she does not want what is coded of her to be counted."
    )
    agreed_at = models.DateTimeField(null=True, help_text="When she and a member talk again.")
    agreed_with = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_with=None)
                | Q(agreed_at__isnull=False, agreed_with__isnull=False),
                name="agreed_with_someone_on_some_time",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Conversation(models.Model):
    """One chat between a visitor and the members who answer her."""

    id = models.UUIDField(primary_key=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="conversations")
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in State], default=State.WAITING
    )
    language = models.CharField(max_length=7)
    for_whom = models.CharField(max_length=5, null=True, blank=True)  # noqa: DJ001 -- not asked is no answer
    in_danger = models.BooleanField(null=True)
    under_18 = models.BooleanField(null=True)
    returning = models.BooleanField(default=False, help_text="She came back by her code.")
    wish = models.ForeignKey(
        "team.Member",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Whom she would like to be answered by: who answered her before.",
    )
    epoch = models.PositiveIntegerField()
    tab_check = models.BinaryField(help_text="SHA-256 of the tab credential.")
    server_sealed = models.BooleanField(
        default=False, help_text="Written without scripts, and sealed by the server on her behalf."
    )
    counsellor = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="conversations"
    )
    started_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(  # noqa: DJ001 -- null together with ended_at
        max_length=7, null=True, choices=[(by, by) for by in By]
    )
    last_seq = models.PositiveIntegerField(default=0)
    visitor_n = models.PositiveIntegerField(default=0)
    member_sender = models.CharField(max_length=18, blank=True)
    member_n = models.PositiveIntegerField(default=0)
    visitor_read = models.PositiveIntegerField(default=0)
    member_read = models.PositiveIntegerField(default=0)
    visitor_seen_at = models.DateTimeField(default=timezone.now)
    visitor_away = models.BooleanField(default=False)
    is_practice = models.BooleanField(
        default=False, help_text="A member trains on a made-up visitor; never counted."
    )
    is_letter = models.BooleanField(
        default=False, help_text="It was left to find an answer later, and never waited in line."
    )
    weight = models.PositiveSmallIntegerField(default=1)
    risk_at = models.DateTimeField(null=True, help_text="When a member flagged a risk.")
    risk_steps = models.JSONField(default=list, help_text="What was done of codes.RiskStep.")
    insincere = models.CharField(
        max_length=30, blank=True, choices=[(reason, reason) for reason in InsincereReason]
    )
    finished_at = models.DateTimeField(
        null=True, help_text="When its member was done with it, after it had ended."
    )
    reader = models.ForeignKey(
        "team.Member",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The coordinator who reads along, which both sides see.",
    )
    reader_until = models.DateTimeField(
        null=True, help_text="When reading along lapses unless her page says that she still does."
    )

    class Meta:
        indexes = (
            models.Index("started_at", name="open_conversations", condition=Q(state__in=OPEN)),
            models.Index(
                "counsellor", name="unfinished_conversations", condition=Q(finished_at=None)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at=None, counsellor=None)
                | Q(accepted_at__isnull=False, counsellor__isnull=False),
                name="accepted_by_someone_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None, ended_by=None)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="closed_by_someone_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(reader=None)
                | Q(reader_until__isnull=False, state=State.ACTIVE) & ~Q(reader=F("counsellor")),
                name="read_along_for_a_time_by_another",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(ended_at__isnull=False),
                name="finished_after_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=3), name="weighs_one_to_three"
            ),
            models.CheckConstraint(
                condition=Q(visitor_read__lte=F("last_seq"), member_read__lte=F("last_seq")),
                name="read_no_further_than_written",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Practice(models.Model):
    """That the conversation of this id, which has not begun yet, is a member's practice."""

    conversation = models.UUIDField(primary_key=True, editable=False)
    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    story = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "practices"

    def __str__(self) -> str:
        return f"{self.story} of {self.member_id}"


class Wrap(models.Model):
    """A conversation's key as sealed for someone. Destroying the wraps destroys the conversation.

    `team` is sealed to the team key; `tab` is the half that a reloaded tab is given back; `code`
    is the key under the return code, which opens only while a thread's code is known.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="wraps")
    kind = models.CharField(
        max_length=4, choices=[(kind, kind) for kind in ("team", "tab", "code")]
    )
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint("conversation", "kind", name="one_wrap_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.conversation_id}"


class Message(models.Model):
    """A turn in a conversation as stored: its envelope, and what orders it.

    One index only: each page of an index that a message touches is written and synced with it.
    That `seq` has no gaps and `n` no repeats is kept by the counters of the conversation, which
    are moved in the transaction that adds the message.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    seq = models.PositiveIntegerField()
    message_id = models.UUIDField()
    sender = models.CharField(max_length=18)
    n = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    envelope = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint("conversation", "message_id", name="a_message_is_kept_once"),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.seq}"


class Guesses(models.Model):
    """How many return codes were wrong in a minute, of the whole installation."""

    minute = models.PositiveIntegerField(primary_key=True)
    wrong = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.wrong} in {self.minute}"


class Note(models.Model):
    """What members write down about a visitor for each other, sealed to the team key."""

    id = models.UUIDField(primary_key=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    written_at = models.DateTimeField(default=timezone.now)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"note on {self.thread_id}"


class HandOver(models.Model):
    """A conversation that one member offers another; nothing changes until it is taken."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="hand_overs"
    )
    by = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(
        max_length=10, choices=[(reason, reason) for reason in HandOverReason]
    )
    offered_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    taken = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "conversation", condition=Q(settled_at=None), name="offered_to_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(taken=False) | Q(settled_at__isnull=False),
                name="taken_at_some_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} to {self.to_id}"


class Block(models.Model):
    """Hours in which a thread cannot come back, which a coordinator reviews afterwards."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="block"
    )
    by = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=[(reason, reason) for reason in BlockReason])
    began_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True, help_text="Whether the coordinator left it in force.")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until__gt=F("began_at")), name="blocked_for_a_time"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, upheld=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, upheld__isnull=False),
                name="reviewed_by_someone_at_some_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} until {self.until:%Y-%m-%d %H:%M}"


class After(models.Model):
    """What a visitor tapped when the chat had ended: for the figures, never for the counsellor."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="after"
    )
    helped = models.CharField(  # noqa: DJ001 -- skipped is no answer
        max_length=6, null=True, choices=[(code, code) for code in Helped]
    )
    come_back = models.CharField(  # noqa: DJ001 -- skipped is no answer
        max_length=5, null=True, choices=[(code, code) for code in ComeBack]
    )

    def __str__(self) -> str:
        return f"after {self.conversation_id}"


class Campaign(models.Model):
    """A short link of ours that leads to the chat: on a partner's site, a poster or a card."""

    name = models.CharField(
        primary_key=True,
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9_-]*$")],
        help_text="As in the address and in the codebook's variable; her browser remembers it.",
    )
    told = models.CharField(max_length=80, help_text="What the team knows it by.")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in CampaignKind])
    language = models.CharField(max_length=7, blank=True, help_text="Empty: that of her browser.")
    made_on = models.DateField()
    closed_on = models.DateField(null=True, help_text="Since when it is counted no more.")

    class Meta:
        ordering = ("-made_on", "name")
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("made_on")),
                name="closed_after_it_was_made",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CampaignMonth(models.Model):
    """How often a link was opened in a month: a number, and nothing of who or when."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(help_text="Its first day.")
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint("campaign", "month", name="counted_in_one_row_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="counted_by_the_month"),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.month:%Y-%m}"
