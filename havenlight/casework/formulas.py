"""Cells that a spreadsheet would run as a formula: an apostrophe in front keeps them text."""

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell as a spreadsheet shows it and never runs it."""
    return f"'{cell}" if cell.startswith(_BEGINNINGS) else cell


def plain(cell: str) -> str:
    """A cell without what `harmless` or a spreadsheet put in front of it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_BEGINNINGS) else text
