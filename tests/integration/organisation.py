"""A helpline without members or keys of its own: made in no time, unlike the demo's."""

from django.conf import settings

from havenlight.core.seal import keys
from havenlight.team.models import Organisation


def make_organisation(time_zone: str = "UTC") -> Organisation:
    """The helpline of this database, made when there is none yet; its pages can be asked for."""
    # Where static files would be collected; a page is made without them.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    given = {
        "name": "Havenlight",
        "page_title": "Info",
        "emergency_number": "112",
        "exit_url": "https://www.example.org/",
        "time_zone": time_zone,
        "default_language": "nl",
        "signing_key": keys.public_of(keys.new_key()),
    }
    return Organisation.objects.get_or_create(defaults=given)[0]
