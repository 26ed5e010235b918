"""How long a visitor may have to wait, as an honest range."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

STEPS = (0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120)
"""Minutes that people use when they speak of waiting."""

_ENOUGH = 3


def wait_range(ahead: int, accepted_at: Sequence[float]) -> tuple[int, int] | None:
    """Minutes from and to within which a visitor with `ahead` others before her is answered.

    Args:
        ahead: visitors who will be answered first.
        accepted_at: when conversations were lately accepted, in seconds, oldest first.

    The pace is the median time between two acceptances. The range runs from half of what the pace
    says to twice as long, rounded outwards to `STEPS`: acceptances come in bursts, and who is in
    danger goes first. None when fewer than three acceptances say anything about the pace, or when
    the range would run past the last step.
    """
    if len(accepted_at) < _ENOUGH:
        return None
    pace = median(after - before for before, after in pairwise(accepted_at)) / 60
    likely = (ahead + 1) * pace
    to = next((step for step in STEPS[1:] if step >= 2 * likely), None)
    if to is None:
        return None
    return max(step for step in STEPS if step <= likely / 2), to
