"""Persons as a list that is read a page at a time, since there may be very many."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload
from uuid import UUID

from havenlight.casework import registrations
from havenlight.casework.models import Registration
from havenlight.casework.queries import known_of
from havenlight.casework.tree import root


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A person in a list: enough to know her again, and nothing that was said."""

    case: UUID
    first_seen_on: date
    known: tuple[str, ...]
    """Codes of the variables in KNOWN_BY, in the reader's words; an absence is left out."""
    registrations: int
    simulated: bool


class Cases(Sequence[CaseRow]):
    """The persons who were registered, each once, who was seen first most lately first.

    Of a slice of it alone the registrations are read.
    """

    def __init__(self, language: str, *, simulated: bool, year: int | None = None) -> None:
        """Look who there is; with `year` only who was first seen in it."""
        self._language, self._simulated = language, simulated
        self._first, into = registrations.first_seen(), registrations.merges()
        self._cases: dict[UUID, set[UUID]] = defaultdict(set)
        coded = Registration.objects.filter(simulated=simulated)
        for case in coded.values_list("case", flat=True).distinct():
            self._cases[root(case, into)].add(case)
        seen = sorted(self._cases.keys() & self._first.keys(), key=self._order, reverse=True)
        self.years = list(dict.fromkeys(self._first[case].year for case in seen))
        """Those in which anyone was first seen, the latest first."""
        self._seen = [case for case in seen if year in {None, self._first[case].year}]

    def _order(self, case: UUID) -> tuple[date, UUID]:
        return self._first[case], case

    def __len__(self) -> int:
        """How many persons."""
        return len(self._seen)

    @overload
    def __getitem__(self, which: int) -> CaseRow: ...
    @overload
    def __getitem__(self, which: slice) -> list[CaseRow]: ...
    def __getitem__(self, which: int | slice) -> CaseRow | list[CaseRow]:
        """One of them, or some, with what a counsellor knows each again by."""
        if isinstance(which, int):
            return self._rows([self._seen[which]])[0]
        return self._rows(self._seen[which])

    def _rows(self, wanted: list[UUID]) -> list[CaseRow]:
        root_of = {case: one for one in wanted for case in self._cases[one]}
        coded: dict[UUID, list[Registration]] = defaultdict(list)
        for one in Registration.objects.filter(case__in=root_of, simulated=self._simulated):
            coded[root_of[one.case_id]].append(one)
        return [
            CaseRow(
                case,
                self._first[case],
                known_of(coded[case], self._language),
                len(coded[case]),
                self._simulated,
            )
            for case in wanted
        ]
