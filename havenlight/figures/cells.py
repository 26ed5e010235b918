"""Answers as the cells of a table, and back: codes apart by a space, days as in ISO 8601."""

from collections.abc import Mapping
from datetime import date

from havenlight.casework.answers import checked
from havenlight.casework.codebook import Absence, Answer, Answers, Codebook, Kind
from havenlight.casework.errors import AnswersRefused
from havenlight.figures.errors import RegistrationsRefused


def answers(codebook: Codebook, cells: Mapping[str, str], file: str, row: int) -> Answers:
    """The answers in the cells of a row, or RegistrationsRefused with what the codebook refuses."""
    given = {key: _answer(codebook, key, cells[key]) for key in codebook.variables if key in cells}
    try:
        return checked(codebook, given)
    except AnswersRefused as error:
        raise RegistrationsRefused(file, str(error), row) from None


def cell(answer: Answer) -> str:
    """An answer as a cell."""
    if isinstance(answer, tuple):
        return " ".join(answer)
    return answer.isoformat() if isinstance(answer, date) else str(answer)


def _answer(codebook: Codebook, key: str, cell: str) -> object:
    kind = codebook.variables[key].kind
    if cell in set(Absence):
        return cell
    if kind is Kind.SEVERAL:
        return cell.split(" ")
    if kind in {Kind.NUMBER, Kind.MONTHS} and cell.isascii() and cell.isdecimal():
        return int(cell)
    return cell
