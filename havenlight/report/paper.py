"""PDF/UA from HTML; knows no Django, so that a process of its own starts quickly."""

import gc
import logging
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


class _Whole(str):
    """A text that is one piece, and no row of letters."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def _in_one_piece() -> None:
    """Let WeasyPrint lay out each text of a plot at once.

    It does so letter by letter, for texts that place each letter; ours have none of those. That
    took a third of the time, and broke words apart for who copies them or has them read aloud.
    """
    from weasyprint.svg import Node  # noqa: PLC0415 -- see `pdf`

    plain = Node.text.fget
    Node.text = property(lambda node: None if plain(node) is None else _Whole(plain(node)))


def ready() -> None:
    """Let a process make PDFs, and do nothing else."""
    # A process that ends after a few documents need not look for garbage: a third of the time.
    gc.freeze()
    gc.disable()
    # It warns of every rule of CSS that paper has no use for.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    _in_one_piece()


def pdf(page: str) -> bytes:
    """The page as PDF/UA-1, tagged; no date and no random name, so its bytes stay the same."""
    from weasyprint import HTML  # noqa: PLC0415 -- only where PDFs are made, see `warm`

    made: bytes = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"havenlight")
    return made
