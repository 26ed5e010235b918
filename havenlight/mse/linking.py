"""Counting who is on which lists without names: codes that every organisation blinds in turn.

A person becomes a point on the curve P-256, and every organisation multiplies it by a secret
number of its own. The order makes no difference, so that a person has the same code in the end
whichever list he or she came from, and nobody can make that code alone. All arithmetic on the
curve is the elliptic-curve Diffie-Hellman of the `cryptography` package; docs/methods/linking.md
says what this protects and what not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from havenlight.mse.errors import MseError
from havenlight.mse.table import CaptureTable

CURVE = ec.SECP256R1()
CODE_BYTES = 32
FEWEST_PERSONS = 10  # a shorter list would tell its sender who is on the others

PrivateKey = ec.EllipticCurvePrivateKey


class LinkingRefused(MseError, ValueError):
    """A file or key does not fit this linking; rows are numbered as in a spreadsheet, from 1.

    `problems` holds (row, reason) pairs, row 0 when the whole is at fault. No reason carries
    anything about a person.
    """

    def __init__(self, *problems: tuple[int, str]) -> None:
        """Show the first twenty problems; `problems` has them all."""
        self.problems = problems
        words = [f"row {row}: {reason}" if row else reason for row, reason in problems[:20]]
        if len(problems) > len(words):
            words.append(f"and {len(problems) - len(words)} rows more")
        super().__init__("; ".join(words))


def new_key() -> PrivateKey:
    """Return a new secret number; one organisation makes one for one study, and destroys it."""
    return ec.generate_private_key(CURVE)


def key_name(key: PrivateKey) -> str:
    """Return 16 hex digits by which the others recognise a key without learning it."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return sha256(b"havenlight key 1\0" + point).hexdigest()[:16]


def code_of(identity: str, study: str, key: PrivateKey) -> bytes:
    """Return the code of a person, blinded once, 32 bytes.

    Args:
        identity: the person's attributes as `linking_names` writes them.
        study: name of this linking; the same person has unrelated codes in two studies.
    """
    return key.exchange(ec.ECDH(), _point_of(identity, study))


def blind(code: bytes, key: PrivateKey) -> bytes:
    """Return a code blinded once more, 32 bytes; raises ValueError for bytes that are no code.

    Codes are x coordinates. A point and its negative share one, and multiples keep sharing it,
    so that the coordinate alone is enough and the order of the keys makes no difference.
    """
    return key.exchange(ec.ECDH(), _at(code))


def overlap_table(lists: Mapping[str, Iterable[bytes]]) -> CaptureTable:
    """Count persons by the lists that their fully blinded codes are on.

    Args:
        lists: by name, the codes of each list after every organisation has blinded them.
    """
    seen: Counter[bytes] = Counter()
    for bit, codes in enumerate(lists.values()):
        for code in set(codes):
            seen[code] += 1 << bit
    cells = Counter(seen.values())
    dense = np.zeros((1 << len(lists)) - 1, dtype=np.int64)
    for cell, persons in cells.items():
        dense[cell - 1] = persons
    return CaptureTable.from_dense(tuple(lists), dense)


def _point_of(identity: str, study: str) -> ec.EllipticCurvePublicKey:
    """Hash to the curve by trying numbers until one is an x coordinate, two on average.

    How long that takes depends on the person. It happens on the organisation's own machine over
    its whole list at once, so that there is nobody to time it.
    """
    body = b"\0".join([b"havenlight code 1", study.encode(), identity.encode()])
    for attempt in range(256):
        try:
            return _at(sha256(bytes([attempt]) + body).digest())
        except ValueError:
            continue
    raise AssertionError("256 hashes in a row were no coordinate: a chance of 1 in 2**256")


def _at(coordinate: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, b"\x02" + coordinate)
