"""Log lines that can hold no content: an error is its type and where it was raised."""

import logging
import traceback


class QuietFormatter(logging.Formatter):
    """Formats an exception without its message.

    The message of an exception can hold what was being handled: a row, a header, a path. The type
    and the line where it happened are enough to find the defect.
    """

    def formatException(self, ei: object) -> str:  # noqa: N802 -- the name is logging's
        """The frames, oldest first, and the type; never the arguments."""
        if not isinstance(ei, tuple) or ei[0] is None:
            return ""
        kind, _, tb = ei
        frames = traceback.extract_tb(tb)
        lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return "\n".join([*lines, f"  {kind.__module__}.{kind.__qualname__}"])
