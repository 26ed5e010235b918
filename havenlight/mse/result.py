"""What an estimation answers: numbers with an interval, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How one method ended."""

    ESTIMATED = "estimated"
    NOT_ESTIMABLE = "not_estimable"  # no finite or no unique estimate under this model
    NOT_CONVERGED = "not_converged"  # the sampling or iteration did not settle; no number given
    NOT_APPLICABLE = "not_applicable"  # the method needs other lists or counts than these


class Verdict(StrEnum):
    """What the numbers together allow to be said."""

    ESTIMABLE = "estimable"
    FRAGILE = "fragile"
    NOT_ESTIMABLE = "not_estimable"


@dataclass(frozen=True)
class Estimate:
    """How many persons there are by one method, observed and unobserved together.

    `estimate`, `lower` and `upper` are persons, None when `status` is not ESTIMATED; `lower` and
    `upper` are also None when the method gives no interval. `level` is the coverage the interval
    claims, 0 to 1. `model` is the chosen model in the notation [12,13,4]: lists by number from 1,
    maximal terms. `reason` says in plain words why there is no number, or what to beware of.
    `details` holds figures of this method alone, ready for JSON.
    """

    name: str
    estimate: float | None
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    model: str = ""
    criterion: str = ""
    status: Status = Status.ESTIMATED
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what `havenlight estimate --json` prints for this method."""
        answer: dict[str, Any] = {
            "name": self.name,
            "estimate": self.estimate,
            "lower": self.lower,
            "upper": self.upper,
            "level": self.level,
            "model": self.model,
            "criterion": self.criterion,
            "status": str(self.status),
            "reason": self.reason,
        }
        if self.details:
            answer["details"] = dict(self.details)
        return answer


def no_estimate(name: str, status: Status, reason: str, *, criterion: str = "") -> Estimate:
    """Return the answer of a method that has no number to give, with the reason."""
    return Estimate(name=name, estimate=None, status=status, reason=reason, criterion=criterion)
