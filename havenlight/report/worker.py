"""The process that makes editions: a request on stdin, events on stdout, one JSON a line.

`havenlight.report.work` writes the one and reads the others. It reads no table and writes none.
"""

import io
import json
import os
import resource
import signal
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import django
import numpy as np

from havenlight.casework import versions
from havenlight.casework.codebook import Text
from havenlight.casework.errors import CodebookRefused
from havenlight.disclosure import Ledger, Rules, TwoWay
from havenlight.disclosure.errors import DisclosureError, LedgerContradicts, LedgerRefused
from havenlight.figures import defining
from havenlight.figures.columns import Registrations
from havenlight.figures.errors import NothingToCount
from havenlight.report.edition import Edition, Note, analysis_of
from havenlight.report.errors import EditionBroken
from havenlight.report.questions import Asked
from havenlight.report.recipes import Recipe
from havenlight.report.telling import together, told_by

if TYPE_CHECKING:
    from havenlight.report.freezing import About

LONGEST_SECONDS = 15 * 60
MOST_MEMORY_BYTES = 4 * 1024**3


def main() -> None:
    """Make what is asked for."""
    _be_modest()
    django.setup()
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        VERBS[asked["verb"]](asked)
    except NothingToCount as error:
        _tell("refused", reason="nothing", about=str(error.period))
    except EditionBroken as error:
        _tell("refused", reason="broken", about=error.found[0])
    except (LedgerContradicts, LedgerRefused):
        _tell("refused", reason="contradicts")
    except DisclosureError:
        _tell("refused", reason="told")
    except CodebookRefused as error:
        _tell("refused", reason="definitions", about=str(error))
    except MemoryError:
        _tell("refused", reason="memory")
    except OSError as error:
        _tell("refused", reason="disk", about=error.strerror or "")


def _build(asked: dict[str, Any]) -> None:
    from havenlight.report import freezing, quarters  # noqa: PLC0415 -- SciPy, for this alone
    from havenlight.report.revising import Change  # noqa: PLC0415 -- as above

    _progress("counting", 0.2)
    registrations, year, quarter = _registrations(asked), asked["year"], asked["quarter"]
    editions = tuple(map(Edition.from_json, asked["editions"]))
    before = _ledger(asked)
    since = {(year, part): Change(*counts) for year, part, *counts in asked["changes"]}
    given = _about(asked), freezing.Published(before, editions, since)
    frozen = (
        quarters.freeze_quarter(defining.newest(), registrations, (year, quarter), *given)
        if quarter
        else freezing.freeze(defining.newest(), registrations, year, *given)
    )
    _progress("attacking", 1.0)
    told = told_by(before, frozen.ledger).to_json()
    _tell("made", content=frozen.edition.to_json(), told=told)


def _answer(asked: dict[str, Any]) -> None:
    from havenlight.report import answering  # noqa: PLC0415 -- SciPy, for this alone

    before, question = _ledger(asked), Asked(**asked["question"])
    _progress("counting", 0.3)
    registrations = _registrations(asked)
    rules = _rules(asked)
    answer, after = answering.answered(question, defining.newest(), registrations, rules, before)
    told = told_by(before, after).to_json()
    _tell("made", content=answer.to_json(), told=told)


def _make_up(asked: dict[str, Any]) -> None:
    from havenlight.disclosure.synthesis import TooFewPersons  # noqa: PLC0415 -- OpenDP, for this
    from havenlight.report import microdata  # noqa: PLC0415 -- as above

    recipe = Recipe.of(asked["recipe"])
    spent = {int(year): epsilon for year, epsilon in asked["spent"].items()}
    _progress("making up", 0.2)
    try:
        made = microdata.made_up(defining.newest(), _registrations(asked), recipe)
    except TooFewPersons as error:
        _tell("refused", reason="few", about=str(error.persons))
        return
    _files(microdata.files(made, recipe, spent))


def _files(made: Mapping[str, bytes]) -> None:
    for name, content in made.items():
        _tell("file", name=name, content=b64encode(content).decode())
    _tell("printed")


def _about(asked: dict[str, Any]) -> "About":
    from havenlight.report.freezing import About  # noqa: PLC0415 -- as above

    about = asked["about"]
    corrects, words = about.pop("corrects"), about.pop("words")
    analyses = about.pop("analyses")
    notes = [Note(each["year"], Text(each["nl"], each["en"]), each["kind"])
             for each in about.pop("notes")]  # fmt: skip
    data_on = date.fromisoformat(about.pop("data_on"))
    return About(
        **about,
        data_on=data_on,
        rules=_rules(asked),
        notes=tuple(notes),
        words=words,
        analyses=tuple(map(analysis_of, analyses)),
        revision=asked["revision"],
        corrects=Text(**corrects) if corrects else None,
    )


def _print(asked: dict[str, Any]) -> None:
    from havenlight.report import building  # noqa: PLC0415 -- PDFs, for this alone

    edition = Edition.from_json(asked["content"])
    _progress("printing", 0.1)
    made = building.files(edition, lambda _what, share: _progress("printing", share))
    _files(made)


def _ledger(asked: dict[str, Any]) -> Ledger:
    return together(map(Ledger.from_json, asked["told"]))


def _rules(asked: dict[str, Any]) -> Rules:
    threshold = asked["threshold"]
    base = max(threshold, Rules.base)
    way = TwoWay(asked["two_way"])
    return Rules(threshold=threshold, base=base, two_way=way, seed=asked["seed"])


def _registrations(asked: dict[str, Any]) -> Registrations:
    held = asked["registrations"]
    codebook = versions.codebook(held["codebook"])
    arrays = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
    answers = {
        name.removeprefix("answer-"): arrays[name]
        for name in arrays.files
        if name.startswith("answer-")
    }
    return Registrations(
        codebook,
        arrays["years"],
        arrays["months"],
        arrays.get("contacts"),
        answers,
        {int(year): tuple(each) for year, each in held["versions"].items()},
        held["simulated"],
    )


VERBS: dict[str, Callable[[dict[str, Any]], None]] = {
    "build": _build,
    "answer": _answer,
    "make up": _make_up,
    "print": _print,
}


def _be_modest() -> None:
    """Give way to the chats on this machine, and end with all that was started."""
    os.nice(19)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(0, signal.SIGKILL))
    signal.alarm(LONGEST_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))


def _progress(what: str, share: float) -> None:
    _tell("progress", what=what, share=share)


def _tell(event: str, **fields: object) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}, allow_nan=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
