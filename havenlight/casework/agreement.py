"""How far two who coded the same persons agree, variable by variable."""

from collections.abc import Sequence
from dataclasses import dataclass

import krippendorff

from havenlight.casework.codebook import Absence, Answer, Answers, Codebook, Variable

FEWEST = 2
"""Of fewer pairs nothing can be said."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One variable over all persons coded twice to whom it applies."""

    variable: Variable
    pairs: int
    alike: int
    """Pairs with exactly the same answer."""
    alpha: float | None
    """Krippendorff's alpha: 1 is always, 0 no better than chance; None where it is not defined."""


def agreements(codebook: Codebook, codings: Sequence[tuple[Answers, Answers]]) -> list[Agreement]:
    """The agreement on each variable, in the order of the codebook.

    Args:
        codings: the first and the second coding of each person, each complete.
    Answers are compared as names (nominal): a set of codes is the same or it is not, 15 and 16
    differ as much as 15 and 50, and an absence is an answer. Persons for whom both codings say
    not_applicable are left out. Source: Krippendorff (2019), Content Analysis, chapter 12.
    """
    return [_of(variable, codings) for variable in codebook.variables.values()]


def _of(variable: Variable, codings: Sequence[tuple[Answers, Answers]]) -> Agreement:
    pairs = [(first[variable.key], second[variable.key]) for first, second in codings]
    apply = [pair for pair in pairs if set(pair) != {Absence.NOT_APPLICABLE.value}]
    return Agreement(variable, len(apply), sum(one == other for one, other in apply), _alpha(apply))


def _alpha(pairs: Sequence[tuple[Answer, Answer]]) -> float | None:
    # Numbers stand for the answers: the library would take some words for missing values.
    order = list(dict.fromkeys(answer for pair in pairs for answer in pair))
    if len(pairs) < FEWEST or len(order) < 2:
        return None
    coders = [[order.index(pair[coder]) for pair in pairs] for coder in (0, 1)]
    return float(krippendorff.alpha(reliability_data=coders, level_of_measurement="nominal"))
