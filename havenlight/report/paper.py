"""PDF/UA from HTML; knows no Django, so that a process of its own starts quickly."""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from types import ModuleType

_AT_ONCE = 2


def warm() -> None:
    """Begin to load what PDFs are made by, beside whatever is done before they are asked for."""
    get_context("forkserver").set_forkserver_preload(["havenlight.report.inked"])
    forkserver.ensure_running()


@contextmanager
def press() -> Iterator[ProcessPoolExecutor]:
    """Processes that make PDFs, two at a time.

    Forked from one that has nothing but the library: this process may hold threads and connections.
    """
    warm()
    context = get_context("forkserver")
    with (
        _no_main(),
        ProcessPoolExecutor(_AT_ONCE, mp_context=context, initializer=ready) as pool,
    ):
        yield pool


@contextmanager
def _no_main() -> Iterator[None]:
    """Let no process begin by loading anew what was run here: all of Django, for nothing."""
    run = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = run


def ready() -> None:
    """Let a process make PDFs, and do nothing else; one that was forked does so already."""
    from havenlight.report import inked  # noqa: F401, PLC0415 -- WeasyPrint, see `warm`


def pdf(page: str) -> bytes:
    """The page as PDF/UA-1, tagged; no date and no random name, so its bytes stay the same."""
    from havenlight.report import inking  # noqa: PLC0415 -- as above

    return inking.pdf(page)
