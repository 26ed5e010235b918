"""The files that travel between organisations, and the key file that never does."""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from havenlight.mse.linking import CODE_BYTES, LinkingRefused, PrivateKey
from havenlight.mse.linking_names import RECIPES

FIRST_LINE = "havenlight-codes 1"
HEADER = ("study", "recipe", "list", "blinded-by")
KEY_FIELDS = {"study", "recipe", "lists", "own", "blinded", "secret"}
LEAST_PASSPHRASE = 12  # characters


@dataclass(frozen=True)
class CodeFile:
    """The codes of one list, in no order that means anything, and which keys have blinded them."""

    study: str
    recipe: str
    list_name: str
    blinded_by: tuple[str, ...]
    codes: tuple[bytes, ...]


@dataclass(frozen=True)
class KeyFile:
    """One organisation's secret for one study, and the lists it has blinded so far."""

    study: str
    recipe: str
    lists: tuple[str, ...]
    own: str
    blinded: tuple[str, ...]
    secret: str  # PEM, encrypted under the passphrase


def write_codes(path: Path, file: CodeFile) -> None:
    """Write a code file, sorted so that no order survives; refuses to write over another."""
    values = (file.study, file.recipe, file.list_name, ",".join(file.blinded_by))
    lines = [FIRST_LINE, *(f"{name}: {value}" for name, value in zip(HEADER, values, strict=True))]
    lines += sorted(code.hex() for code in file.codes)
    _write_new(path, "\n".join(lines) + "\n", 0o644)


def read_codes(path: Path) -> CodeFile:
    """Read a code file; raises LinkingRefused with the rows that are none of a code file's."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != FIRST_LINE:
        raise LinkingRefused((1, f"not {FIRST_LINE!r}: this is no code file"))
    values = [_header_value(lines, row, name) for row, name in enumerate(HEADER, 2)]
    first = len(HEADER) + 2
    problems = [
        (row, reason)
        for row, line in enumerate(lines[first - 1 :], first)
        if (reason := _code_problem(line))
    ]
    codes = lines[first - 1 :]
    if not problems and len(set(codes)) < len(codes):
        problems = [(0, "a code stands in the file twice")]
    if problems:
        raise LinkingRefused(*problems)
    study, recipe, list_name, keys = values
    return CodeFile(
        study, recipe, list_name, tuple(keys.split(",")), tuple(bytes.fromhex(c) for c in codes)
    )


def make_key_file(path: Path, file: KeyFile, key: PrivateKey, passphrase: str) -> None:
    """Write a new key file that only its owner can read, the key encrypted under a passphrase."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise LinkingRefused((0, f"the passphrase has fewer than {LEAST_PASSPHRASE} characters"))
    secret = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    _write_new(path, json.dumps(asdict(replace(file, secret=secret.decode())), indent=1), 0o600)


def read_key_file(path: Path, passphrase: str) -> tuple[KeyFile, PrivateKey]:
    """Read a key file; raises LinkingRefused when it is none or the passphrase is wrong."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or set(fields) != KEY_FIELDS:
        raise LinkingRefused((0, "this is no key file"))
    try:
        key = load_pem_private_key(fields["secret"].encode(), passphrase.encode())
    except ValueError as error:
        raise LinkingRefused((0, "the passphrase does not open this key")) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise LinkingRefused((0, "this is no key file"))
    lists, blinded = tuple(fields.pop("lists")), tuple(fields.pop("blinded"))
    return KeyFile(**fields, lists=lists, blinded=blinded), key


def note_blinded(path: Path, file: KeyFile, list_name: str) -> None:
    """Keep in the key file that a list was blinded, so that it is not done twice."""
    changed = replace(file, blinded=(*file.blinded, list_name))
    beside = path.with_name(path.name + ".new")
    _write_new(beside, json.dumps(asdict(changed), indent=1), 0o600)
    beside.replace(path)


def check_names(study: str, recipe: str, lists: tuple[str, ...], own: str) -> None:
    """Raise LinkingRefused unless these can head the files of one study."""
    if recipe not in RECIPES:
        raise LinkingRefused((0, f"there is no recipe {recipe!r}, only {', '.join(RECIPES)}"))
    if len(lists) < 2 or len(set(lists)) < len(lists):
        raise LinkingRefused((0, "a linking needs two or more lists with different names"))
    if own not in lists:
        raise LinkingRefused((0, f"{own!r} is not among the lists"))
    if any(not name.strip() or set(name) & set(",\r\n") for name in (study, *lists)):
        raise LinkingRefused((0, "a name is empty, or holds a comma or a line break"))


def _header_value(lines: list[str], row: int, name: str) -> str:
    line = lines[row - 1] if row <= len(lines) else ""
    start = f"{name}: "
    if not line.startswith(start):
        raise LinkingRefused((row, f"does not begin with {start!r}"))
    return line.removeprefix(start)


def _code_problem(line: str) -> str:
    if len(line) != 2 * CODE_BYTES or set(line) - set("0123456789abcdef"):
        return f"is not {2 * CODE_BYTES} hex digits"
    return ""


def _write_new(path: Path, text: str, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise LinkingRefused((0, f"{path.name} exists already; nothing is written over")) from error
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
