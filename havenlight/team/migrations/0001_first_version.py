import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import havenlight.team.colours
import havenlight.team.entrance_models
import havenlight.team.exits


class Migration(migrations.Migration):
    replaces = [
        ("team", "0001_initial"),
        ("team", "0002_helpline"),
        ("team", "0003_duty"),
        ("team", "0004_desk_limits"),
        ("team", "0005_image_services"),
        ("team", "0006_keys"),
        ("team", "0007_entrance"),
        ("team", "0008_all_languages"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("alias", models.CharField(help_text="The name that visitors see.", max_length=40)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("counsellor", "counsellor"),
                            ("coordinator", "coordinator"),
                            ("researcher", "researcher"),
                            ("administrator", "administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="No for who was invited and has not joined, and for who was removed.",
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Conversations at once; empty for what is usual here.",
                        null=True,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False), ("removed_at", None), _connector="OR"
                        ),
                        name="a_removed_member_is_not_active",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "team_attempt",
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[("on", "on duty"), ("break", "having a break")], max_length=5
                    ),
                ),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "seen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="When her desk last asked."
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "duties",
                "indexes": [models.Index(models.F("began_at"), name="duties_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("member"),
                        condition=models.Q(("ended_at", None)),
                        name="one_duty_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="a_duty_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        max_length=2,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}\\Z", "Use the two capitals of the country, such as NL."
                            )
                        ],
                        verbose_name="country",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 -]{1,18}\\Z",
                                "Use digits, spaces and hyphens, such as 0800-0432.",
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
            ],
            options={
                "ordering": ("country",),
            },
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("public", models.BinaryField()),
                (
                    "manifest",
                    models.TextField(help_text="As published: signed bytes and signature."),
                ),
                (
                    "recovery_wrap",
                    models.BinaryField(
                        help_text="The private team key, sealed to the recovery key; none in a demo.",
                        null=True,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="FormerManifest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.BinaryField(
                        help_text="What the next one holds as its former.", unique=True
                    ),
                ),
                ("signed", models.TextField()),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="HelplineLanguage",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\\Z", "Use a code such as nl or ar."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "is_on",
                    models.BooleanField(default=False, verbose_name="visitors may choose it"),
                ),
                (
                    "reviewed_by",
                    models.CharField(
                        blank=True,
                        help_text="A speaker of the language who knows the subject.",
                        max_length=80,
                        verbose_name="who reviewed the texts",
                    ),
                ),
                (
                    "reviewed_on",
                    models.DateField(blank=True, null=True, verbose_name="reviewed on"),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="name of the helpline"
                    ),
                ),
                (
                    "page_title",
                    models.CharField(
                        blank=True,
                        help_text="Tab and history show it to who looks over her shoulder: say nothing in it.",
                        max_length=40,
                        verbose_name="title of the visitor's tab",
                    ),
                ),
                (
                    "heading",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="heading of the first page"
                    ),
                ),
                (
                    "lead",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="first words below it"
                    ),
                ),
                (
                    "closed_text",
                    models.TextField(blank=True, max_length=600, verbose_name="when closed"),
                ),
                (
                    "full_text",
                    models.TextField(blank=True, max_length=600, verbose_name="when too many wait"),
                ),
                (
                    "goodbye",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="after the conversation"
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_on", False),
                            ("code__in", ("nl", "en")),
                            models.Q(
                                models.Q(("reviewed_by", ""), _negated=True),
                                ("reviewed_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="no_language_unreviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_by", ""), ("reviewed_on", None)),
                            models.Q(
                                models.Q(("reviewed_by", ""), _negated=True),
                                ("reviewed_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reviewed_by_someone_on_some_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseRules",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "closing_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(180)],
                        verbose_name="minutes before closing in which no new conversation begins",
                    ),
                ),
                (
                    "queue_limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Who comes when so many wait is told that it is full. Empty: no limit.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="visitors who may wait at the same time",
                    ),
                ),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="By weight, unless she has a number of her own. Empty: as installed.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="conversations a counsellor has at once",
                    ),
                ),
                (
                    "wrap_up_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Time to write things down before the next. Empty: as installed.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="minutes that an ended conversation keeps its place, unless finished",
                    ),
                ),
                (
                    "figures_threshold",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="It can be raised, never lowered: what was withheld would come out.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="smallest number of persons that is published",
                    ),
                ),
                (
                    "transcript_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days that a closed conversation can be read",
                    ),
                ),
                (
                    "notes_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Never longer than the conversation itself. Empty: as installed.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days that notes beside a closed conversation are kept",
                    ),
                ),
                (
                    "contact_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="With how the person can be reached. Empty: as installed.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days that a referral which came in is kept",
                    ),
                ),
                (
                    "registration_days",
                    models.PositiveSmallIntegerField(
                        default=1826,
                        validators=[
                            django.core.validators.MinValueValidator(366),
                            django.core.validators.MaxValueValidator(3653),
                        ],
                        verbose_name="days that the coded facts of a case are kept",
                    ),
                ),
                (
                    "referral_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(1826),
                        ],
                        verbose_name="days that a referral is kept after it was closed",
                    ),
                ),
                (
                    "audit_days",
                    models.PositiveSmallIntegerField(
                        default=1826,
                        validators=[
                            django.core.validators.MinValueValidator(366),
                            django.core.validators.MaxValueValidator(3653),
                        ],
                        verbose_name="days that a line of the audit is kept at the least",
                    ),
                ),
                (
                    "backup_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="days after which a backup has been destroyed",
                    ),
                ),
                (
                    "icon",
                    models.CharField(
                        blank=True,
                        choices=[("book", "book"), ("cloud", "cloud"), ("leaf", "leaf")],
                        max_length=8,
                        verbose_name="icon of the visitor's tab",
                    ),
                ),
                (
                    "accent_light",
                    models.CharField(
                        blank=True,
                        help_text="Such as #165e5a. Empty: the colour that Havenlight comes with.",
                        max_length=7,
                        validators=[havenlight.team.colours.check_accent_light],
                        verbose_name="accent on a light page",
                    ),
                ),
                (
                    "accent_dark",
                    models.CharField(
                        blank=True,
                        help_text="Such as #86cdc6. Empty: the colour that Havenlight comes with.",
                        max_length=7,
                        validators=[havenlight.team.colours.check_accent_dark],
                        verbose_name="accent on a dark page",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one_set_of_rules_an_installation"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("figures_threshold__gte", 5)),
                        name="no_figure_below_five",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImageService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        help_text="Empty: for every country.",
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}\\Z", "Use the two capitals of the country, such as NL."
                            )
                        ],
                        verbose_name="country",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "address",
                    models.URLField(
                        validators=[havenlight.team.exits.check_public_address],
                        verbose_name="website",
                    ),
                ),
                (
                    "taken",
                    models.CharField(
                        choices=[
                            ("minor", "you were under 18 in the picture"),
                            ("adult", "you were 18 or older in the picture"),
                            ("any", "for everyone"),
                        ],
                        default="any",
                        max_length=5,
                        verbose_name="for whom",
                    ),
                ),
                (
                    "without_upload",
                    models.BooleanField(
                        default=False,
                        help_text="The phone makes a number of the picture, and only the number is sent.",
                        verbose_name="the picture is not sent",
                    ),
                ),
            ],
            options={
                "ordering": ("-without_upload", "country", "name"),
            },
        ),
        migrations.CreateModel(
            name="InformationCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\\Z", "Use a code such as nl or ar."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("welcome", "beginning"),
                            ("listening", "listening"),
                            ("safety", "safety"),
                            ("exploitation", "exploitation"),
                            ("images", "images online"),
                            ("rights", "rights"),
                            ("shelter", "a place to sleep"),
                            ("help", "help elsewhere"),
                            ("goodbye", "ending"),
                        ],
                        max_length=12,
                        verbose_name="topic",
                    ),
                ),
                (
                    "for_whom",
                    models.CharField(
                        choices=[
                            ("all", "everyone"),
                            ("self", "who comes for herself"),
                            ("other", "who worries about someone else"),
                            ("under_18", "who is under 18"),
                        ],
                        default="all",
                        max_length=8,
                        verbose_name="for whom",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("text", models.TextField(max_length=1800, verbose_name="text")),
            ],
            options={
                "ordering": ("language", "topic", "title"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("language"), models.F("title"), name="a_card_is_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberSession",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "began_at",
                    models.DateTimeField(
                        default=havenlight.team.entrance_models.this_hour, help_text="To the hour."
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OpeningException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(unique=True, verbose_name="date")),
                ("opens_at", models.TimeField(blank=True, null=True, verbose_name="from")),
                ("closes_at", models.TimeField(blank=True, null=True, verbose_name="to")),
                ("why", models.CharField(blank=True, max_length=60, verbose_name="why")),
            ],
            options={
                "ordering": ("on",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes_at", None), ("opens_at", None)),
                            models.Q(("closes_at__isnull", False), ("opens_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="closed_or_from_and_to",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day",
                    ),
                ),
                ("opens_at", models.TimeField(verbose_name="from")),
                ("closes_at", models.TimeField(verbose_name="to")),
            ],
            options={
                "ordering": ("weekday", "opens_at"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("weekday"), models.F("opens_at"), name="opens_once_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="a_day_of_the_week"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "page_title",
                    models.CharField(
                        help_text="What the visitor's tab and history show; say nothing in it.",
                        max_length=40,
                    ),
                ),
                ("emergency_number", models.CharField(max_length=20)),
                ("exit_url", models.URLField()),
                ("time_zone", models.CharField(max_length=40)),
                ("default_language", models.CharField(max_length=7)),
                (
                    "signing_key",
                    models.BinaryField(
                        default=b"",
                        help_text="Public half, 65 bytes; the private half is offline. Empty until it is made.",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one_organisation_an_installation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherHelpline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\\Z", "Use a code such as nl or ar."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="place in the list"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("what_for", models.CharField(max_length=160, verbose_name="what for")),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 -]{1,18}\\Z",
                                "Use digits, spaces and hyphens, such as 0800-0432.",
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                (
                    "address",
                    models.URLField(
                        blank=True,
                        validators=[havenlight.team.exits.check_public_address],
                        verbose_name="website",
                    ),
                ),
            ],
            options={
                "ordering": ("language", "position", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True),
                            models.Q(("address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_number_or_an_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadyText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\\Z", "Use a code such as nl or ar."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("welcome", "beginning"),
                            ("listening", "listening"),
                            ("safety", "safety"),
                            ("exploitation", "exploitation"),
                            ("images", "images online"),
                            ("rights", "rights"),
                            ("shelter", "a place to sleep"),
                            ("help", "help elsewhere"),
                            ("goodbye", "ending"),
                        ],
                        max_length=12,
                        verbose_name="topic",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="text")),
            ],
            options={
                "ordering": ("language", "topic", "pk"),
            },
        ),
        migrations.CreateModel(
            name="TeamWrap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wrap", models.BinaryField()),
                (
                    "epoch",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="team.epoch"),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("epoch"),
                        models.F("member"),
                        name="one_team_wrap_a_member_and_epoch",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "check_value",
                    models.BinaryField(
                        help_text="SHA-256 of the token in the link.", max_length=32, unique=True
                    ),
                ),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MemberKey",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("public", models.BinaryField()),
                ("wrap", models.BinaryField()),
                ("salt", models.BinaryField()),
                ("iterations", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="PasskeyWrap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("credential", models.BinaryField(help_text="The passkey's own id.", unique=True)),
                ("salt", models.BinaryField(help_text="What the passkey is asked with; 32 bytes.")),
                ("wrap", models.BinaryField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to="team.memberkey",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
    ]
