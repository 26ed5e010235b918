"""From an edition to its files: all of them, signed, or none."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from havenlight.disclosure import Ledger
from havenlight.disclosure.errors import LedgerRefused
from havenlight.report import opendata, signing
from havenlight.report.edition import Edition
from havenlight.report.errors import EditionRefused, NotAsSigned, OutRefused
from havenlight.report.paper import pdf, press
from havenlight.report.rendering import LANGUAGES, html, outputs

EDITION = "edition.json"
LEDGER = "ledger.json"
ON_PAPER = ("report", "factsheet")
QUARTERLY_ON_PAPER = ("signals",)

Progress = Callable[[str, float], None]


def files(edition: Edition, progress: Progress = lambda _what, _share: None) -> dict[str, bytes]:
    """Every file of an edition by name; the same edition gives the same bytes.

    What is printed comes first, so that its PDFs are made while the rest is written.
    """
    made: dict[str, bytes] = {}
    on_paper = QUARTERLY_ON_PAPER if edition.quarter else ON_PAPER
    with press() as printing:
        papers: dict[str, Future[bytes]] = {}
        for output, language in product(outputs(edition.quarter), LANGUAGES):
            page, name = html(edition, language, output), f"{output.name}-{language}"
            made[f"{name}.html"] = page.encode()
            if output.name in on_paper:
                papers[name] = printing.submit(pdf, page)
        made |= _data(edition)
        for done, (name, paper) in enumerate(papers.items(), start=1):
            made[f"{name}.pdf"] = paper.result()
            progress("PDF", done / len(papers))
    return made


def _data(edition: Edition) -> dict[str, bytes]:
    data = {f"data/{name}": text.encode() for name, text in opendata.files(edition).items()}
    return {EDITION: edition.to_json().encode(), **data}


def write(
    out: Path, made: Mapping[str, bytes], key: Ed25519PrivateKey, ledger: str | None = None
) -> None:
    """Write and sign an edition's files into `out`, as `place` does.

    The ledger stands beside the edition: it grows with the next one and is not part of this. It is
    signed likewise, and both are there or neither. Raises OutRefused.
    """
    edition = {**made, signing.SIGNATURE: signing.signed(made, key)}
    if ledger is None:
        place(out, edition)
        return
    told = {LEDGER: ledger.encode()}
    told[signing.SIGNATURE] = signing.signed(told, key)
    check_free(out)
    with _beside(out) as beside:
        _write_all(beside, told)
        place(out, edition)
        at = out.with_name(f"{out.name}-{LEDGER}")
        (beside / LEDGER).replace(at)
        (beside / signing.SIGNATURE).replace(signature_of(at))


def signature_of(ledger: Path) -> Path:
    """Where the signature of a ledger stands: beside it."""
    return ledger.with_suffix(".signature.json")


def read_ledger(path: Path) -> Ledger:
    """A ledger that stands beside an edition, or EditionRefused, also when it is not as signed."""
    advice = "take it from a backup, or from beside the edition that was made last"
    try:
        told = {LEDGER: path.read_bytes()}
        if signature_of(path).exists():
            told[signing.SIGNATURE] = signature_of(path).read_bytes()
            signing.check(told)
        return Ledger.from_json(told[LEDGER].decode())
    except OSError as error:
        raise EditionRefused(f"{path.name}: {error.strerror}") from None
    except NotAsSigned:
        raise EditionRefused(f"{path.name} is not as it was signed; {advice}") from None
    except (LedgerRefused, UnicodeDecodeError) as error:
        raise EditionRefused(f"{path.name}: {error}; {advice}") from None


def place(out: Path, made: Mapping[str, bytes]) -> None:
    """Write files into `out`, which must be new or empty: all of them or none.

    They are written beside it first, so that a disk that fills up leaves nothing half done.
    Raises OutRefused.
    """
    check_free(out)
    with _beside(out) as beside:
        _write_all(beside, made)
        if out.exists():
            out.rmdir()
        beside.chmod(0o755)
        beside.rename(out)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A directory beside `out` that is gone at the end, whatever happens; OutRefused for a disk."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise OutRefused(f"{out} cannot be made: {error.strerror}") from None
    try:
        yield beside
    except OSError as error:
        raise OutRefused(
            f"{out} could not be written: {error.strerror}; nothing of it was kept: free some "
            "space, or give another directory"
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_free(out: Path) -> None:
    """Raise OutRefused when there is something at `out`."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutRefused(f"{out} is there already; give a new or an empty directory")


def _write_all(directory: Path, made: Mapping[str, bytes]) -> None:
    for name, content in made.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def rebuilt(directory: Path) -> dict[str, bytes]:
    """The files of a written edition made anew from its frozen tables."""
    return files(Edition.from_json((directory / EDITION).read_text(encoding="utf-8")))
