"""Registrations from the database, as the arrays that are counted."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from havenlight.casework import registrations as cases
from havenlight.casework.answers import as_json
from havenlight.casework.codebook import Codebook
from havenlight.casework.registrations import PersonRow
from havenlight.figures.columns import NOT_COUNTED, Cells, Registrations, versions_by_year


def read(
    codebook: Codebook, wanted: Sequence[str], years: Sequence[int], *, simulated: bool
) -> Registrations:
    """Everyone first seen in these years, each once, in the variables `wanted` of `codebook`.

    Answers under an older codebook are brought to this one.
    """
    persons = [each for year in years for each in cases.persons(year, simulated=simulated)]
    rows = list(_answers(persons, codebook))
    answers = {}
    for key in wanted:
        cells = Cells(codebook.variables[key])
        answers[key] = np.fromiter((cells[row[key]] for row in rows), np.int64, len(rows))
    seen = [person.first_seen_on for person in persons]
    return Registrations(
        codebook,
        np.array([day.year for day in seen], np.int16),
        np.array([day.month for day in seen], np.int8),
        _contacts(persons),
        answers,
        versions_by_year([day.year for day in seen], [each.codebook for each in persons]),
        simulated,
        tuple(person.case for person in persons),
    )


def _contacts(persons: Sequence[PersonRow]) -> NDArray[np.int32]:
    held = (NOT_COUNTED if one.conversations is None else one.conversations for one in persons)
    return np.fromiter(held, np.int32, len(persons))


def _answers(persons: Sequence[PersonRow], codebook: Codebook) -> Iterator[dict[str, str]]:
    for person in persons:
        brought = cases.brought_to(codebook.version, person.codebook, person.answers)
        yield {
            key: " ".join(value) if isinstance(value, list) else str(value)
            for key, value in as_json(brought).items()
        }
