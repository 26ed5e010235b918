"""What may be answered, what is asked next, and how a registration is finished."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from havenlight.casework.codebook import (
    Absence,
    Answer,
    Answers,
    Codebook,
    Complete,
    Kind,
    Variable,
)
from havenlight.casework.errors import AnswersRefused, Refusal

ABSENCES = frozenset(Absence)
OWN_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
EARLIEST = date(1970, 1, 1)
"""No helpline has contacts from before: an earlier day is a slip."""


def asked(codebook: Codebook, answers: Answers) -> tuple[str, ...]:
    """The variables to ask, in order, given these answers; an answer not asked for counts not."""
    keys: dict[str, None] = {}
    for variable in codebook.variables.values():
        for condition in variable.asked_when:
            answer = answers.get(condition.variable)
            if condition.variable not in keys or not _holds(answer, condition.any_of):
                break
        else:
            keys[variable.key] = None
    return tuple(keys)


def _holds(answer: Answer | None, any_of: frozenset[str]) -> bool:
    if isinstance(answer, tuple):
        return not any_of.isdisjoint(answer)
    return answer in any_of


def settled(codebook: Codebook, answers: Answers) -> Answers:
    """The answers after a change: bands follow their numbers, what is no longer asked goes."""
    kept = {**answers, **_bands(codebook, answers)}
    still = asked(codebook, kept)
    return {key: kept[key] for key in still if key in kept}


def _bands(codebook: Codebook, answers: Answers) -> Answers:
    """The bands that follow from numbers."""
    found = {
        variable.key: band_of(variable, answers.get(variable.band_of))
        for variable in codebook.variables.values()
        if variable.band_of is not None
    }
    return {key: band for key, band in found.items() if band is not None}


def band_of(variable: Variable, number: Answer | None) -> str | None:
    """The closed band of `variable` that a number lies in; None for an absence."""
    if not isinstance(number, int):
        return None
    return next(
        (
            code.code
            for code in variable.codes
            if code.at_least is not None
            and code.at_most is not None
            and code.at_least <= number <= code.at_most
        ),
        None,
    )


def finished(codebook: Codebook, answers: Answers) -> Complete:
    """A registration with an answer to every variable; nothing forces anyone to guess.

    What was asked but not answered becomes not_asked, what did not come up not_applicable; a band
    without a number is absent for the number's reason.
    Raises AnswersRefused when an answer is outside the codebook.
    """
    return Complete(checked(codebook, completed(codebook, answers)))


def completed(codebook: Codebook, answers: Answers) -> Complete:
    """`finished`, for answers that `checked` gave: they are not checked once more."""
    kept = {**_bands_absent(codebook, answers), **_bands(codebook, answers)}
    not_asked, not_applicable = Absence.NOT_ASKED.value, Absence.NOT_APPLICABLE.value
    open_ones = frozenset(asked(codebook, kept))
    return Complete(
        {
            key: kept.get(key, not_asked) if key in open_ones else not_applicable
            for key in codebook.variables
        }
    )


def _bands_absent(codebook: Codebook, answers: Answers) -> Answers:
    """Where a number is absent and nobody knows its band either, the band is absent likewise."""
    absent = {
        variable.key: answers[variable.band_of]
        for variable in codebook.variables.values()
        if variable.band_of is not None and answers.get(variable.band_of) in ABSENCES
    }
    return {**absent, **answers}


def checked(codebook: Codebook, given: Mapping[str, object]) -> Answers:
    """The answers as the codebook types them, from Python or JSON, or AnswersRefused.

    The refusal names every variable that is wrong. Not every variable needs an answer: a draft
    passes too. An answer to a variable that is not asked is refused, unless it is not_applicable.
    """
    answers: dict[str, Answer] = {}
    refusals: list[Refusal] = []
    for key, value in given.items():
        variable = codebook.variables.get(key)
        answer = _typed(variable, value) if variable else Refusal(key, "is not in the codebook")
        if isinstance(answer, Refusal):
            refusals.append(answer)
        else:
            answers[key] = answer
    refusals += _out_of_place(codebook, answers)
    if refusals:
        raise AnswersRefused(refusals)
    return {key: answers[key] for key in codebook.variables if key in answers}


def _out_of_place(codebook: Codebook, answers: Answers) -> list[Refusal]:
    refusals: list[Refusal] = []
    may = frozenset(asked(codebook, answers))
    for key, answer in answers.items():
        variable = codebook.variables[key]
        if key not in may and answer != Absence.NOT_APPLICABLE:
            refusals.append(Refusal(key, "is not asked, given the other answers"))
        elif variable.band_of is not None:
            band = band_of(variable, answers.get(variable.band_of))
            if band not in {None, answer}:
                refusals.append(Refusal(key, f"does not hold the {variable.band_of} that is given"))
    return refusals


def _typed(variable: Variable, value: object) -> Answer | Refusal:
    if isinstance(value, str) and value in ABSENCES:
        return value
    return READ[variable.kind](variable, value)


def _one(variable: Variable, value: object) -> Answer | Refusal:
    if isinstance(value, str) and variable.code(value):
        return value
    return Refusal(variable.key, "has no such code")


def _several(variable: Variable, value: object) -> Answer | Refusal:
    if not isinstance(value, list | tuple) or not value:
        return Refusal(variable.key, "must be a list of one or more codes, or an absence")
    named = [variable.code(each) if isinstance(each, str) else None for each in value]
    known = {code.code: code.alone for code in named if code is not None}
    if any(code is None for code in named):
        return Refusal(variable.key, "has no such code")
    if len(known) < len(named):
        return Refusal(variable.key, "holds a code twice")
    if len(known) > 1 and (alone := next((code for code in known if known[code]), None)):
        return Refusal(variable.key, f"{alone} goes with no other code")
    return tuple(code.code for code in variable.codes if code.code in known)


def _number(variable: Variable, value: object) -> Answer | Refusal:
    if not isinstance(value, int) or isinstance(value, bool):
        return Refusal(variable.key, "must be a whole number, or an absence")
    assert variable.at_least is not None and variable.at_most is not None  # noqa: S101, PT018 -- loading
    if not variable.at_least <= value <= variable.at_most:
        return Refusal(variable.key, f"must be {variable.at_least} to {variable.at_most}")
    return value


def _date(variable: Variable, value: object) -> Answer | Refusal:
    try:
        text = value if isinstance(value, str) and len(value) == 10 else ""
        day = value if type(value) is date else date.fromisoformat(text)
    except ValueError:
        return Refusal(variable.key, "must be a day that exists, as 2026-01-31")
    return day if day >= EARLIEST else Refusal(variable.key, f"is before {EARLIEST.year}")


def _key(variable: Variable, value: object) -> Answer | Refusal:
    if isinstance(value, str) and OWN_KEY.fullmatch(value):
        return value
    return Refusal(variable.key, "must be 1 to 40 small letters, digits, - or _")


READ: dict[Kind, Callable[[Variable, object], Answer | Refusal]] = {
    Kind.ONE: _one,
    Kind.SEVERAL: _several,
    Kind.NUMBER: _number,
    Kind.MONTHS: _number,
    Kind.DATE: _date,
    Kind.KEY: _key,
}
"""How an answer of each kind is read."""


def as_json(answers: Answers) -> dict[str, str | int | list[str]]:
    """The answers as they are stored; `checked` reads them back."""
    return {key: _plain(answer) for key, answer in answers.items()}


def _plain(answer: Answer) -> str | int | list[str]:
    if isinstance(answer, tuple):
        return list(answer)
    return answer.isoformat() if isinstance(answer, date) else answer
