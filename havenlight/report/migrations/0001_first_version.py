import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import havenlight.report.states


class Migration(migrations.Migration):
    replaces = [("report", "0001_initial")]

    initial = True

    dependencies = [
        ("team", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.JSONField(help_text="As `questions.Asked`, in its one way.")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("answer", models.TextField(help_text="JSON of an `edition.Analysis`.")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("nl", models.CharField(blank=True, max_length=120)),
                ("en", models.CharField(blank=True, max_length=120)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kept_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("en", ""), ("kept_by", None), ("nl", "")),
                            models.Q(
                                ("kept_by__isnull", False),
                                models.Q(("nl", ""), _negated=True),
                                models.Q(("en", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="kept_for_the_report_under_a_title",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("campaign", "campaign"),
                            ("hours", "opening hours"),
                            ("codebook", "codebook"),
                            ("news", "news"),
                            ("other", "something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("nl", models.CharField(max_length=300)),
                ("en", models.CharField(max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("year", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("nl", ""), _negated=True), models.Q(("en", ""), _negated=True)
                        ),
                        name="a_remark_is_in_both_languages",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredEdition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "quarter",
                    models.PositiveSmallIntegerField(default=0, help_text="0: the whole year."),
                ),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("review", "review"),
                            ("frozen", "frozen"),
                            ("published", "published"),
                            ("corrected", "corrected"),
                        ],
                        default=havenlight.report.states.State["DRAFT"],
                        max_length=10,
                    ),
                ),
                ("simulated", models.BooleanField()),
                ("content", models.TextField()),
                ("built_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "sent_back",
                    models.TextField(blank=True, help_text="What the reviewer wants changed."),
                ),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "built_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="report.storededition",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-year", "-quarter", "-revision"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quarter__lte", 4)), name="a_year_has_four_quarters"
                    ),
                    models.UniqueConstraint(
                        models.F("year"),
                        models.F("quarter"),
                        models.F("revision"),
                        name="one_edition_a_period_and_revision",
                    ),
                    models.UniqueConstraint(
                        models.F("year"),
                        models.F("quarter"),
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    havenlight.report.states.State["DRAFT"],
                                    havenlight.report.states.State["FROZEN"],
                                    havenlight.report.states.State["REVIEW"],
                                ],
                            )
                        ),
                        name="one_open_edition_a_period",
                    ),
                    models.UniqueConstraint(
                        models.F("year"),
                        models.F("quarter"),
                        condition=models.Q(("state", havenlight.report.states.State["PUBLISHED"])),
                        name="one_published_edition_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects", None), ("revision", 1)),
                            models.Q(("corrects__isnull", False), ("revision__gt", 1)),
                            _connector="OR",
                        ),
                        name="a_revision_corrects_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reviewed_at", None),
                                ("reviewed_by", None),
                                (
                                    "state__in",
                                    [
                                        havenlight.report.states.State["DRAFT"],
                                        havenlight.report.states.State["REVIEW"],
                                    ],
                                ),
                            ),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                (
                                    "state__in",
                                    [
                                        havenlight.report.states.State["FROZEN"],
                                        havenlight.report.states.State["PUBLISHED"],
                                        havenlight.report.states.State["CORRECTED"],
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="frozen_by_a_reviewer_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", None),
                            models.Q(("reviewed_by", models.F("built_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="reviewed_by_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                                (
                                    "state__in",
                                    [
                                        havenlight.report.states.State["PUBLISHED"],
                                        havenlight.report.states.State["CORRECTED"],
                                    ],
                                ),
                            ),
                            models.Q(
                                ("published_at", None),
                                ("published_by", None),
                                (
                                    "state__in",
                                    [
                                        havenlight.report.states.State["DRAFT"],
                                        havenlight.report.states.State["REVIEW"],
                                        havenlight.report.states.State["FROZEN"],
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="published_by_someone_at_some_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("content", models.BinaryField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="report.storededition",
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("edition"), models.F("name"), name="one_file_a_name_and_edition"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveIntegerField(unique=True)),
                (
                    "said",
                    models.TextField(help_text="JSON of a ledger that holds this part alone."),
                ),
                (
                    "edition",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="report.storededition",
                    ),
                ),
                (
                    "question",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="report.question",
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("edition", None), ("question__isnull", False)),
                            models.Q(("edition__isnull", False), ("question", None)),
                            _connector="OR",
                        ),
                        name="told_by_one_of_two",
                    )
                ],
            },
        ),
    ]
