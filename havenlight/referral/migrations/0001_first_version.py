import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import havenlight.referral.states


class Migration(migrations.Migration):
    replaces = [
        ("referral", "0001_initial"),
    ]

    initial = True

    dependencies = [
        ("chat", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recipient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("care", "care"),
                            ("police", "police"),
                            ("reporting_centre", "reporting centre"),
                            ("shelter", "shelter"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("regions", models.JSONField(blank=True, default=list)),
                ("forms", models.JSONField(blank=True, default=list)),
                (
                    "youngest",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="from age"
                    ),
                ),
                (
                    "oldest",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="to age"),
                ),
                ("themes", models.CharField(blank=True, max_length=200, verbose_name="themes")),
                ("hours", models.CharField(blank=True, max_length=200, verbose_name="hours")),
                (
                    "contact",
                    models.CharField(blank=True, max_length=200, verbose_name="how we reach them"),
                ),
                ("public_key", models.BinaryField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "invite_check",
                    models.BinaryField(help_text="SHA-256 of the link to refer to us.", null=True),
                ),
                ("invite_expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("youngest", None),
                            ("oldest", None),
                            ("youngest__lte", models.F("oldest")),
                            _connector="OR",
                        ),
                        name="youngest_not_over_oldest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("invite_check", None), ("invite_expires_at", None)),
                            models.Q(
                                ("invite_check__isnull", False),
                                ("invite_expires_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_invitation_expires",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomingReferral",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("epoch", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="referral.recipient",
                    ),
                ),
            ],
            options={
                "ordering": ("-received_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at", None), ("taken_by", None)),
                            models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="taken_by_someone_at_some_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                havenlight.referral.states.State["OFFERED"],
                                havenlight.referral.states.State["OFFERED"],
                            ),
                            (
                                havenlight.referral.states.State["ACCEPTED"],
                                havenlight.referral.states.State["ACCEPTED"],
                            ),
                            (
                                havenlight.referral.states.State["DECLINED"],
                                havenlight.referral.states.State["DECLINED"],
                            ),
                            (
                                havenlight.referral.states.State["MADE"],
                                havenlight.referral.states.State["MADE"],
                            ),
                            (
                                havenlight.referral.states.State["WAITING"],
                                havenlight.referral.states.State["WAITING"],
                            ),
                            (
                                havenlight.referral.states.State["ARRIVED"],
                                havenlight.referral.states.State["ARRIVED"],
                            ),
                            (
                                havenlight.referral.states.State["REFUSED"],
                                havenlight.referral.states.State["REFUSED"],
                            ),
                            (
                                havenlight.referral.states.State["WITHDRAWN"],
                                havenlight.referral.states.State["WITHDRAWN"],
                            ),
                        ],
                        default=havenlight.referral.states.State["OFFERED"],
                        max_length=9,
                    ),
                ),
                ("offered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                ("outcome_at", models.DateTimeField(null=True)),
                ("package", models.BinaryField(null=True)),
                ("consent", models.BinaryField(null=True)),
                ("consent_epoch", models.PositiveIntegerField(null=True)),
                (
                    "link_check",
                    models.BinaryField(help_text="SHA-256 of the recipient's link.", null=True),
                ),
                ("link_expires_at", models.DateTimeField(null=True)),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="chat.conversation",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="referral.recipient",
                    ),
                ),
            ],
            options={
                "ordering": ("-offered_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("link_check", None), ("link_expires_at", None)),
                            models.Q(
                                ("link_check__isnull", False), ("link_expires_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_link_expires",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("package", None),
                            (
                                "state__in",
                                (
                                    havenlight.referral.states.State["MADE"],
                                    havenlight.referral.states.State["WAITING"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="a_package_is_kept_for_an_open_referral",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_at", None), ("accepted_at__isnull", False), _connector="OR"
                        ),
                        name="made_only_with_consent",
                    ),
                ],
            },
        ),
    ]
