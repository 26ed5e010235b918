"""What server processes use: CPU time and memory, of them and whatever they started."""

import psutil


def cpu_seconds(pids: list[int]) -> float:
    """User and system time so far, that of children which have ended included."""
    return sum(sum(process.cpu_times()[:4]) for process in _with_children(pids))


def resident_kib(pids: list[int]) -> float:
    """Resident memory now."""
    return sum(process.memory_info().rss for process in _with_children(pids)) / 1024


def _with_children(pids: list[int]) -> list[psutil.Process]:
    roots = [psutil.Process(pid) for pid in pids]
    return roots + [child for root in roots for child in root.children(recursive=True)]
