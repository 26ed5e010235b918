"""havenlight synthesise: made-up persons for researchers, from pooled years."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from havenlight.disclosure.errors import DisclosureError
from havenlight.figures import defining, from_cases, reading
from havenlight.figures.columns import Registrations
from havenlight.figures.definitions import Book
from havenlight.report import actions, budget, building, microdata, packages, queries, recipes
from havenlight.report.actions import MadePersons
from havenlight.report.errors import EditionRefused
from havenlight.report.recipes import Recipe


class Command(BaseCommand):
    """Makes one file of made-up persons, or says why there can be none."""

    help = "Make up persons alike the victims of pooled years, with differential privacy."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which years, from where, how much may be spent."""
        parser.add_argument("--years", type=int, nargs="+", required=True)
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--registrations", type=Path, metavar="FILE.csv")
        source.add_argument("--database", action="store_true")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--variables", nargs="+", default=list(recipes.VARIABLES))
        parser.add_argument("--epsilon", type=float, default=1.0)
        parser.add_argument(
            "--account",
            type=Path,
            metavar="FILE.json",
            help="what files of these persons cost before; the database keeps its own",
        )

    def handle(self, *args: object, **options: object) -> None:
        """Read, make up, keep account, write."""
        given = Namespace(**options)
        if given.database == (given.account is not None):
            raise EditionRefused(
                "files of the same persons add up: give --account with --registrations, to keep "
                "what was spent; with --database the database keeps it"
            )
        building.check_free(given.out)
        files = _from_database(given) if given.database else _from_file(given)
        building.place(given.out, files)
        self.stdout.write(_("Made-up persons are in %(out)s. Read README.txt.") % vars(given))


def _recipe(given: Namespace, *, simulated: bool) -> Recipe:
    years = tuple(sorted(set(given.years)))
    return Recipe(years, tuple(given.variables), given.epsilon, simulated=simulated)


def _from_database(given: Namespace) -> Mapping[str, bytes]:
    """The file that was made by this recipe, or a new one, which is kept."""
    recipe = _recipe(given, simulated=settings.DEMO)
    if (kept := queries.made_up_as(recipe)) is not None:
        return packages.unzipped(bytes(kept.content))
    spent = budget.check(queries.spent(simulated=recipe.simulated), recipe.spent)
    book = defining.newest()
    recipes.check(recipe, book.codebook)
    wanted = recipes.wanted(book, recipe)
    there = from_cases.read(book.codebook, wanted, recipe.years, simulated=recipe.simulated)
    made = _made(book, there, recipe, spent)
    actions.keep_made_up(recipe, spent, made, None)
    return made.files


def _from_file(given: Namespace) -> Mapping[str, bytes]:
    """A new file; what it costs is on the account before anybody has it."""
    book = defining.newest()
    recipe = _recipe(given, simulated=False)
    recipes.check(recipe, book.codebook)
    there = reading.read(given.registrations, book.codebook, recipes.wanted(book, recipe))
    recipe = replace(recipe, simulated=there.simulated)
    before = budget.read(given.account)
    spent = budget.check(before, recipe.spent)
    made = _made(book, there, recipe, spent)
    budget.write(given.account, [*before, recipe.spent])
    return made.files


def _made(
    book: Book, there: Registrations, recipe: Recipe, spent: Mapping[int, float]
) -> MadePersons:
    try:
        made = microdata.made_up(book, there, recipe)
    except (DisclosureError, ValueError) as refused:
        raise EditionRefused(str(refused)) from None
    return MadePersons(len(made.codes), microdata.files(made, recipe, spent))
