"""The command `havenlight`."""

import os
import sys
from argparse import ArgumentParser

from django.core.management import ManagementUtility

from havenlight.core.errors import HavenlightError
from havenlight.site import demo


def main() -> None:
    """Run one of the commands below `havenlight.site.management`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "havenlight.site.settings")
    try:
        if sys.argv[1:2] == ["demo"]:
            _prepare_demo(sys.argv[2:])
        ManagementUtility(["havenlight", *sys.argv[1:]]).execute()
    except HavenlightError as error:
        sys.exit(f"havenlight: {error}")


def _prepare_demo(arguments: list[str]) -> None:
    """The demo brings the settings that others must give, and they are read before a command is."""
    parser = ArgumentParser(add_help=False)
    parser.add_argument("--port", type=int, default=8000)
    demo.prepare(parser.parse_known_args(arguments)[0].port)
