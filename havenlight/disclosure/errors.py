"""What this package refuses; its own root, so that it works without the rest of Havenlight."""


class DisclosureError(Exception):
    """Protection was refused; the message says which value and which limit."""


class RulesRefused(DisclosureError, ValueError):
    """Rules would protect less than the least that this package allows."""


class TableRefused(DisclosureError, ValueError):
    """A table or a variable is not one: codes, shape or counts do not fit."""


class LedgerRefused(DisclosureError, ValueError):
    """A ledger cannot be read, or does not know what a statement speaks of."""


class LedgerContradicts(DisclosureError):
    """What the ledger says cannot all be true: no table of persons fits all of it."""
