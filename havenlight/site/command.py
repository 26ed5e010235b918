"""The command `havenlight`."""

import os
import sys

from django.core.management import ManagementUtility

from havenlight.core.errors import HavenlightError


def main() -> None:
    """Run one of the commands below `havenlight.site.management`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "havenlight.site.settings")
    try:
        ManagementUtility(["havenlight", *sys.argv[1:]]).execute()
    except HavenlightError as error:
        sys.exit(f"havenlight: {error}")
