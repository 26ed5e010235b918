"""The command `havenlight attack`: what a reader finds in all that was published."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from havenlight.disclosure.audit import Finding, Risk, audit
from havenlight.disclosure.errors import DisclosureError
from havenlight.disclosure.exploiter import exploit
from havenlight.disclosure.ledger import Ledger, Where
from havenlight.disclosure.rules import LEAST_THRESHOLD

_FOUND = 1
_REFUSED = 2

_PERHAPS_NOBODY = (
    "Where it says 0 to a few there may be nobody: an edition is published when its maker, who "
    "knows the truth, finds nobody there and nothing sensitive told by that.\n"
)


def attack_command(arguments: Sequence[str]) -> int:
    """Attack a ledger and print what is found.

    Returns 0 when nothing is, 1 when a count is found, 2 when the ledger cannot be read.
    """
    given = _parser().parse_args(arguments)
    try:
        ledger = Ledger.from_json(given.ledger.read_text(encoding="utf-8"))
        lines = _exploited(ledger, given) if given.population else _attacked(ledger, given)
    except (OSError, UnicodeDecodeError, DisclosureError) as refused:
        sys.stderr.write(f"havenlight attack: {given.ledger}: {refused}\n")
        return _REFUSED
    sys.stdout.write("\n".join(lines or ["nothing is found"]) + "\n")
    return _FOUND if lines else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="havenlight attack",
        description="Find small counts from everything that a ledger says was published. It asks "
        "without knowing the truth, so it may also find counts that only could be small.",
    )
    parser.add_argument("ledger", type=Path, help="ledger.json of an edition")
    parser.add_argument("--threshold", type=int, default=LEAST_THRESHOLD)
    parser.add_argument("--population", help="ask what somebody learns who knows one person of it")
    parser.add_argument(
        "--knows", action="append", default=[], metavar="VARIABLE=CODE", type=_known
    )
    return parser


def _known(text: str) -> tuple[str, str]:
    variable, equals, code = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not VARIABLE=CODE")
    return variable, code


def _attacked(ledger: Ledger, given: argparse.Namespace) -> list[str]:
    found = audit(ledger, threshold=given.threshold).broken
    if any(one.lower == 0 and one.risk is not Risk.GROUP for one in found):
        sys.stderr.write(_PERHAPS_NOBODY)
    return [_line(one) for one in found]


def _line(found: Finding) -> str:
    what = "nobody" if found.risk is Risk.GROUP else f"{found.lower} to {found.upper}"
    where = _words(found.where)
    return f"{found.population}, {where}: {what}, from {', '.join(found.because)}"


def _exploited(ledger: Ledger, given: argparse.Namespace) -> list[str]:
    learned = exploit(ledger, given.population, dict(given.knows), given.threshold)
    counted = [f"she was counted: {_words(where)}" for where in learned.counted]
    told = [f"she has {key}={code}" for key, code in sorted(learned.told.items())]
    not_told = [
        f"she has no {key}={code}"
        for key, codes in sorted(learned.ruled_out.items())
        if key not in learned.told
        for code in codes
    ]
    return counted + told + not_told


def _words(where: Where) -> str:
    return " and ".join(f"{key}={'+'.join(codes)}" for key, codes in where) or "all"
