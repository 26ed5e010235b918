import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import havenlight.chat.codes
import havenlight.chat.states


class Migration(migrations.Migration):
    replaces = [
        ("chat", "0001_initial"),
        ("chat", "0002_return_code"),
        ("chat", "0003_capacity"),
        ("chat", "0004_conversation_server_sealed"),
        ("chat", "0005_practice"),
        ("chat", "0006_helping"),
        ("chat", "0007_after"),
        ("chat", "0008_reading_along"),
        ("chat", "0009_letters_and_agreed_times"),
        ("chat", "0010_objects_at"),
        ("chat", "0011_campaigns"),
    ]

    initial = True

    dependencies = [
        ("team", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guesses",
            fields=[
                ("minute", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("wrong", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "name",
                    models.CharField(
                        help_text="As in the address and in the codebook's variable; her browser remembers it.",
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9][a-z0-9_-]*$")],
                    ),
                ),
                ("told", models.CharField(help_text="What the team knows it by.", max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                havenlight.chat.codes.CampaignKind["CAMPAIGN"],
                                havenlight.chat.codes.CampaignKind["CAMPAIGN"],
                            ),
                            (
                                havenlight.chat.codes.CampaignKind["INVITATION"],
                                havenlight.chat.codes.CampaignKind["INVITATION"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, help_text="Empty: that of her browser.", max_length=7
                    ),
                ),
                ("made_on", models.DateField()),
                (
                    "closed_on",
                    models.DateField(help_text="Since when it is counted no more.", null=True),
                ),
            ],
            options={
                "ordering": ("-made_on", "name"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("closed_on__gte", models.F("made_on")),
                            _connector="OR",
                        ),
                        name="closed_after_it_was_made",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                (
                    "conversation",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
                ("story", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "verbose_name_plural": "practices",
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "code_check",
                    models.BinaryField(
                        help_text="SHA-256 of the lookup id of her return code.",
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "objects_at",
                    models.DateTimeField(
                        help_text="Since when she does not want what is coded of her to be counted.",
                        null=True,
                    ),
                ),
                (
                    "agreed_at",
                    models.DateTimeField(help_text="When she and a member talk again.", null=True),
                ),
                (
                    "agreed_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at", None), ("agreed_with", None)),
                            models.Q(("agreed_at__isnull", False), ("agreed_with__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreed_with_someone_on_some_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                havenlight.chat.states.State["WAITING"],
                                havenlight.chat.states.State["WAITING"],
                            ),
                            (
                                havenlight.chat.states.State["LEFT"],
                                havenlight.chat.states.State["LEFT"],
                            ),
                            (
                                havenlight.chat.states.State["ACTIVE"],
                                havenlight.chat.states.State["ACTIVE"],
                            ),
                            (
                                havenlight.chat.states.State["ENDED"],
                                havenlight.chat.states.State["ENDED"],
                            ),
                            (
                                havenlight.chat.states.State["ABANDONED"],
                                havenlight.chat.states.State["ABANDONED"],
                            ),
                        ],
                        default=havenlight.chat.states.State["WAITING"],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=7)),
                ("for_whom", models.CharField(blank=True, max_length=5, null=True)),
                ("in_danger", models.BooleanField(null=True)),
                ("under_18", models.BooleanField(null=True)),
                (
                    "returning",
                    models.BooleanField(default=False, help_text="She came back by her code."),
                ),
                ("epoch", models.PositiveIntegerField()),
                ("tab_check", models.BinaryField(help_text="SHA-256 of the tab credential.")),
                (
                    "server_sealed",
                    models.BooleanField(
                        default=False,
                        help_text="Written without scripts, and sealed by the server on her behalf.",
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.CharField(
                        choices=[
                            (
                                havenlight.chat.states.By["VISITOR"],
                                havenlight.chat.states.By["VISITOR"],
                            ),
                            (havenlight.chat.states.By["EXIT"], havenlight.chat.states.By["EXIT"]),
                            (
                                havenlight.chat.states.By["MEMBER"],
                                havenlight.chat.states.By["MEMBER"],
                            ),
                            (
                                havenlight.chat.states.By["GRACE"],
                                havenlight.chat.states.By["GRACE"],
                            ),
                        ],
                        max_length=7,
                        null=True,
                    ),
                ),
                ("last_seq", models.PositiveIntegerField(default=0)),
                ("visitor_n", models.PositiveIntegerField(default=0)),
                ("member_sender", models.CharField(blank=True, max_length=18)),
                ("member_n", models.PositiveIntegerField(default=0)),
                ("visitor_read", models.PositiveIntegerField(default=0)),
                ("member_read", models.PositiveIntegerField(default=0)),
                ("visitor_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("visitor_away", models.BooleanField(default=False)),
                (
                    "is_practice",
                    models.BooleanField(
                        default=False,
                        help_text="A member trains on a made-up visitor; never counted.",
                    ),
                ),
                (
                    "is_letter",
                    models.BooleanField(
                        default=False,
                        help_text="It was left to find an answer later, and never waited in line.",
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                (
                    "risk_at",
                    models.DateTimeField(help_text="When a member flagged a risk.", null=True),
                ),
                (
                    "risk_steps",
                    models.JSONField(default=list, help_text="What was done of codes.RiskStep."),
                ),
                (
                    "insincere",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                havenlight.chat.codes.InsincereReason["CONTRADICTIONS"],
                                havenlight.chat.codes.InsincereReason["CONTRADICTIONS"],
                            ),
                            (
                                havenlight.chat.codes.InsincereReason["COPIED"],
                                havenlight.chat.codes.InsincereReason["COPIED"],
                            ),
                            (
                                havenlight.chat.codes.InsincereReason["SEXUAL_MOTIVE"],
                                havenlight.chat.codes.InsincereReason["SEXUAL_MOTIVE"],
                            ),
                            (
                                havenlight.chat.codes.InsincereReason[
                                    "SEEKS_INFORMATION_ON_SERVICE"
                                ],
                                havenlight.chat.codes.InsincereReason[
                                    "SEEKS_INFORMATION_ON_SERVICE"
                                ],
                            ),
                            (
                                havenlight.chat.codes.InsincereReason["OTHER"],
                                havenlight.chat.codes.InsincereReason["OTHER"],
                            ),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "finished_at",
                    models.DateTimeField(
                        help_text="When its member was done with it, after it had ended.", null=True
                    ),
                ),
                (
                    "reader_until",
                    models.DateTimeField(
                        help_text="When reading along lapses unless her page says that she still does.",
                        null=True,
                    ),
                ),
                (
                    "counsellor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        help_text="The coordinator who reads along, which both sides see.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wish",
                    models.ForeignKey(
                        help_text="Whom she would like to be answered by: who answered her before.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversations",
                        to="chat.thread",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("started_at"),
                        condition=models.Q(
                            (
                                "state__in",
                                frozenset(
                                    [
                                        havenlight.chat.states.State["ACTIVE"],
                                        havenlight.chat.states.State["LEFT"],
                                        havenlight.chat.states.State["WAITING"],
                                    ]
                                ),
                            )
                        ),
                        name="open_conversations",
                    ),
                    models.Index(
                        models.F("counsellor"),
                        condition=models.Q(("finished_at", None)),
                        name="unfinished_conversations",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("counsellor", None)),
                            models.Q(("accepted_at__isnull", False), ("counsellor__isnull", False)),
                            _connector="OR",
                        ),
                        name="accepted_by_someone_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("ended_by", None),
                                (
                                    "state__in",
                                    frozenset(
                                        [
                                            havenlight.chat.states.State["ACTIVE"],
                                            havenlight.chat.states.State["LEFT"],
                                            havenlight.chat.states.State["WAITING"],
                                        ]
                                    ),
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        frozenset(
                                            [
                                                havenlight.chat.states.State["ACTIVE"],
                                                havenlight.chat.states.State["LEFT"],
                                                havenlight.chat.states.State["WAITING"],
                                            ]
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="closed_by_someone_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reader", None),
                            models.Q(
                                ("reader_until__isnull", False),
                                ("state", havenlight.chat.states.State["ACTIVE"]),
                                models.Q(("reader", models.F("counsellor")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="read_along_for_a_time_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("ended_at__isnull", False), _connector="OR"
                        ),
                        name="finished_after_it_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 1), ("weight__lte", 3)),
                        name="weighs_one_to_three",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("member_read__lte", models.F("last_seq")),
                            ("visitor_read__lte", models.F("last_seq")),
                        ),
                        name="read_no_further_than_written",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="After",
            fields=[
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="after",
                        serialize=False,
                        to="chat.conversation",
                    ),
                ),
                (
                    "helped",
                    models.CharField(
                        choices=[
                            (
                                havenlight.chat.codes.Helped["YES"],
                                havenlight.chat.codes.Helped["YES"],
                            ),
                            (
                                havenlight.chat.codes.Helped["PARTLY"],
                                havenlight.chat.codes.Helped["PARTLY"],
                            ),
                            (
                                havenlight.chat.codes.Helped["NO"],
                                havenlight.chat.codes.Helped["NO"],
                            ),
                        ],
                        max_length=6,
                        null=True,
                    ),
                ),
                (
                    "come_back",
                    models.CharField(
                        choices=[
                            (
                                havenlight.chat.codes.ComeBack["YES"],
                                havenlight.chat.codes.ComeBack["YES"],
                            ),
                            (
                                havenlight.chat.codes.ComeBack["MAYBE"],
                                havenlight.chat.codes.ComeBack["MAYBE"],
                            ),
                            (
                                havenlight.chat.codes.ComeBack["NO"],
                                havenlight.chat.codes.ComeBack["NO"],
                            ),
                        ],
                        max_length=5,
                        null=True,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("epoch", models.PositiveIntegerField()),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sealed", models.BinaryField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="chat.thread",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wrap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("team", "team"), ("tab", "tab"), ("code", "code")], max_length=4
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wraps",
                        to="chat.conversation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("conversation"), models.F("kind"), name="one_wrap_of_a_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="block",
                        serialize=False,
                        to="chat.conversation",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            (
                                havenlight.chat.codes.BlockReason["THREATS"],
                                havenlight.chat.codes.BlockReason["THREATS"],
                            ),
                            (
                                havenlight.chat.codes.BlockReason["SEXUAL"],
                                havenlight.chat.codes.BlockReason["SEXUAL"],
                            ),
                            (
                                havenlight.chat.codes.BlockReason["HATE"],
                                havenlight.chat.codes.BlockReason["HATE"],
                            ),
                            (
                                havenlight.chat.codes.BlockReason["REPEATED"],
                                havenlight.chat.codes.BlockReason["REPEATED"],
                            ),
                            (
                                havenlight.chat.codes.BlockReason["OTHER"],
                                havenlight.chat.codes.BlockReason["OTHER"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "upheld",
                    models.BooleanField(
                        help_text="Whether the coordinator left it in force.", null=True
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("began_at"))),
                        name="blocked_for_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reviewed_at", None), ("reviewed_by", None), ("upheld", None)
                            ),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                ("upheld__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reviewed_by_someone_at_some_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.")),
                ("opened", models.PositiveIntegerField(default=0)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="months",
                        to="chat.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("campaign"), models.F("month"), name="counted_in_one_row_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="counted_by_the_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            (
                                havenlight.chat.codes.HandOverReason["SHIFT"],
                                havenlight.chat.codes.HandOverReason["SHIFT"],
                            ),
                            (
                                havenlight.chat.codes.HandOverReason["LANGUAGE"],
                                havenlight.chat.codes.HandOverReason["LANGUAGE"],
                            ),
                            (
                                havenlight.chat.codes.HandOverReason["EXPERTISE"],
                                havenlight.chat.codes.HandOverReason["EXPERTISE"],
                            ),
                            (
                                havenlight.chat.codes.HandOverReason["LOAD"],
                                havenlight.chat.codes.HandOverReason["LOAD"],
                            ),
                            (
                                havenlight.chat.codes.HandOverReason["PERSONAL"],
                                havenlight.chat.codes.HandOverReason["PERSONAL"],
                            ),
                            (
                                havenlight.chat.codes.HandOverReason["OTHER"],
                                havenlight.chat.codes.HandOverReason["OTHER"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(null=True)),
                ("taken", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hand_overs",
                        to="chat.conversation",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("conversation"),
                        condition=models.Q(("settled_at", None)),
                        name="offered_to_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken", False), ("settled_at__isnull", False), _connector="OR"
                        ),
                        name="taken_at_some_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("message_id", models.UUIDField()),
                ("sender", models.CharField(max_length=18)),
                ("n", models.PositiveIntegerField()),
                ("said_at", models.DateTimeField()),
                ("envelope", models.BinaryField()),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="chat.conversation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("conversation"),
                        models.F("message_id"),
                        name="a_message_is_kept_once",
                    )
                ],
            },
        ),
    ]
