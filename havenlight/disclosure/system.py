"""What a reader knows, as linear equations and bounds on counts of persons."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

import numpy as np

from havenlight.disclosure.ledger import Filter, Ledger, Where
from havenlight.disclosure.sparse import Floats, Ints, Sparse, of_dense, sparse

MOST_PERSONS = 1_000_000  # a reader knows that no population is larger
LIFTED_CELLS = 2_000  # of three-way tables that nobody published, to join those published

_PAIR = 2

Keys = tuple[str, ...]


@dataclass
class _Rows:
    """Rows of a sparse matrix under construction."""

    row: list[Ints]
    column: list[Ints]
    value: list[Floats]
    n: int = 0

    def add(self, columns: Ints, values: Floats) -> None:
        """Add rows; `columns` has shape (n_rows, n_terms), `values` broadcasts to it."""
        n_rows, n_terms = columns.shape
        self.row.append(np.repeat(np.arange(self.n, self.n + n_rows), n_terms))
        self.column.append(columns.ravel())
        self.value.append(np.broadcast_to(values, columns.shape).ravel())
        self.n += n_rows

    def matrix(self, n_columns: int) -> Sparse:
        """All rows; terms of the same column are added."""
        if not self.n:
            return of_dense(np.empty((0, n_columns)))
        row, column = np.concatenate(self.row), np.concatenate(self.column)
        return sparse(row, column, np.concatenate(self.value), (self.n, n_columns))


class System:
    """The counts that a ledger speaks of, as columns, and all that ties them together.

    A column is a count of persons: each cell of each table that could be made of a population from
    the variables published together about it (margins and the total too), and each sum of such
    cells that was published. `lower` and `upper` are what was said of each, `sources` by whom.
    `equal` holds rows that are 0 (margins, links, filters, sums), `at_most` rows of 0 or less
    (shares).

    Of three variables of which all three pairs were published, the three-way table is a set of
    columns as well, up to `lifted_cells` in all, smallest first: so the reader joins them.
    """

    def __init__(self, ledger: Ledger, lifted_cells: int = LIFTED_CELLS) -> None:
        """Build columns and rows from all that the ledger holds."""
        self.ledger = ledger
        self._first: dict[tuple[str, Keys], int] = {}
        # Each is asked for thousands of times, when a correction is attacked again and again.
        self._cells: dict[tuple[str, Keys], Ints] = {}
        self._sums: dict[tuple[str, Where], tuple[int, Ints]] = {}
        self._equal, self._at_most = _Rows([], [], []), _Rows([], [], [])
        self.at_most_sources: list[str] = []
        self.n = 0
        needed = _linked(ledger, _published(ledger))
        self.lifted: set[tuple[str, Keys]] = set()
        self._lift(needed, lifted_cells)
        for population, keys in needed.items():
            for key in sorted(keys, key=lambda one: (len(one), one)):
                self._first[population, key] = self.n
                self.n += prod(self._shape(key))
        self._add_margins()
        self._add_links(needed)
        self._add_filters(needed)
        said = [self._statement_column(at) for at in range(len(ledger.statements))]
        self._add_shares()
        self.equal = self._equal.matrix(self.n)
        self.at_most = self._at_most.matrix(self.n)
        self._take_bounds(said)
        self.never = frozenset(self._of_nobody())
        self.upper[list(self.never)] = 0

    def _of_nobody(self) -> Iterator[int]:
        """The columns of cells in which by definition nobody is."""
        for where in map(dict, self.ledger.never):
            for population, keys in self.spaces():
                if where.keys() <= set(keys):
                    shape = zip(keys, self._shape(keys), strict=True)
                    inside = [self._places(key, where[key]) if key in where else range(size)
                              for key, size in shape]  # fmt: skip
                    yield from self.cells(population, keys)[np.ix_(*inside)].ravel().tolist()

    def _places(self, key: str, codes: Iterable[str]) -> list[int]:
        return [self.ledger.variables[key].codes.index(code) for code in codes]

    def _shape(self, keys: Keys) -> tuple[int, ...]:
        return tuple(len(self.ledger.variables[key].codes) for key in keys)

    def _lift(self, needed: dict[str, set[Keys]], budget: int) -> None:
        found = [
            (prod(self._shape(triple)), population, triple)
            for population, keys in needed.items()
            for triple in _joined(keys)
        ]
        for size, population, triple in sorted(found):
            budget -= size
            if budget < 0:
                return
            needed[population].add(triple)
            self.lifted.add((population, triple))

    def cells(self, population: str, keys: Keys) -> Ints:
        """The columns of a table of these variables (in order of name), in its shape."""
        found = self._cells.get((population, keys))
        if found is None:
            shape = self._shape(keys)
            found = self._first[population, keys] + np.arange(prod(shape)).reshape(shape)
            found.setflags(write=False)
            self._cells[population, keys] = found
        return found

    def spaces(self) -> list[tuple[str, Keys]]:
        """All tables that there are columns of: population and variables."""
        return list(self._first)

    def _add_margins(self) -> None:
        for population, keys in self._first:
            cells = self.cells(population, keys)
            for axis in range(len(keys)):
                margin = self.cells(population, keys[:axis] + keys[axis + 1 :]).reshape(-1, 1)
                terms = np.moveaxis(cells, axis, -1).reshape(len(margin), -1)
                self._equal_sum(margin, terms)

    def _equal_sum(self, wholes: Ints, terms: Ints) -> None:
        signs = np.array([-1.0, *[1.0] * terms.shape[1]])
        self._equal.add(np.hstack([wholes, terms]), signs)

    def _add_links(self, needed: dict[str, set[Keys]]) -> None:
        for link in self.ledger.links:
            populations = (link.whole, *link.parts)
            shared = set.intersection(*(needed.get(name, set()) for name in populations))
            for keys in sorted(shared):
                columns = [self.cells(name, keys).reshape(-1, 1) for name in populations]
                self._equal_sum(columns[0], np.hstack(columns[1:]))

    def _add_filters(self, needed: dict[str, set[Keys]]) -> None:
        for told in self.ledger.filters:
            for keys in sorted(needed.get(told.part, ())):
                if _with(keys, told) in needed.get(told.whole, ()):
                    self._add_filter(told, keys)

    def _add_filter(self, told: Filter, keys: Keys) -> None:
        codes = [[(key, (code,)) for code in self.ledger.variables[key].codes] for key in keys]
        cells = self.cells(told.part, keys).ravel().tolist()
        for cell, held in zip(cells, product(*codes), strict=True):
            terms = self.terms(told.whole, tuple(sorted((*told.where, *held))))
            self._equal_sum(np.array([[cell]]), terms.reshape(1, -1))

    def column(self, population: str, where: Where) -> int:
        """The column of a cell or of a sum of cells, made when it is not there yet.

        Raises KeyError when nothing was published about these variables together.
        """
        terms = self.terms(population, where)
        if terms.size == 1:
            return int(terms[0])
        if (population, where) not in self._sums:
            self._sums[population, where] = self.n, terms
            self._equal_sum(np.array([[self.n]]), terms.reshape(1, -1))
            self.n += 1
        return self._sums[population, where][0]

    def terms(self, population: str, where: Where) -> Ints:
        """The columns that together are what `where` holds; KeyError as `column`."""
        known = self.ledger.variables
        where = tuple((key, held) for key, held in where if len(held) < len(known[key].codes))
        cells = self.cells(population, tuple(key for key, _ in where))
        places = [self._places(key, held) for key, held in where]
        return (cells[np.ix_(*places)] if places else cells).ravel()

    def sums(self) -> list[tuple[str, Where, int, Ints]]:
        """The published sums of cells: population, what they hold, column, columns summed."""
        return [(*named, *held) for named, held in self._sums.items()]

    def _statement_column(self, at: int) -> int:
        said = self.ledger.statements[at]
        return self.column(said.population, said.where)

    def _add_shares(self) -> None:
        for share in self.ledger.shares:
            of = dict(share.of)
            both = {key: tuple(set(of.get(key, held)) & set(held)) for key, held in share.where}
            part = self.column(share.population, tuple(sorted({**of, **both}.items())))
            base = self.column(share.population, share.of)
            pair = np.array([[part, base]])
            self._at_most.add(pair, np.array([1.0, -share.upper]))
            self._at_most.add(pair, np.array([-1.0, share.lower]))
            self.at_most_sources += [share.source] * 2

    def _take_bounds(self, said: list[int]) -> None:
        self.lower = np.zeros(self.n)
        self.upper = np.full(self.n, float(MOST_PERSONS))
        self.sources: dict[int, list[str]] = defaultdict(list)
        for statement, at in zip(self.ledger.statements, said, strict=True):
            self.lower[at] = max(self.lower[at], statement.lower)
            if statement.upper is not None:
                self.upper[at] = min(self.upper[at], statement.upper)
            self.sources[at].append(statement.source)


def _published(ledger: Ledger) -> dict[str, set[Keys]]:
    """By population, the sets of variables published together, and all their subsets."""
    needed: dict[str, set[Keys]] = defaultdict(set)
    for said in ledger.statements:
        needed[said.population] |= _subsets(key for key, _ in said.where)
    for share in ledger.shares:
        keys = {key for key, _ in (*share.where, *share.of)}
        needed[share.population] |= _subsets(keys)
    return needed


def _joined(keys: set[Keys]) -> Iterator[Keys]:
    """The triples that are not there, though all three of their pairs are."""
    names = sorted({name for key in keys if len(key) == 2 for name in key})
    for triple in combinations(names, 3):
        if triple not in keys and set(combinations(triple, 2)) <= keys:
            yield triple


def _subsets(keys: Iterable[str]) -> set[Keys]:
    names = sorted(set(keys))
    return {subset for size in range(len(names) + 1) for subset in combinations(names, size)}


def _linked(ledger: Ledger, needed: dict[str, set[Keys]]) -> dict[str, set[Keys]]:
    """Give every member of a link the tables that two of its members have."""
    grown = True
    while grown:
        grown = False
        for link in ledger.links:
            populations = (link.whole, *link.parts)
            pairs = combinations([needed[name] for name in populations], 2)
            shared = {()} | {keys for one, other in pairs for keys in one & other}
            for name in populations:
                grown = grown or not shared <= needed[name]
                needed[name] |= shared
        for told in ledger.filters:
            wanted = _filtered_tables(needed, told)
            grown = grown or not wanted <= needed[told.whole]
            needed[told.whole] |= wanted
    return dict(needed)


def _filtered_tables(needed: dict[str, set[Keys]], told: Filter) -> set[Keys]:
    """The tables of the whole in which those of the part are found, of two variables at most."""
    found = (_with(keys, told) for keys in needed[told.part])
    return {
        one for keys in found if keys is not None and len(keys) <= _PAIR for one in _subsets(keys)
    }


def _with(keys: Keys, told: Filter) -> Keys | None:
    """The variables of a part and those that it is filtered by; None when they are not apart."""
    by = {key for key, _ in told.where}
    return None if by & set(keys) else tuple(sorted({*keys, *by}))
