"""What retention refuses."""

from havenlight.core.errors import HavenlightError


class NotPurged(HavenlightError):
    """Rows are erased, but their bytes may still be in a file; the message says what to do."""


class BackupRefused(HavenlightError):
    """A backup cannot be made or restored; the message says why, and nothing was changed."""
