"""Linear programmes that HiGHS keeps, so that each question begins where the last one ended."""

from dataclasses import dataclass

import highspy
import numpy as np

from havenlight.disclosure.errors import LedgerContradicts
from havenlight.disclosure.sparse import Floats, Sparse, stacked

_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4


@dataclass(frozen=True)
class Rows:
    """Sums, a row of the matrix each, and the least and the most that each may be."""

    matrix: Sparse
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Optimum:
    """An optimum, the counts that reach it, and what a looser bound or share would add to it."""

    value: float
    counts: Floats
    lower_weights: Floats
    upper_weights: Floats
    share_weights: Floats

    @property
    def bound_weights(self) -> Floats:
        """What a looser bound, of either side, would add."""
        return self.lower_weights + self.upper_weights


class Solver:
    """Counts within their bounds of which rows of `equal` are 0 and rows of `at_most` 0 or less.

    The dual simplex method finds a first optimum; from there the primal one goes on, since the
    last optimum stays possible when only the question changes. Measured on 4,700 counts: 3 to
    18 ms a question, where each from the beginning took 400 ms.
    """

    def __init__(self, lower: Floats, upper: Floats, equal: Sparse, at_most: Sparse) -> None:
        """Hand the programme to HiGHS."""
        self._n_equal = equal.shape[0]
        self._places = np.arange(equal.shape[1], dtype=np.int32)
        self._highs = _silent()
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)
        matrix = stacked([equal, at_most])
        least = np.repeat([0.0, -np.inf], [equal.shape[0], at_most.shape[0]])
        rows = Rows(matrix, least, np.zeros(matrix.shape[0]))
        self._highs.passModel(_model(lower, upper, rows))

    def bound(self, lower: Floats, upper: Floats) -> None:
        """Give all counts other bounds."""
        self._highs.changeColsBounds(len(self._places), self._places, lower, upper)

    def most(self, objective: Floats) -> Optimum:
        """Make `objective` as large as it can be; raises LedgerContradicts when no counts fit."""
        self._highs.changeColsCost(len(self._places), self._places, -objective)
        self._highs.run()
        self._highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise LedgerContradicts("what was published leaves no possible table")
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS ended with: {self._highs.modelStatusToString(status)}")
        found = self._highs.getSolution()
        prices = np.array(found.col_dual)
        return Optimum(
            -float(self._highs.getInfo().objective_function_value),
            np.array(found.col_value),
            np.maximum(prices, 0.0),
            np.maximum(-prices, 0.0),
            np.abs(np.array(found.row_dual)[self._n_equal :]),
        )


def cheapest(cost: Floats, lower: Floats, upper: Floats, rows: Rows) -> Floats:
    """Whole numbers within their bounds that keep to the rows at the least cost.

    Raises RuntimeError when HiGHS finds none.
    """
    highs = _silent()
    model = _model(lower, upper, rows)
    model.col_cost_ = cost
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    highs.passModel(model)
    highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS ended with: {highs.modelStatusToString(status)}")
    return np.asarray(np.rint(np.array(highs.getSolution().col_value)))


def _silent() -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # has no types
    highs.silent()
    highs.setOptionValue("parallel", "off")
    return highs


def _model(lower: Floats, upper: Floats, rows: Rows) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.matrix.shape
    model.col_cost_ = np.zeros(len(lower))
    model.col_lower_, model.col_upper_ = lower, upper
    model.row_lower_, model.row_upper_ = rows.least, rows.most
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = rows.matrix.starts
    model.a_matrix_.index_ = rows.matrix.column
    model.a_matrix_.value_ = rows.matrix.value
    return model
