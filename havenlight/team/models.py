"""The tables of the team: organisation, members, their keys and the epochs of the team key."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

# Django finds those tables from here.
from havenlight.team import entrance_models, helpline_models  # noqa: F401
from havenlight.team.codes import Role, Standing


class Organisation(models.Model):
    """The helpline that runs this installation; there is one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=80)
    page_title = models.CharField(
        max_length=40, help_text="What the visitor's tab and history show; say nothing in it."
    )
    emergency_number = models.CharField(max_length=20)
    exit_url = models.URLField()
    time_zone = models.CharField(max_length=40)
    default_language = models.CharField(max_length=7)
    signing_key = models.BinaryField(
        default=b"",
        help_text="Public half, 65 bytes; the private half is offline. Empty until it is made.",
    )
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="one_organisation_an_installation"),
        )

    def __str__(self) -> str:
        return self.name


class Members(BaseUserManager["Member"]):
    """Finds members by their e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        """The member who signs in as `username`."""
        return self.get(email__iexact=username)


class Member(AbstractBaseUser):
    """An account of the team. What she may do follows from her role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    alias = models.CharField(max_length=40, help_text="The name that visitors see.")
    role = models.CharField(max_length=20, choices=Role)
    is_active = models.BooleanField(
        default=True,
        help_text="No for who was invited and has not joined, and for who was removed.",
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Conversations at once; empty for what is usual here."
    )

    objects = Members()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(removed_at=None),
                name="a_removed_member_is_not_active",
            ),
        )

    def __str__(self) -> str:
        return self.alias


class MemberKey(models.Model):
    """A member's key pair; the private half only as wrapped under her unlock phrase."""

    member = models.OneToOneField(Member, primary_key=True, on_delete=models.CASCADE)
    public = models.BinaryField()
    wrap = models.BinaryField()
    salt = models.BinaryField()
    iterations = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"key of {self.member_id}"


class PasskeyWrap(models.Model):
    """The private half of a member's key once more, wrapped under what a passkey of hers gives."""

    key = models.ForeignKey(MemberKey, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.BinaryField(unique=True, help_text="The passkey's own id.")
    salt = models.BinaryField(help_text="What the passkey is asked with; 32 bytes.")
    wrap = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"passkey of {self.key_id}"


class Epoch(models.Model):
    """A period with one team key, vouched for by a signed manifest."""

    number = models.PositiveIntegerField(primary_key=True)
    public = models.BinaryField()
    manifest = models.TextField(help_text="As published: signed bytes and signature.")
    recovery_wrap = models.BinaryField(
        null=True, help_text="The private team key, sealed to the recovery key; none in a demo."
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"epoch {self.number}"


class FormerManifest(models.Model):
    """A manifest whose place another has taken; browsers follow the chain from what they saw."""

    digest = models.BinaryField(unique=True, help_text="What the next one holds as its former.")
    signed = models.TextField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"manifest {self.pk}"


class TeamWrap(models.Model):
    """The private team key of an epoch, sealed to one member."""

    epoch = models.ForeignKey(Epoch, on_delete=models.CASCADE)
    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    wrap = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint("epoch", "member", name="one_team_wrap_a_member_and_epoch"),
        )

    def __str__(self) -> str:
        return f"{self.epoch_id} for {self.member_id}"


class Duty(models.Model):
    """A stretch of time in which a member was on duty or had a break; off duty is no stretch."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    standing = models.CharField(
        max_length=5, choices=[choice for choice in Standing.choices if choice[0] != Standing.OFF]
    )
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="When her desk last asked.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "duties"
        indexes = (models.Index("began_at", name="duties_by_time"),)
        constraints = (
            models.UniqueConstraint(
                "member", condition=Q(ended_at=None), name="one_duty_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")),
                name="a_duty_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.standing}"
