"""Writes form.json: what the form must ask and keep, as havenlight/casework/answers.py has it.

usage: python -m tests.vectors.make_form
"""

import json
import random
from pathlib import Path

from havenlight.casework import versions
from havenlight.casework.answers import as_json, asked, settled
from havenlight.casework.codebook import Absence, Answer, Codebook, Kind, Variable
from havenlight.casework.presenting import for_browser

FILE = Path(__file__).with_name("form.json")
CASES = 60


def made() -> dict[str, object]:
    """The codebook as a browser gets it, and forms filled in at random."""
    book = versions.codebook("2026-1")
    draw = random.Random("form")  # noqa: S311 -- the same forms every time
    return {"codebook": for_browser(book, "en"), "cases": [_case(draw, book) for _ in range(CASES)]}


def _case(draw: random.Random, book: Codebook) -> dict[str, object]:
    answers = {
        variable.key: _answer(draw, variable)
        for variable in book.variables.values()
        if draw.random() < 0.7
    }
    # Most forms would end at the first question otherwise.
    answers |= {"contact_kind": "help", "help_question": ("trafficking",)}
    return {
        "answers": as_json(answers),
        "asked": list(asked(book, answers)),
        "settled": as_json(settled(book, answers)),
    }


def _answer(draw: random.Random, variable: Variable) -> Answer:
    if draw.random() < 0.15:
        return draw.choice(list(Absence)).value
    codes = [code.code for code in variable.codes]
    if variable.kind is Kind.SEVERAL:
        chosen = draw.sample(codes, draw.randint(1, 3))
        return tuple(code for code in codes if code in chosen)
    if codes:
        return draw.choice(codes)
    if variable.at_least is not None and variable.at_most is not None:
        return draw.randint(variable.at_least, min(variable.at_most, 90))
    return "2026-01-31" if variable.kind is Kind.DATE else "spring"


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), ensure_ascii=False, separators=(",", ":")) + "\n")
