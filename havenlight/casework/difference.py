"""What changed between two codebooks, in the order a person reads them."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from havenlight.casework.codebook import Code, Codebook, Variable


class Change(StrEnum):
    """What happened to a variable or a code."""

    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change; `what` names the parts of it that were altered, as the file names them."""

    change: Change
    variable: str
    code: str | None = None
    what: tuple[str, ...] = ()


def differences(old: Codebook, new: Codebook) -> tuple[Difference, ...]:
    """All that differs, the removed first, then in the order of `new`."""
    gone = [Difference(Change.REMOVED, key) for key in old.variables if key not in new.variables]
    return (*gone, *_in_new(old, new))


def _in_new(old: Codebook, new: Codebook) -> Iterator[Difference]:
    for key, variable in new.variables.items():
        before = old.variables.get(key)
        if before is None:
            yield Difference(Change.ADDED, key)
            continue
        if what := _altered(before, variable):
            yield Difference(Change.ALTERED, key, None, what)
        yield from _codes(before, variable)


def _codes(old: Variable, new: Variable) -> Iterator[Difference]:
    for code in old.codes:
        if new.code(code.code) is None:
            yield Difference(Change.REMOVED, new.key, code.code)
    for code in new.codes:
        before = old.code(code.code)
        if before is None:
            yield Difference(Change.ADDED, new.key, code.code)
        elif what := _altered(before, code):
            yield Difference(Change.ALTERED, new.key, code.code, what)


def _altered(old: Variable | Code, new: Variable | Code) -> tuple[str, ...]:
    names = [field.name for field in fields(new) if field.compare and field.name != "codes"]
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))
