"""Hierarchical log-linear models: which terms they hold, how they are written, which there are.

A term is a set of lists, numbered like a cell: bit j is set when list j (from 0) is in it; term 0
is the intercept. A model is a row of 2**k booleans, True where the term is in it. A model is
hierarchical when it holds every part of each of its terms.
"""

import re
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from havenlight.mse.errors import MseError

Models = NDArray[np.bool_]


class ModelRefused(MseError, ValueError):
    """A text in the notation [12,13,4] does not name a model for these lists."""


def sizes(n_lists: int) -> NDArray[np.int64]:
    """Return how many lists each of the 2**k terms holds, shape (2**k,)."""
    return np.array([term.bit_count() for term in range(1 << n_lists)], dtype=np.int64)


def main_effects(n_lists: int) -> Models:
    """Return the model in which the lists are independent, shape (2**k,)."""
    return np.asarray(sizes(n_lists) <= 1)


def all_pairs(n_lists: int) -> Models:
    """Return the model with every term of two lists, shape (2**k,)."""
    return np.asarray(sizes(n_lists) <= 2)


def pair_terms(n_lists: int) -> list[int]:
    """Return the number of every term of two lists, in increasing order."""
    return [term for term in range(1 << n_lists) if term.bit_count() == 2]


@lru_cache(maxsize=8)
def hierarchical_models(n_lists: int, max_order: int) -> Models:
    """Return every hierarchical model with all main effects, shape (n_models, 2**k).

    Args:
        n_lists: 2 to 5; six lists have 3,702,013 models of order 3, which `search` walks instead.
        max_order: the most lists a term may hold, 1 to n_lists - 1. The term of all lists is
            never there: with it the unseen persons could be any number.
    """
    models = [sum(1 << term for term in range(1 << n_lists) if term.bit_count() <= 1)]
    for order in range(2, min(max_order, n_lists - 1) + 1):
        models = [grown for model in models for grown in _grow(model, n_lists, order)]
    bits = np.array(models, dtype=np.uint64)[:, None] >> np.arange(1 << n_lists, dtype=np.uint64)
    answer = (bits & np.uint64(1)).astype(np.bool_)
    answer.setflags(write=False)
    return answer


def _grow(model: int, n_lists: int, order: int) -> list[int]:
    """Return the model with each set of terms of this order whose parts it holds."""
    grown = [model]
    for term in _candidates(n_lists, order):
        if all(model >> part & 1 for part in parts(term)):
            grown += [other | 1 << term for other in grown]
    return grown


def _candidates(n_lists: int, order: int) -> list[int]:
    return [sum(1 << j for j in chosen) for chosen in combinations(range(n_lists), order)]


def parts(term: int) -> list[int]:
    """Return the terms that lack exactly one list of this one."""
    return [term & ~(1 << j) for j in range(term.bit_length()) if term >> j & 1]


def neighbours(model: Models, n_lists: int, max_order: int) -> Models:
    """Return the hierarchical models that differ from this one by one term, (n, 2**k)."""
    found = []
    for term in range(1, 1 << n_lists):
        if not 2 <= term.bit_count() <= min(max_order, n_lists - 1):
            continue
        wholes = [term | 1 << j for j in range(n_lists) if not term >> j & 1]
        may_leave = model[term] and not model[wholes].any()
        may_enter = not model[term] and bool(model[parts(term)].all())
        if may_leave or may_enter:
            changed = model.copy()
            changed[term] = may_enter
            found.append(changed)
    return np.array(found, dtype=np.bool_).reshape(-1, 1 << n_lists)


def notation(model: Models) -> str:
    """Write a model as its maximal terms, lists by number from 1: [123,25,4].

    From ten lists on a term's numbers are joined by a point: [1.10,2].
    """
    n_lists = model.size.bit_length() - 1
    terms = [int(term) for term in np.flatnonzero(model) if term]
    maximal = [t for t in terms if not any(t != other and t & other == t for other in terms)]
    lists = [[j + 1 for j in range(n_lists) if term >> j & 1] for term in maximal]
    joint = "" if n_lists < 10 else "."
    named = sorted(lists, key=lambda members: (-len(members), members))
    return "[" + ",".join(joint.join(map(str, members)) for members in named) + "]"


def parse(text: str, n_lists: int) -> Models:
    """Return the hierarchical model that `notation` writes as `text`, shape (2**k,).

    Raises ModelRefused when the text has another form or names a list that is not there.
    """
    if not re.fullmatch(r"\[\d[\d.]*(,\d[\d.]*)*\]", text):
        raise ModelRefused(f"{text!r} is not of the form [12,13,4]")
    model = main_effects(n_lists).copy()
    for written in text[1:-1].split(","):
        members = written.split(".") if n_lists >= 10 else list(written)
        numbers = [int(member) for member in members if member]
        if not all(1 <= number <= n_lists for number in numbers):
            raise ModelRefused(f"{written} names a list outside 1 to {n_lists}")
        term = sum(1 << (number - 1) for number in set(numbers))
        model[[part for part in range(model.size) if part & term == part]] = True
    if model[-1]:
        raise ModelRefused("a model with the term of all lists leaves the unseen persons free")
    return model


def pairs_named(model: Models, lists: tuple[str, ...]) -> list[str]:
    """Return the terms of two lists and more by the names of the lists, as "A:B"."""
    chosen = [int(term) for term in np.flatnonzero(model) if int(term).bit_count() > 1]
    return [":".join(lists[j] for j in range(len(lists)) if term >> j & 1) for term in chosen]
