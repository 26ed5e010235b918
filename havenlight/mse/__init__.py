"""Multiple systems estimation: how large a population is of which lists each saw a part."""

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
