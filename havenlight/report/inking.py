"""PDF/UA by WeasyPrint, in less time; `paper` has it done by processes of their own."""

import gc
import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, partial
from html import unescape

import pydyf
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.svg import Node

_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
_LINK = re.compile('<a href="#([^"]+)">([^<]+)</a>')


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


class _Once(pydyf.Object):  # type: ignore[misc] # pydyf has no types
    """An object of a PDF that is put into bytes once.

    A PDF with an identifier puts every object into bytes for the identifier, and then again.
    """

    def __init__(self, of: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation, self.free = of.number, of.generation, of.free
        self._of = of

    @cached_property
    def data(self) -> bytes:
        made: bytes = self._of.data
        return made

    @property
    def compressible(self) -> bool:
        may: bool = self._of.compressible
        return may


def _finished(said: Mapping[str, str], _document: Document, pdf: pydyf.PDF) -> None:
    """Let links within the page say where they lead, and make each object bytes once.

    WeasyPrint has a link described by the name of its place, which a screen reader would say.
    """
    for each in pdf.objects:
        if isinstance(each, pydyf.Dictionary) and "Dest" in each and "Contents" in each:
            each["Contents"] = pydyf.String(said.get(each["Dest"].string, each["Dest"].string))
    pdf.objects[1:] = map(_Once, pdf.objects[1:])


@cache
def _sheet(style: str) -> CSS:
    """The rules of a page: all pages have the same, which the process that is forked knows."""
    return CSS(string=style)


def pdf(page: str) -> bytes:
    """The page as PDF/UA-1, tagged; no date and no random name, so its bytes stay the same."""
    said = {place: unescape(words) for place, words in _LINK.findall(page)}
    made: bytes = HTML(string=_STYLE.sub("", page)).write_pdf(
        finisher=partial(_finished, said),
        stylesheets=[_sheet(style) for style in _STYLE.findall(page)],
        pdf_variant="pdf/ua-1",
        pdf_identifier=b"havenlight",
    )
    return made
