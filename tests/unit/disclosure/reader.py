"""Another attacker, on the whole joint table and in whole persons: shares no code with ours."""

from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from havenlight.disclosure import ProtectedTable, Variable


class Reader:
    """Knows protected tables of one population, and thinks in joint tables of whole persons."""

    def __init__(self, variables: list[Variable], published: tuple[ProtectedTable, ...]) -> None:
        """Turn every printed cell into a constraint on the joint table."""
        self._joint = list(product(*(one.codes for one in variables)))
        self._keys = [one.key for one in variables]
        said = [(self.of(table, cell.codes), cell) for table in published for cell in table.cells]
        self._rows = [row for row, _ in said]
        self._lower = [float(cell.lower) for _, cell in said]
        self._upper = [np.inf if cell.upper is None else cell.upper for _, cell in said]

    def of(self, table: ProtectedTable, codes: tuple[tuple[str, ...], ...]) -> np.ndarray:
        """Which cells of the joint table a printed cell sums."""
        wanted = {
            self._keys.index(one.key): held
            for one, held in zip(table.variables, codes, strict=True)
            if held
        }
        return np.array(
            [float(all(cell[at] in held for at, held in wanted.items())) for cell in self._joint]
        )

    def bounds(self, row: np.ndarray) -> tuple[int, int]:
        """The least and the most whole persons that a sum of joint cells can be."""
        ends = [
            milp(
                sign * row,
                integrality=np.ones(row.size),
                bounds=Bounds(0, np.inf),
                constraints=LinearConstraint(np.array(self._rows), self._lower, self._upper),
            )
            for sign in (1, -1)
        ]
        assert all(end.x is not None for end in ends)
        return round(ends[0].fun), -round(ends[1].fun)
