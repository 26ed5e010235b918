"""Which parts of figures are sums of others, decided from definitions and never from data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import inf

from havenlight.casework.codebook import Code, Codebook, Variable
from havenlight.figures.definitions import DERIVED, Condition, Conditions, Definition, Part

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two codes of one variable, and the four combinations of yes and no that are parts."""

    variable: str
    codes: tuple[str, str]
    parts: Mapping[str, tuple[tuple[str, ...], ...]]


def paired(figure: Definition, codebook: Codebook) -> Pair | None:
    """The two codes whose combinations the parts of a figure are, or None when they are not."""
    conditions = [each for part in figure.parts for each in part.when]
    variables = {each.variable for each in conditions}
    codes = tuple(dict.fromkeys(code for each in conditions for code in each.codes))
    if len(figure.parts) != 4 or len(variables) != 1 or len(codes) != 2:
        return None
    variable = variables.pop()
    if codebook.variables[variable].kind != "several":
        return None
    parts: dict[str, tuple[tuple[str, ...], ...]] = {}
    for has in product((True, False), repeat=2):
        answer = frozenset(code for code, there in zip(codes, has, strict=True) if there) or {"*"}
        for part in figure.parts:
            if all(_holds(each, frozenset(answer)) for each in part.when):
                parts[part.key] = tuple((YES,) if there else (NO,) for there in has)
    ordered = {part.key: parts[part.key] for part in figure.parts if part.key in parts}
    return Pair(variable, (codes[0], codes[1]), ordered) if len(ordered) == 4 else None


def neighbours(figure: Definition, codebook: Codebook) -> dict[str, str]:
    """Into which part a small part is merged, as the codebook says; a figure may say so itself."""
    given = {part.key: part.merge_into for part in figure.parts if part.merge_into}
    if figure.by is None or figure.by in DERIVED:
        return given
    codes = codebook.variables[figure.by].codes
    return {**{code.code: code.merge_into for code in codes if code.merge_into}, **given}


def nobody(when: Conditions, across: Variable) -> dict[str, tuple[str, ...]]:
    """The codes that by definition nobody has for whom `when` holds (YES), or does not (NO).

    No adult is a minor girl; of those who are 12 or younger nobody is not under 15.
    """
    codes = {
        YES: [each for each in across.codes if not all(_may(it, each, across) for it in when)],
        NO: [each for each in across.codes if all(_must(it, each, across) for it in when)],
    }
    return {said: tuple(each.code for each in held) for said, held in codes.items() if held}


def _may(condition: Condition, code: Code, across: Variable) -> bool:
    """Whether the condition can hold of somebody with the code."""
    if condition.variable == across.key:
        return not condition.any_of or code.code in condition.any_of
    if condition.variable != across.band_of or code.at_least is None or code.at_most is None:
        return True
    least, below = _ends(condition)
    return code.at_most >= least and code.at_least < below


def _must(condition: Condition, code: Code, across: Variable) -> bool:
    """Whether the condition holds of everybody with the code whose answer to it is known."""
    if condition.variable == across.key:
        return code.code in condition.any_of
    if condition.variable != across.band_of or code.at_least is None or code.at_most is None:
        return False
    least, below = _ends(condition)
    return least <= code.at_least and code.at_most < below


def _ends(condition: Condition) -> tuple[float, float]:
    least, below = condition.at_least, condition.below
    return (-inf if least is None else least), (inf if below is None else below)


def sum_of(when: Conditions, parts: Sequence[Part], codebook: Codebook) -> tuple[str, ...] | None:
    """The parts that together hold exactly those for whom `when` holds, or None.

    Decided from the conditions alone, by every answer that they can tell apart, never from data.
    """
    conditions = [*when, *(each for part in parts for each in part.when)]
    variables = {each.variable for each in conditions}
    if len(variables) != 1 or any(not each.codes for each in conditions):
        return None
    if next(iter(variables)) in DERIVED:
        return None
    found: dict[str, bool] = {}
    for answer in _answers(conditions, codebook):
        there = all(_holds(each, answer) for each in when)
        inside = [part for part in parts if all(_holds(each, answer) for each in part.when)]
        if not inside and there:
            return None
        for part in inside:
            if found.setdefault(part.key, there) is not there:
                return None
    return tuple(key for key, there in found.items() if there) or None


def _answers(conditions: Sequence[Condition], codebook: Codebook) -> Iterator[frozenset[str]]:
    """Every answer that the conditions can tell apart; `other` stands for what none names."""
    variable = codebook.variables[conditions[0].variable]
    named = tuple(dict.fromkeys(code for each in conditions for code in each.codes))
    if variable.kind == "one":
        yield from (frozenset({code}) for code in (*named, "*"))
        return
    for size in range(len(named) + 1):
        for some in combinations(named, size):
            yield frozenset(some) or frozenset({"*"})


def _holds(condition: Condition, answer: frozenset[str]) -> bool:
    return (
        (not condition.any_of or not answer.isdisjoint(condition.any_of))
        and answer.issuperset(condition.all_of)
        and answer.isdisjoint(condition.none_of)
    )
