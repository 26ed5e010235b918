"""Answers to questions of researchers, on protected counts alone.

A question is a table under the names of the edition's own tables, so that the attacker sees both
as the same persons; a filter cuts its population in two, and the other half is attacked as well.
"""

import numpy as np

from havenlight.casework.codebook import Kind as Answered
from havenlight.casework.codebook import Text
from havenlight.disclosure import Ledger, Protected, ProtectedTable, Rules, Table, Variable
from havenlight.figures.columns import Mask, Registrations
from havenlight.figures.definitions import Book, Condition, Definition, Kind
from havenlight.figures.errors import NothingToCount
from havenlight.report import linking
from havenlight.report.edition import Analysis, AnalysisCell, Axis, named
from havenlight.report.errors import EditionBroken
from havenlight.report.questions import Asked
from havenlight.report.sums import NO, YES

_YES, _NO = Text("ja", "yes"), Text("nee", "no")


def answered(
    asked: Asked, book: Book, registrations: Registrations, rules: Rules, ledger: Ledger
) -> tuple[Analysis, Ledger]:
    """The answer after control, and the ledger once it is told.

    Raises NothingToCount for a year without registrations, EditionBroken when the attacker finds
    a count with it.
    """
    if asked.year not in registrations.versions:
        raise NothingToCount(asked.year)

    def made(counted: int) -> tuple[_Counting, Protected]:
        counting = _Counting(asked, book, registrations, named(asked.year, counted))
        table = counting.table()
        return counting, linking.protected((table,), rules, counting.linked(ledger))

    counting, protected = linking.fitting(ledger, (asked.year,), 1, made)
    if protected.broken:
        raise EditionBroken((asked.key(),))
    return counting.analysis(protected.tables[0]), protected.ledger


class _Counting:
    """One question being counted."""

    def __init__(self, asked: Asked, book: Book, registrations: Registrations, period: str) -> None:
        self.asked, self.book, self.registrations = asked, book, registrations
        self.period = period
        self.of = (registrations.years == asked.year) & registrations.all_of(
            book.populations[asked.population].where
        )
        self.axes = tuple(self._axis(name) for name in (asked.rows, asked.columns))
        known = self.of.copy()
        for name in (asked.rows, asked.columns):
            known &= registrations.known(name.partition(".")[0])
        self.known = known
        self.base = known & self._has(asked.only) if asked.only else known

    def table(self) -> Table:
        """The table before control."""
        masks = [self._masks(name) for name in (self.asked.rows, self.asked.columns)]
        counts = [
            [int(np.count_nonzero(self.base & row & column)) for column in masks[1]]
            for row in masks[0]
        ]
        return Table(self.asked.key(), self._population(), self.axes, np.array(counts))

    def _whole(self) -> str:
        if np.array_equal(self.of, self.known) and not self._asked_by():
            return self._everyone()
        return f"{self._everyone()}/{self._of_whom()}"

    def _everyone(self) -> str:
        return f"{self.asked.population}-{self.period}"

    def _of_whom(self) -> str:
        return f"{self.asked.rows}+{self.asked.columns}"

    def _asked_by(self) -> frozenset[str]:
        keys = (name.partition(".")[0] for name in (self.asked.rows, self.asked.columns))
        return self.book.asked_by(keys)

    def _population(self) -> str:
        return f"{self._whole()}/{self.asked.only}" if self.asked.only else self._whole()

    def linked(self, ledger: Ledger) -> Ledger:
        """With the cut that the filter makes, so that subtracting is tried on the others too.

        So is what the questions cut: of whom they are asked may tell what was told before.
        """
        if self._asked_by():
            was_asked = Variable(f"{self._of_whom()}?", (YES, NO), sensitive=True)
            ledger = ledger.with_variable(was_asked)
            ledger = ledger.filter(self._whole(), self._everyone(), {was_asked.key: (YES,)})
        if not self.asked.only:
            return ledger
        here, whole = self._population(), self._whole()
        ledger = ledger.link(whole, here, f"{here}/rest")
        key, _, code = self.asked.only.partition(".")
        if not np.array_equal(self.known, self.known & self.registrations.known(key)):
            return ledger  # what is unknown of some is no code of theirs, so it cuts nothing more
        several = self.registrations.codebook.variables[key].kind is Answered.SEVERAL
        axis = self._axis(self.asked.only if several else key)
        where = {axis.key: (YES,) if several else (code,)}
        return ledger.with_variable(axis).filter(here, whole, where)

    def _axis(self, name: str) -> Variable:
        key, _, code = name.partition(".")
        coded = self.registrations.codebook.variables[key]
        sensitive = key in self.book.sensitive
        figure = self._figure(key)
        if code:
            under = figure.id if figure else key
            return Variable(f"{under}.{code}", (YES, NO), sensitive=sensitive)
        codes = tuple(each.code for each in coded.codes)
        # A share of that name is under it in the ledger, as yes and no.
        is_share = not figure and key in self.book.figures and codes != (YES, NO)
        return Variable(
            f"codebook/{key}" if is_share else figure.id if figure else key,
            codes,
            sensitive=sensitive,
            neighbours={each.code: each.merge_into for each in coded.codes if each.merge_into},
        )

    def _figure(self, variable: str) -> Definition | None:
        """The table of the edition by this variable: its name is the variable's in the ledger."""
        return next(
            (
                each
                for each in self.book.figures.values()
                if each.kind is Kind.TABLE and each.by == variable and not each.within
            ),
            None,
        )

    def _masks(self, name: str) -> list[Mask]:
        key, _, code = name.partition(".")
        if code:
            has = self._has(name)
            return [has, ~has]
        codes = self.registrations.codebook.variables[key].codes
        return [self._has(f"{key}.{each.code}") for each in codes]

    def _has(self, name: str) -> Mask:
        key, _, code = name.partition(".")
        return self.registrations.all_of((Condition(key, any_of=(code,)),))

    def analysis(self, protected: ProtectedTable) -> Analysis:
        """The protected table in words of the codebook."""
        unit = self.book.populations[self.asked.population].unit.value
        return Analysis(
            key=protected.key,
            year=self.asked.year,
            population=self.asked.population,
            unit=unit,
            axes=tuple(map(self._worded, (self.asked.rows, self.asked.columns))),
            only=self._only(),
            cells=tuple(
                AnalysisCell(
                    tuple(cell.codes), cell.shown.value, cell.value, cell.lower, cell.upper
                )
                for cell in protected.cells
            ),
            withheld=protected.withheld.value if protected.withheld else "",
        )

    def _only(self) -> Axis | None:
        if not self.asked.only:
            return None
        key, _, code = self.asked.only.partition(".")
        coded = self.registrations.codebook.variables[key]
        found = next(each for each in coded.codes if each.code == code)
        return Axis(coded.label, {code: found.label})

    def _worded(self, name: str) -> Axis:
        key, _, code = name.partition(".")
        coded = self.registrations.codebook.variables[key]
        if not code:
            return Axis(coded.label, {each.code: each.label for each in coded.codes})
        label = next(each.label for each in coded.codes if each.code == code)
        return Axis(label, {YES: _YES, NO: _NO})
