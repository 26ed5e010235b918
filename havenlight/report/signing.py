"""Signs an edition's files with the helpline's key for reports, and checks them (Ed25519)."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from havenlight.report.errors import KeyRefused, NotAsSigned

SIGNATURE = "signature.json"
_PURPOSE = b"havenlight/edition/1\n"


def key_at(path: Path) -> Ed25519PrivateKey:
    """The key in that file; made there, readable by its owner alone, when there is none.

    Raises KeyRefused when what is there is no key, OSError when none can be written.
    """
    if not path.exists():
        _make_key(path)
    content = path.read_bytes()
    if len(content) != 32:
        raise KeyRefused(path.name)
    return Ed25519PrivateKey.from_private_bytes(content)


def _make_key(path: Path) -> None:
    # Whole or not at all: half a key, which a full disk left, would refuse every edition after it.
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent) as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        file.flush()
        os.fsync(file.fileno())
        # Another process may have been faster; its key is as good.
        with suppress(FileExistsError):
            os.link(file.name, path)


def signed(files: Mapping[str, bytes], key: Ed25519PrivateKey) -> bytes:
    """The signature file for all of these."""
    told = _told({name: sha256(content).hexdigest() for name, content in files.items()})
    made = {
        "files": json.loads(told),
        "public_key": b64encode(key.public_key().public_bytes_raw()).decode(),
        "signature": b64encode(key.sign(_PURPOSE + told)).decode(),
    }
    return (json.dumps(made, indent=1, sort_keys=True) + "\n").encode()


def verify(directory: Path, public_key: str | None = None) -> str:
    """Check every file of an edition, and return the public key that signed it (base64).

    Give `public_key` to accept no other: without it this says only that nothing was changed by
    somebody who does not hold the key that is named inside. Raises NotAsSigned with the file.
    """
    there = {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }
    return check(there, public_key)


def check(there: Mapping[str, bytes], public_key: str | None = None) -> str:
    """As `verify`, of files by name, the signature among them."""
    if SIGNATURE not in there:
        raise NotAsSigned(f"there is no {SIGNATURE}")
    try:
        held = json.loads(there[SIGNATURE])
        files, named = held["files"], held["public_key"]
        key = Ed25519PublicKey.from_public_bytes(b64decode(named, validate=True))
        key.verify(b64decode(held["signature"], validate=True), _PURPOSE + _told(files))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAsSigned(f"{SIGNATURE} is no signature of an edition") from None
    except InvalidSignature:
        raise NotAsSigned(f"{SIGNATURE} was changed") from None
    if public_key is not None and public_key.strip() != named:
        raise NotAsSigned("it was signed with another key")
    _check_files(there, files)
    return str(named)


def key_named(signature: bytes) -> str:
    """The public key that a signature file names; empty when it names none."""
    try:
        return str(json.loads(signature)["public_key"])
    except (ValueError, KeyError, TypeError):
        return ""


def _check_files(there: Mapping[str, bytes], files: Mapping[str, str]) -> None:
    if extra := sorted(there.keys() - files.keys() - {SIGNATURE}):
        raise NotAsSigned(f"{extra[0]} was added")
    for name, digest in sorted(files.items()):
        if name not in there:
            raise NotAsSigned(f"{name} is missing")
        if sha256(there[name]).hexdigest() != digest:
            raise NotAsSigned(f"{name} was changed")


def _told(files: Mapping[str, str]) -> bytes:
    return json.dumps(files, sort_keys=True, separators=(",", ":")).encode()
