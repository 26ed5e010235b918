"""The tables of referral. What was said is in none of them, but sealed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from havenlight.core.seal.manifest import fingerprint
from havenlight.referral.codes import Kind
from havenlight.referral.states import State


class Recipient(models.Model):
    """An organisation in the directory, to which a visitor may be referred.

    Regions, forms and ages that are empty mean: all of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    regions = models.JSONField(default=list, blank=True)
    forms = models.JSONField(default=list, blank=True)
    youngest = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    themes = models.CharField(_("themes"), max_length=200, blank=True)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    contact = models.CharField(_("how we reach them"), max_length=200, blank=True)
    public_key = models.BinaryField(null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    invite_check = models.BinaryField(null=True, help_text="SHA-256 of the link to refer to us.")
    invite_expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(youngest=None) | Q(oldest=None) | Q(youngest__lte=F("oldest")),
                name="youngest_not_over_oldest",
            ),
            models.CheckConstraint(
                condition=Q(invite_check=None, invite_expires_at=None)
                | Q(invite_check__isnull=False, invite_expires_at__isnull=False),
                name="an_invitation_expires",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """The key as two people compare it by telephone; empty when there is none."""
        return fingerprint(bytes(self.public_key)) if self.public_key else ""


class Referral(models.Model):
    """A visitor offered to one recipient, up to what became of it.

    `package` is sealed to the recipient and `consent` (wording and times) to the team. The
    package goes with the outcome, with her withdrawal, or by time.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="referrals")
    conversation = models.ForeignKey(
        "chat.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=9, choices=[(state, state) for state in State], default=State.OFFERED
    )
    offered_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    outcome_at = models.DateTimeField(null=True)
    package = models.BinaryField(null=True)
    consent = models.BinaryField(null=True)
    consent_epoch = models.PositiveIntegerField(null=True)
    link_check = models.BinaryField(null=True, help_text="SHA-256 of the recipient's link.")
    link_expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-offered_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(link_check=None, link_expires_at=None)
                | Q(link_check__isnull=False, link_expires_at__isnull=False),
                name="a_link_expires",
            ),
            models.CheckConstraint(
                condition=Q(package=None) | Q(state__in=(State.MADE, State.WAITING)),
                name="a_package_is_kept_for_an_open_referral",
            ),
            models.CheckConstraint(
                condition=Q(made_at=None) | Q(accepted_at__isnull=False),
                name="made_only_with_consent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class IncomingReferral(models.Model):
    """What another organisation sealed to our team key for us to go on with."""

    id = models.UUIDField(primary_key=True, editable=False)
    sender = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="incoming")
    epoch = models.PositiveIntegerField()
    sealed = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-received_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="taken_by_someone_at_some_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} from {self.sender_id}"
