"""havenlight demo: a helpline to look at, on this machine alone."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from havenlight.casework.simulation import targets
from havenlight.site import demo, server
from havenlight.team import demo as organisation
from havenlight.team.models import Organisation

EXIT_URL = "https://www.wikipedia.org/"
YEARS = (2019, 2020, 2021)


class Command(BaseCommand):
    """Makes the demo organisation when there is none, prints how to use it, and serves it."""

    help = "Serve a demo: made-up organisation, keys made by the server, this machine only."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and whether to."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--only-prepare", action="store_true", help="do not serve")
        parser.add_argument(
            "--counsellors", type=int, default=2, help="how many, to rehearse a shift"
        )
        parser.add_argument(
            "--years",
            type=int,
            nargs="*",
            choices=tuple(targets.YEARS),
            default=YEARS,
            help="made-up years, for the report",
        )

    def handle(
        self, *args: object, port: int, only_prepare: bool, counsellors: int, **options: object
    ) -> None:
        """Prepare, print, serve."""
        call_command("migrate", verbosity=0)
        if not settings.STATIC_ROOT.exists():
            call_command("collectstatic", verbosity=0, interactive=False)
        if not Organisation.objects.exists():
            _write(organisation.make(EXIT_URL, counsellors))
            if years := options["years"]:
                call_command("simulate", year=years, database=True, stdout=StringIO())
        self._print()
        if not only_prepare:
            server.serve("127.0.0.1", port)

    def _print(self) -> None:
        site = settings.ORIGINS[0]
        lines = [
            "",
            f"  Visitor   {site}/",
            f"  Member    {site}/desk/",
            f"  Report    {site}/report/",
            f"  Estimate  {site}/figures/estimation",
            "",
        ]
        for sign_in in demo.read_sign_ins(settings.DATA_DIR):
            lines.append(f"  Sign in   {sign_in['email']}   {sign_in['password']}")
            if sign_in["phrase"]:
                lines.append(f"  Unlock    {sign_in['phrase']}")
            lines.append("")
        if (words := demo.read_signing_phrase(settings.DATA_DIR)) is not None:
            lines.append(f"  Keys      {settings.DATA_DIR / demo.SIGNING_FILE}   {words}")
            lines.append("")
        lines += ["  A demo: the server made these keys. Ctrl-C stops it.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _write(made: organisation.Made) -> None:
    sign_ins = [asdict(sign_in) for sign_in in made.sign_ins]
    files = {
        demo.SIGN_IN_FILE: json.dumps(sign_ins, indent=1),
        demo.SIGNING_FILE: json.dumps(made.signing.as_json(), indent=1),
        demo.SIGNING_PHRASE_FILE: made.signing_phrase,
    }
    for name, text in files.items():
        demo.write_private(settings.DATA_DIR / name, text)
