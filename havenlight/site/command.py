"""The command `havenlight`."""

import gc
import os
import secrets
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Sequence

from havenlight.core.errors import HavenlightError
from havenlight.report import paper
from havenlight.site import demo


def estimate(arguments: Sequence[str]) -> int:
    """Estimate a hidden population from a table of lists."""
    from havenlight.mse import cli  # noqa: PLC0415 -- SciPy, which no other command waits for

    return cli.main(arguments, prog="havenlight estimate")


def link(arguments: Sequence[str]) -> int:
    """Link lists without names."""
    from havenlight.mse import linking_cli  # noqa: PLC0415 -- as above

    return linking_cli.linking_command(arguments)


def attack(arguments: Sequence[str]) -> int:
    """Find small counts in all that a ledger says was published."""
    from havenlight.disclosure import cli  # noqa: PLC0415 -- as above

    return cli.attack_command(arguments)


# These are for a researcher's own machine, where there is neither a database nor a setting.
WITHOUT_SETTINGS: dict[str, Callable[[Sequence[str]], int]] = {
    "attack": attack,
    "estimate": estimate,
    "link": link,
}

# These seal nothing, and open no database unless they are told to: a reader verifies an edition,
# and a researcher builds one from a file, where no helpline runs.
OF_FILES = frozenset({"codebook", "figures", "report", "simulate", "synthesise"})

FOR_AN_OVERVIEW: tuple[list[str], ...] = ([], ["help"], ["--help"], ["-h"])

# For these a process of its own begins to load what makes PDFs before this one loads Django.
MAKING_PAPER = (["report", "build"], ["report", "rebuild"])


def main() -> None:
    """Run one of WITHOUT_SETTINGS, or of the commands below `havenlight.site.management`."""
    if alone := WITHOUT_SETTINGS.get("".join(sys.argv[1:2])):
        sys.exit(alone(sys.argv[2:]))
    if sys.argv[1:2] == ["check"]:
        _compare(sys.argv[2:])
    if _needs_no_secret(sys.argv[1:]):
        _without_secret(keeps_a_key=sys.argv[1:3] == ["report", "build"])
    if sys.argv[1:3] in MAKING_PAPER:
        paper.warm()
        # It ends when that is done: looking for garbage is a tenth of its time.
        gc.disable()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "havenlight.site.settings")
    from django.core.management import ManagementUtility  # noqa: PLC0415 -- after `paper.warm`

    try:
        if sys.argv[1:] in FOR_AN_OVERVIEW:
            _overview()
        if sys.argv[1:2] == ["demo"]:
            _prepare_demo(sys.argv[2:])
        ManagementUtility(["havenlight", *sys.argv[1:]]).execute()
    except KeyboardInterrupt:
        # The way to stop the demo.
        sys.exit(130)
    except HavenlightError as error:
        sys.exit(f"havenlight: {error}")


def _overview() -> None:
    """Print what commands there are, and end."""
    import django  # noqa: PLC0415 -- after `paper.warm`

    django.setup()
    from havenlight.site.overview import overview  # noqa: PLC0415 -- reads the commands' modules

    sys.stdout.write(f"{overview(WITHOUT_SETTINGS)}\n")
    sys.exit()


def _compare(arguments: Sequence[str]) -> None:
    """Compare a live site with this release, when one is given, and end."""
    from havenlight.site import comparing  # noqa: PLC0415 -- a client, which is slow to load

    if site := comparing.site_in(arguments):
        sys.exit(comparing.command(site))


def _needs_no_secret(arguments: list[str]) -> bool:
    """Whether help is asked for, or one of OF_FILES that leaves the database alone."""
    # The word alone may be a purpose or a name; the options are nothing else.
    if arguments[:1] in ([], ["help"]) or not {"-h", "--help"}.isdisjoint(arguments):
        return True
    # Shortened options are taken too.
    of_database = any(each != "--" and "--database".startswith(each) for each in arguments)
    return arguments[0] in OF_FILES and not of_database


def _without_secret(*, keeps_a_key: bool) -> None:
    """Let settings be read where none are given; what keeps no key makes no place for its data."""
    if "SECRET_KEY_FILE" not in os.environ:
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    if not keeps_a_key:
        os.environ.setdefault("DATA_DIR", tempfile.gettempdir())


def _prepare_demo(arguments: list[str]) -> None:
    """The demo brings the settings that others must give, and they are read before a command is."""
    parser = ArgumentParser(add_help=False)
    parser.add_argument("--port", type=int, default=8000)
    demo.prepare(parser.parse_known_args(arguments)[0].port)
