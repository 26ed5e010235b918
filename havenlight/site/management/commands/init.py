"""havenlight init: begin a helpline of one's own."""

import sys
from argparse import ArgumentParser
from zoneinfo import available_timezones

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.urls import reverse

from havenlight.team import founding
from havenlight.team.errors import FoundingRefused
from havenlight.team.founding import Founding
from havenlight.team.invitations import LINK_HOURS
from havenlight.team.languages import OURS

# What is asked, in this order, and what is taken when nothing is answered.
QUESTIONS = {
    "name": ("Name of the helpline", ""),
    "page_title": ("Title in the visitor's tab and history; it should say nothing", "Info"),
    "emergency_number": ("Number to call in danger", "112"),
    "exit_url": ("Page that the exit leads to, with https://", ""),
    "time_zone": ("Time zone", "Europe/Amsterdam"),
    "default_language": ("Language, nl or en", "nl"),
    "email": ("E-mail address of the first coordinator", ""),
    "alias": ("Name by which visitors know her; best not her own", "Coordinator"),
}


class Command(BaseCommand):
    """Makes the organisation without any key, and prints the link of its first coordinator."""

    help = "Begin a helpline: asks what it must know, and prints a link for its coordinator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Each question, answered beforehand."""
        for name, (question, default) in QUESTIONS.items():
            said = f"{question} ({default})" if default else question
            parser.add_argument(f"--{name.replace('_', '-')}", help=said)

    def handle(self, *args: object, **options: str | None) -> None:
        """Ask what was not said, and found."""
        call_command("migrate", verbosity=0)
        said = {name: options[name] or self._ask(name) for name in QUESTIONS}
        email, alias = said.pop("email"), said.pop("alias")
        if said["time_zone"] not in available_timezones():
            raise FoundingRefused(f"there is no time zone {said['time_zone']}")
        if said["default_language"] not in OURS:
            raise FoundingRefused(f"the language is one of {', '.join(OURS)}")
        link = founding.found(Founding(**said), email, alias)
        lines = (
            f"{said['name']} is there. It has no keys yet: its first coordinator makes them.",
            f"Give {email} this link. It works once, within {LINK_HOURS} hours:",
            "",
            f"  {settings.ORIGINS[0]}{reverse('team:join')}#{link.token}",
            "",
            "Then run `havenlight serve`.",
        )
        self.stdout.write("\n".join(lines))

    def _ask(self, name: str) -> str:
        question, default = QUESTIONS[name]
        if not sys.stdin.isatty():
            if default:
                return default
            raise FoundingRefused(f"--{name.replace('_', '-')} is not given")
        asked = f"{question} [{default}]: " if default else f"{question}: "
        while not (answer := input(asked).strip() or default):
            pass
        return answer
