"""The command that links lists without names: keygen, code, blind, count."""

import argparse
import csv
import getpass
import io
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from havenlight.mse.disclosure import shown_table
from havenlight.mse.linking import (
    FEWEST_PERSONS,
    LinkingRefused,
    blind,
    code_of,
    key_name,
    new_key,
    overlap_table,
)
from havenlight.mse.linking_files import (
    CodeFile,
    KeyFile,
    check_names,
    make_key_file,
    note_blinded,
    read_codes,
    read_key_file,
    write_codes,
)
from havenlight.mse.linking_names import RECIPES, read_identities
from havenlight.mse.table import CaptureTable


def linking_command(arguments: Sequence[str], *, today: date | None = None) -> int:
    """Run one step of a linking; return 0, or 2 after writing to stderr why it was refused."""
    asked = _parser().parse_args(arguments)
    try:
        lines = _run(asked, today or datetime.now(tz=UTC).date())
    except UnicodeDecodeError:
        sys.stderr.write("the file is not UTF-8 text; a spreadsheet saves it as CSV UTF-8\n")
        return 2
    except (LinkingRefused, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def keygen(path: Path, file: KeyFile, passphrase: str) -> list[str]:
    """Make this organisation's key for one study."""
    check_names(file.study, file.recipe, file.lists, file.own)
    key = new_key()
    make_key_file(path, file, key, passphrase)
    return [f"key {key_name(key)} of {file.own} for {file.study}"]


def code(people: Path, key_path: Path, passphrase: str, out: Path, today: date) -> list[str]:
    """Turn this organisation's own CSV of persons into codes, blinded once."""
    file, key = read_key_file(key_path, passphrase)
    identities, repeats = read_identities(people, file.recipe, today)
    _check_length(len(identities))
    codes = tuple(code_of(identity, file.study, key) for identity in identities)
    write_codes(out, CodeFile(file.study, file.recipe, file.own, (key_name(key),), codes))
    return [
        f"{len(codes)} persons of {file.own} coded",
        f"{repeats} rows were the same person as an earlier row",
        _checksum(out),
    ]


def blind_file(codes: Path, key_path: Path, passphrase: str, out: Path) -> list[str]:
    """Blind another organisation's codes with this organisation's key, once only."""
    file, key = read_key_file(key_path, passphrase)
    theirs = read_codes(codes)
    _check_may_blind(theirs, file, key_name(key))
    blinded, problems = [], []
    for row, one in enumerate(theirs.codes, 6):
        try:
            blinded.append(blind(one, key))
        except ValueError:
            problems.append((row, "is no code"))
    if problems:
        raise LinkingRefused(*problems)
    if out.exists():
        raise LinkingRefused((0, f"{out.name} exists already; nothing is written over"))
    names = (*theirs.blinded_by, key_name(key))
    # Noted first, so that nothing is ever given out twice, whatever fails in between.
    note_blinded(key_path, file, theirs.list_name)
    write_codes(out, CodeFile(theirs.study, theirs.recipe, theirs.list_name, names, tuple(blinded)))
    done = f"{len(names)} of {len(file.lists)} keys"
    return [
        f"{len(blinded)} codes of {theirs.list_name} blinded by {file.own}, {done}",
        _checksum(out),
    ]


def count(paths: Sequence[Path], exact: Path | None) -> list[str]:
    """Compare fully blinded lists; return the overlap table as it may be shown.

    Args:
        exact: where to write the table as it is, for estimating and not for showing; its owner
            alone can read the file.
    """
    files = [read_codes(path) for path in paths]
    _check_complete(files)
    table = overlap_table({file.list_name: file.codes for file in files})
    if exact:
        _write_exact(exact, table)
    return [",".join(row) for row in shown_table(table)]


def _run(asked: argparse.Namespace, today: date) -> list[str]:
    if asked.step == "count":
        return count(asked.codes, asked.exact)
    passphrase = _passphrase(asked.passphrase_file)
    if asked.step == "keygen":
        lists = tuple(asked.lists.split(","))
        file = KeyFile(asked.study, asked.recipe, lists, asked.list, (), "")
        return keygen(asked.key, file, passphrase)
    if asked.step == "code":
        return code(asked.people, asked.key, passphrase, asked.out, today)
    return blind_file(asked.codes, asked.key, passphrase, asked.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="havenlight link", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    keyed = argparse.ArgumentParser(add_help=False)
    keyed.add_argument("--key", type=Path, required=True, help="this organisation's key file")
    keyed.add_argument("--passphrase-file", type=Path, help="asked for when left out")
    made = steps.add_parser("keygen", parents=[keyed], help="make a key for one study")
    made.add_argument("--study", required=True, help="a name all organisations agreed on")
    made.add_argument("--lists", required=True, help="all lists, by commas")
    made.add_argument("--list", required=True, help="this organisation's own list")
    made.add_argument("--recipe", required=True, choices=sorted(RECIPES), help="agreed by all")
    coded = steps.add_parser("code", parents=[keyed], help="turn a CSV of persons into codes")
    coded.add_argument("people", type=Path, help="family_name, given_name, birth_on")
    coded.add_argument("--out", type=Path, required=True)
    blinded = steps.add_parser("blind", parents=[keyed], help="blind another's codes")
    blinded.add_argument("codes", type=Path)
    blinded.add_argument("--out", type=Path, required=True)
    counted = steps.add_parser("count", help="compare lists that every key has blinded")
    counted.add_argument("codes", type=Path, nargs="+")
    counted.add_argument("--exact", type=Path, help="also write the exact table, to estimate from")
    return parser


def _passphrase(path: Path | None) -> str:
    if path is None:
        return getpass.getpass("passphrase of the key: ")
    return path.read_text(encoding="utf-8").rstrip("\r\n")


def _check_length(persons: int) -> None:
    if persons < FEWEST_PERSONS:
        raise LinkingRefused(
            (0, f"{persons} persons, under {FEWEST_PERSONS}: so short a list names its persons")
        )


def _check_may_blind(theirs: CodeFile, file: KeyFile, name: str) -> None:
    """Refuse what would let somebody ask this key about persons of his choice."""
    _check_length(len(theirs.codes))
    if (theirs.study, theirs.recipe) != (file.study, file.recipe):
        raise LinkingRefused((0, f"this key is for {file.study} with recipe {file.recipe}"))
    if theirs.list_name not in file.lists:
        raise LinkingRefused((0, f"{theirs.list_name!r} was not among the lists agreed on"))
    if theirs.list_name == file.own or name in theirs.blinded_by:
        raise LinkingRefused((0, "these codes have this key already"))
    if theirs.list_name in file.blinded:
        raise LinkingRefused(
            (0, f"{theirs.list_name} was blinded before; twice would tell who came or went")
        )


def _check_complete(files: Sequence[CodeFile]) -> None:
    """Refuse lists that were not all blinded by the same keys, one of each organisation."""
    if len({file.list_name for file in files}) < len(files) or len(files) < 2:
        raise LinkingRefused((0, "needs each list once, and two at least"))
    if len({(file.study, file.recipe) for file in files}) > 1:
        raise LinkingRefused((0, "the lists are of different studies or recipes"))
    keys = {name for file in files for name in file.blinded_by}
    for file in files:
        _check_length(len(file.codes))
        if len(file.blinded_by) != len(files) or set(file.blinded_by) != keys:
            raise LinkingRefused(
                (0, f"{file.list_name} has {len(file.blinded_by)} of {len(keys)} keys")
            )


def _checksum(path: Path) -> str:
    return f"sha256 {sha256(path.read_bytes()).hexdigest()}  {path.name}"


def _write_exact(path: Path, table: CaptureTable) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*table.lists, "count"])
    for history, persons in zip(table.histories, table.counts.tolist(), strict=True):
        writer.writerow([*history.astype(int).tolist(), persons])
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text.getvalue())
