"""What of an overlap table may be shown: a threshold and rounding, until figures are the place."""

from havenlight.mse.table import CaptureTable, cells_of

THRESHOLD = 5  # persons: fewer are not told apart from none
BASE = 5  # persons: everything else is rounded to a multiple of it


def shown(count: int) -> str:
    """Return a count as it may leave: below 5 as "<5", otherwise the nearest multiple of 5."""
    if count < THRESHOLD:
        return f"<{THRESHOLD}"
    return str(BASE * ((2 * count + BASE) // (2 * BASE)))


def shown_table(table: CaptureTable) -> list[list[str]]:
    """Return rows of all histories, header first, every count as it may leave.

    Every history that could occur is a row, so that an absent row tells nothing. Each count is
    treated by itself and no totals are given: what "<5" hides cannot be found by subtracting.
    """
    rows = [[*table.lists, "count"]]
    for history, count in zip(cells_of(table.n_lists), table.dense().tolist(), strict=True):
        rows.append([*("1" if seen else "0" for seen in history), shown(count)])
    return rows
