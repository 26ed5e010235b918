"""The tables of what a helpline settles for itself; `team.helpline` reads them."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from havenlight.team.codes import CardFor, Icon, Taken, Topic, Weekday
from havenlight.team.colours import check_accent_dark, check_accent_light
from havenlight.team.exits import check_public_address

_language = RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z", _("Use a code such as nl or ar."))
_country = RegexValidator(r"^[A-Z]{2}\Z", _("Use the two capitals of the country, such as NL."))
_telephone = RegexValidator(
    r"^\+?[0-9][0-9 -]{1,18}\Z", _("Use digits, spaces and hyphens, such as 0800-0432.")
)


class HouseRules(models.Model):
    """What holds for the whole helpline; one row, or none while everything is as it comes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    closing_minutes = models.PositiveSmallIntegerField(
        _("minutes before closing in which no new conversation begins"),
        default=30,
        validators=[MaxValueValidator(180)],
    )
    queue_limit = models.PositiveSmallIntegerField(
        _("visitors who may wait at the same time"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Who comes when so many wait is told that it is full. Empty: no limit."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("conversations a counsellor has at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("By weight, unless she has a number of her own. Empty: as installed."),
    )
    wrap_up_minutes = models.PositiveSmallIntegerField(
        _("minutes that an ended conversation keeps its place, unless finished"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(120)],
        help_text=_("Time to write things down before the next. Empty: as installed."),
    )
    figures_threshold = models.PositiveSmallIntegerField(
        _("smallest number of persons that is published"),
        default=5,
        validators=[MinValueValidator(5), MaxValueValidator(100)],
        help_text=_("It can be raised, never lowered: what was withheld would come out."),
    )
    transcript_days = models.PositiveSmallIntegerField(
        _("days that a closed conversation can be read"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    notes_days = models.PositiveSmallIntegerField(
        _("days that notes beside a closed conversation are kept"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("Never longer than the conversation itself. Empty: as installed."),
    )
    contact_days = models.PositiveSmallIntegerField(
        _("days that a referral which came in is kept"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("With how the person can be reached. Empty: as installed."),
    )
    registration_days = models.PositiveSmallIntegerField(
        _("days that the coded facts of a case are kept"),
        default=1826,
        validators=[MinValueValidator(366), MaxValueValidator(3653)],
    )
    referral_days = models.PositiveSmallIntegerField(
        _("days that a referral is kept after it was closed"),
        default=365,
        validators=[MinValueValidator(30), MaxValueValidator(1826)],
    )
    audit_days = models.PositiveSmallIntegerField(
        _("days that a line of the audit is kept at the least"),
        default=1826,
        validators=[MinValueValidator(366), MaxValueValidator(3653)],
    )
    backup_days = models.PositiveSmallIntegerField(
        _("days after which a backup has been destroyed"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    icon = models.CharField(_("icon of the visitor's tab"), max_length=8, choices=Icon, blank=True)
    accent_light = models.CharField(
        _("accent on a light page"),
        max_length=7,
        blank=True,
        validators=[check_accent_light],
        help_text=_("Such as #165e5a. Empty: the colour that Havenlight comes with."),
    )
    accent_dark = models.CharField(
        _("accent on a dark page"),
        max_length=7,
        blank=True,
        validators=[check_accent_dark],
        help_text=_("Such as #86cdc6. Empty: the colour that Havenlight comes with."),
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="one_set_of_rules_an_installation"),
            models.CheckConstraint(
                condition=Q(figures_threshold__gte=5), name="no_figure_below_five"
            ),
        )

    def __str__(self) -> str:
        return "house rules"


class HelplineLanguage(models.Model):
    """A language that visitors may choose, and the helpline's own words in it.

    An empty text means that the page says what Havenlight comes with.
    """

    code = models.CharField(_("language"), max_length=10, primary_key=True, validators=[_language])
    is_on = models.BooleanField(_("visitors may choose it"), default=False)
    reviewed_by = models.CharField(
        _("who reviewed the texts"),
        max_length=80,
        blank=True,
        help_text=_("A speaker of the language who knows the subject."),
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    name = models.CharField(_("name of the helpline"), max_length=80, blank=True)
    page_title = models.CharField(
        _("title of the visitor's tab"),
        max_length=40,
        blank=True,
        help_text=_("Tab and history show it to who looks over her shoulder: say nothing in it."),
    )
    heading = models.CharField(_("heading of the first page"), max_length=80, blank=True)
    lead = models.CharField(_("first words below it"), max_length=300, blank=True)
    closed_text = models.TextField(_("when closed"), max_length=600, blank=True)
    full_text = models.TextField(_("when too many wait"), max_length=600, blank=True)
    goodbye = models.TextField(_("after the conversation"), max_length=600, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_on=False)
                | Q(code__in=("nl", "en"))
                | (~Q(reviewed_by="") & Q(reviewed_on__isnull=False)),
                name="no_language_unreviewed",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by="", reviewed_on=None)
                | (~Q(reviewed_by="") & Q(reviewed_on__isnull=False)),
                name="reviewed_by_someone_on_some_day",
            ),
        )

    def __str__(self) -> str:
        return self.code


class OpeningHours(models.Model):
    """A time in each week at which somebody answers, in the organisation's time zone.

    An end that is not after the begin is on the next day; 00:00 to 00:00 is the whole day.
    """

    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("to"))

    class Meta:
        ordering = ("weekday", "opens_at")
        constraints = (
            models.UniqueConstraint("weekday", "opens_at", name="opens_once_at_a_time"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_day_of_the_week"),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_at:%H:%M}"


class OpeningException(models.Model):
    """A day with other hours than its day of the week has, or with none."""

    on = models.DateField(_("date"), unique=True)
    opens_at = models.TimeField(_("from"), null=True, blank=True)
    closes_at = models.TimeField(_("to"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=60, blank=True)

    class Meta:
        ordering = ("on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None)
                | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="closed_or_from_and_to",
            ),
        )

    def __str__(self) -> str:
        return f"{self.on}"


class EmergencyLine(models.Model):
    """Whom to call in danger in another country than `Organisation.emergency_number` is for."""

    country = models.CharField(_("country"), max_length=2, unique=True, validators=[_country])
    number = models.CharField(_("number"), max_length=20, validators=[_telephone])

    class Meta:
        ordering = ("country",)

    def __str__(self) -> str:
        return f"{self.country} {self.number}"


class OtherHelpline(models.Model):
    """Another service that a visitor may turn to, told in one language."""

    language = models.CharField(_("language"), max_length=10, validators=[_language])
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    name = models.CharField(_("name"), max_length=60)
    what_for = models.CharField(_("what for"), max_length=160)
    number = models.CharField(_("number"), max_length=20, blank=True, validators=[_telephone])
    address = models.URLField(_("website"), blank=True, validators=[check_public_address])

    class Meta:
        ordering = ("language", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(number="") | ~Q(address=""), name="a_number_or_an_address"
            ),
        )

    def __str__(self) -> str:
        return f"{self.language} {self.name}"


class ImageService(models.Model):
    """A service that gets pictures of somebody off the internet."""

    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[_country],
        help_text=_("Empty: for every country."),
    )
    name = models.CharField(_("name"), max_length=60)
    address = models.URLField(_("website"), validators=[check_public_address])
    taken = models.CharField(_("for whom"), max_length=5, choices=Taken, default=Taken.ANY)
    without_upload = models.BooleanField(
        _("the picture is not sent"),
        default=False,
        help_text=_("The phone makes a number of the picture, and only the number is sent."),
    )

    class Meta:
        ordering = ("-without_upload", "country", "name")

    def __str__(self) -> str:
        return self.name


class ReadyText(models.Model):
    """A sentence or two that a counsellor may put into her message, and change there."""

    language = models.CharField(_("language"), max_length=10, validators=[_language])
    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    text = models.TextField(_("text"), max_length=1000)

    class Meta:
        ordering = ("language", "topic", "pk")

    def __str__(self) -> str:
        return f"{self.language} {self.topic}"


class InformationCard(models.Model):
    """A short explanation that a counsellor may give a visitor as it stands."""

    language = models.CharField(_("language"), max_length=10, validators=[_language])
    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    for_whom = models.CharField(_("for whom"), max_length=8, choices=CardFor, default=CardFor.ALL)
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=1800)

    class Meta:
        ordering = ("language", "topic", "title")
        constraints = (models.UniqueConstraint("language", "title", name="a_card_is_told_once"),)

    def __str__(self) -> str:
        return f"{self.language} {self.title}"
