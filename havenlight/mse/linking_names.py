"""What identifies a person across organisations, written so that spelling matters less."""

import csv
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from havenlight.mse.linking import LinkingRefused

COLUMNS = ("family_name", "given_name", "birth_on")
EARLIEST = date(1900, 1, 1)
# Letters that Unicode does not take apart into a base letter and a mark.
SPELLED_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def letters_of(name: str) -> str:
    """Return the plain Latin letters a to z of a name: no case, accents, spaces or hyphens."""
    lowered = name.casefold().translate(SPELLED_OUT)
    taken_apart = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in taken_apart if "a" <= letter <= "z")


def full_identity(family: str, given: str, birth: str) -> str:
    """Write a person by both names in full: few false links, but a typing error misses one."""
    return f"full|{family}|{given}|{birth}"


def short_identity(family: str, given: str, birth: str) -> str:
    """Write a person by letters 2, 3 and 5 of the family name and 2 and 3 of the given name.

    Misses fewer links, at the price of false ones. Letters that a short name does not have are
    written 2. Source: the statistical linkage key SLK-581 of the Australian Institute of Health
    and Welfare, here without the sex, which organisations record differently.
    """
    chosen = _pick(family, (2, 3, 5)) + _pick(given, (2, 3))
    return f"short|{chosen}|{birth}"


RECIPES: dict[str, Callable[[str, str, str], str]] = {
    "full": full_identity,
    "short": short_identity,
}


def read_identities(path: Path, recipe: str, today: date) -> tuple[list[str], int]:
    """Read a CSV of persons; return their identities, each once, and how many rows were repeats.

    The columns are family_name, given_name and birth_on (2009-03-31); others are not looked at.
    Raises LinkingRefused with every row that cannot be used and why. Reasons name columns and
    never what stands in them.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        absent = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if absent:
            raise LinkingRefused((1, f"no column {', '.join(absent)}"))
        identities = _identities(rows, recipe, today)
    once = list(dict.fromkeys(identities))
    return once, len(identities) - len(once)


def _identities(rows: Iterable[dict[str, str | None]], recipe: str, today: date) -> list[str]:
    identities, problems = [], []
    for number, row in enumerate(rows, 2):
        family, given = (letters_of(row[name] or "") for name in COLUMNS[:2])
        reason = _name_problem(family, given) or _birth_problem(row["birth_on"] or "", today)
        if reason:
            problems.append((number, reason))
        else:
            identities.append(RECIPES[recipe](family, given, (row["birth_on"] or "").strip()))
    if problems:
        raise LinkingRefused(*problems)
    return identities


def _name_problem(family: str, given: str) -> str:
    for column, letters in zip(COLUMNS, (family, given), strict=False):
        if not letters:
            return f"{column} has no Latin letter; write it as the passport does"
    return ""


def _birth_problem(text: str, today: date) -> str:
    try:
        born = date.fromisoformat(text.strip())
    except ValueError:
        return "birth_on is not a date like 2009-03-31"
    if len(text.strip()) != 10:
        return "birth_on is not a date like 2009-03-31"
    return "" if EARLIEST <= born <= today else "birth_on is before 1900 or in the future"


def _pick(name: str, places: tuple[int, ...]) -> str:
    return "".join(name[place - 1] if place <= len(name) else "2" for place in places)
