"""How much of a year's privacy made-up persons have cost, all their files together.

Whoever is in several files is told about by each of them: their epsilons add up. A person belongs
to one year, so the account is kept by the year, whichever years a file pools.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havenlight.report.errors import BudgetSpent, EditionRefused

MOST_EPSILON = 3.0
"""All that the files which hold a year may cost together; one file may take all of it."""

_ROUNDING = 1e-9

Sums = Mapping[int, float]
"""What was spent on the persons of each year."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one file cost everyone first seen in its years."""

    years: tuple[int, ...]
    epsilon: float


def by_year(files: Iterable[Spent]) -> dict[int, float]:
    """What has been spent on the persons of each year, by all files together."""
    parts: dict[int, list[float]] = {}
    for each in files:
        for year in set(each.years):
            parts.setdefault(year, []).append(each.epsilon)
    return {year: math.fsum(parts[year]) for year in sorted(parts)}


def check(before: Iterable[Spent], asked: Spent) -> Sums:
    """What will have been spent on each year that is asked for, this file included.

    Raises BudgetSpent when that is more than MOST_EPSILON for one of them.
    """
    spent = by_year(before)
    after = {year: spent.get(year, 0.0) + asked.epsilon for year in sorted(set(asked.years))}
    for year, epsilon in after.items():
        if epsilon > MOST_EPSILON + _ROUNDING:
            raise BudgetSpent(year, spent.get(year, 0.0), asked.epsilon, MOST_EPSILON)
    return after


def read(account: Path) -> list[Spent]:
    """The account of files that were made without a database; none when there is no such file.

    Raises EditionRefused when it is no account: what was spent must never be guessed.
    """
    try:
        held = json.loads(account.read_text("utf-8"))
        return [_spent(each) for each in held["spent"]]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise EditionRefused(f"{account}: {error.strerror}") from None
    except (KeyError, TypeError, ValueError):
        raise EditionRefused(f"{account} is no account of what was spent") from None


def _spent(held: Mapping[str, Any]) -> Spent:
    epsilon = float(held["epsilon"])
    if not 0 < epsilon <= MOST_EPSILON:
        raise ValueError(epsilon)
    return Spent(tuple(int(year) for year in held["years"]), epsilon)


def write(account: Path, files: Sequence[Spent]) -> None:
    """Write the account, all of it or nothing; EditionRefused when it cannot be written."""
    held = {"spent": [{"years": list(each.years), "epsilon": each.epsilon} for each in files]}
    beside = account.with_name(f".{account.name}.new")
    try:
        beside.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
        beside.replace(account)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise EditionRefused(f"{account} cannot be written: {error.strerror}") from None
