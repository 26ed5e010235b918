"""Parts of the ledger: what one edition told, and all parts together."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from havenlight.disclosure import Ledger

_NAMES = tuple(each.name for each in fields(Ledger))


def told_by(before: Ledger, after: Ledger) -> Ledger:
    """What `after` says that `before` did not."""
    return replace(
        after, **{name: _without(getattr(after, name), getattr(before, name)) for name in _NAMES}
    )


def together(parts: Iterable[Ledger]) -> Ledger:
    """All parts as one ledger, in the order in which they were told."""
    made = Ledger()
    for part in parts:
        made = replace(
            made, **{name: _joined(getattr(made, name), getattr(part, name)) for name in _NAMES}
        )
    return made


def _without(held: Any, before: Any) -> Any:
    if isinstance(held, Mapping):
        # Whole: a part that is told by itself still knows the codes of its variables.
        return held
    there = set(before)
    return tuple(item for item in held if item not in there)


def _joined(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping):
        return {**one, **other}
    return (*one, *_without(other, one))
