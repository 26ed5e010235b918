"""Multiple systems estimation: how large a population is of which lists each saw a part."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from havenlight.mse.analysis import Analysis, estimate
    from havenlight.mse.classical import Settings
    from havenlight.mse.read import read_counts, read_records, read_strata
    from havenlight.mse.strata import estimate_strata
    from havenlight.mse.table import CaptureTable

__all__ = [
    "Analysis",
    "CaptureTable",
    "Settings",
    "estimate",
    "estimate_strata",
    "read_counts",
    "read_records",
    "read_strata",
]

_HOMES = {
    "Analysis": "analysis",
    "CaptureTable": "table",
    "Settings": "classical",
    "estimate": "analysis",
    "estimate_strata": "strata",
    "read_counts": "read",
    "read_records": "read",
    "read_strata": "read",
}


def __getattr__(name: str) -> object:
    """Load what is asked for: a report needs `reach` alone, and not half a second of SciPy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
