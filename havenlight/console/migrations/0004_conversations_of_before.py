"""How many conversations each contact held until now, from the rows that chat keeps for good."""

from collections import Counter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import migrations

_AT_A_TIME = 2_000


def count(apps: Any, _schema_editor: Any) -> None:
    """Count threads that are tied to a contact, and the days of persons who do not exist.

    Who was imported from a spreadsheet stays without a count: nobody knows how often she came.
    """
    links = apps.get_model("casework", "Link").objects.filter(case__simulated=True)
    ties = apps.get_model("console", "Tie").objects
    came = [
        *links.values_list("contact", "contact__began_on"),
        # By its first conversation, answered or not, a contact came into view.
        *ties.values_list("contact", "contact__began_on"),
    ]
    held = Counter({(contact, day.year): 1 for contact, day in came}) | _held(apps)
    year = apps.get_model("casework", "ContactYear")
    rows = (
        year(contact_id=contact, year=each, conversations=number)
        for (contact, each), number in held.items()
    )
    year.objects.bulk_create(rows, batch_size=_AT_A_TIME)


def _held(apps: Any) -> Counter[tuple[UUID, int]]:
    """The conversations that were answered, by contact and year of the helpline."""
    organisation = apps.get_model("team", "Organisation").objects.first()
    if organisation is None:
        return Counter()
    zone = ZoneInfo(organisation.time_zone)
    contact_of = dict(apps.get_model("console", "Tie").objects.values_list("thread", "contact"))
    answered = apps.get_model("chat", "Conversation").objects.filter(is_practice=False)
    begun = answered.exclude(accepted_at=None).values_list("thread", "started_at")
    return Counter(
        (contact_of[thread], moment.astimezone(zone).year)
        for thread, moment in begun.iterator()
        if thread in contact_of
    )


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0003_conversations_by_year"),
        ("chat", "0010_objects_at"),
        ("console", "0003_reading_along"),
        ("team", "0002_helpline"),
    ]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
