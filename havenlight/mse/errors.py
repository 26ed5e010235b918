"""What this package refuses; its own root, so that it works without the rest of Havenlight."""


class MseError(Exception):
    """An estimation was refused; the message says which value and which limit."""


class TableRefused(MseError, ValueError):
    """A table of capture histories cannot be read as one.

    `row` is the line in the file as a spreadsheet numbers it: the header is row 1. It is None
    when no single row is at fault.
    """

    def __init__(self, reason: str, row: int | None = None) -> None:
        """Keep the reason and the row apart, so that a page can point at the row."""
        super().__init__(reason if row is None else f"row {row}: {reason}")
        self.reason = reason
        self.row = row


class NotEstimable(MseError):
    """These counts hold no finite or no unique estimate under this model."""
