"""What the organisation's signing key vouches for: the team key of an epoch and who may hold it."""

import datetime
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from havenlight.core.ids import is_id
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import EncodingRefused, KeyRefused, ManifestRefused
from havenlight.core.seal.keys import PrivateKey, public_of, read_public

VERSION = 1
_SIGNATURE_BYTES = 64
_MALFORMED = "the manifest is not the JSON of docs/protocol.md"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One epoch as the organisation signed it. Keys are public; `members` maps ids to them."""

    org: bytes
    demo: bool
    epoch: int
    team: bytes
    recovery: bytes | None
    members: dict[str, bytes]
    first_on: datetime.date
    last_on: datetime.date
    prev: bytes | None


def sign(manifest: Manifest, signing_key: PrivateKey) -> str:
    """The manifest as it is published; raises ManifestRefused when `org` is another key."""
    if public_of(signing_key) != manifest.org:
        raise ManifestRefused("the signing key is not the organisation's")
    body = _write(manifest)
    r, s = decode_dss_signature(signing_key.sign(body, ECDSA(SHA256())))
    return f"{b64(body)}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def verify(signed: str, org: bytes, *, allow_demo: bool = False) -> Manifest:
    """The manifest in `signed`, or raise ManifestRefused unless `org` vouches for it.

    `org` is the organisation's public key as the reader already knows it; the one inside the
    manifest proves nothing. Keys that a server made are refused unless `allow_demo`.
    """
    body, signature = _parts(signed)
    _check_signature(body, signature, org)
    manifest = _read(body)
    if manifest.org != org:
        raise ManifestRefused("the manifest names another organisation")
    if manifest.demo and not allow_demo:
        raise ManifestRefused("the keys are a demo's, made by the server")
    return manifest


def check_follows(signed: str, former: str, org: bytes, *, allow_demo: bool = False) -> Manifest:
    """The manifest in `signed`, or raise ManifestRefused unless it may take the place of `former`.

    Inside an epoch members come and their keys change. Whoever goes takes the team key in her
    memory, so that without her there is always a new epoch with a new key.
    """
    new = verify(signed, org, allow_demo=allow_demo)
    old = verify(former, org, allow_demo=allow_demo)
    if new.prev != digest(former) or new.demo != old.demo:
        raise ManifestRefused("the manifest does not come after the one before it")
    if new.epoch == old.epoch:
        kept = (new.team, new.recovery, new.first_on, new.last_on)
        if kept != (old.team, old.recovery, old.first_on, old.last_on):
            raise ManifestRefused("only a new epoch has other keys or days")
        if not old.members.keys() <= new.members.keys():
            raise ManifestRefused("only a new epoch is without a former member")
    elif new.epoch != old.epoch + 1 or new.team == old.team:
        raise ManifestRefused("the next epoch is one higher, and has a key of its own")
    return new


def digest(signed: str) -> bytes:
    """What the next manifest holds as `prev`: SHA-256 of the signed bytes of this one."""
    return hashlib.sha256(_parts(signed)[0]).digest()


def fingerprint(org: bytes) -> str:
    """The organisation's key in six groups of five digits, to print and to compare by eye."""
    head = hashlib.sha256(b"havenlight/fp/1|" + org).digest()[:15]
    bits = int.from_bytes(head, "big")
    groups = (bits >> shift & 0xFFFFF for shift in range(100, -1, -20))
    return " ".join(f"{group % 100_000:05}" for group in groups)


def _parts(signed: str) -> tuple[bytes, bytes]:
    try:
        body, signature = map(unb64, signed.split("."))
    except ValueError as error:
        raise ManifestRefused("a manifest has two parts") from error
    except EncodingRefused as error:
        raise ManifestRefused("the manifest is not base64url") from error
    return body, signature


def _check_signature(body: bytes, signature: bytes, org: bytes) -> None:
    if len(signature) != _SIGNATURE_BYTES:
        raise ManifestRefused(f"a signature has {_SIGNATURE_BYTES} bytes, not {len(signature)}")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        read_public(org).verify(encode_dss_signature(r, s), body, ECDSA(SHA256()))
    except InvalidSignature as error:
        raise ManifestRefused("the signature is not the organisation's") from error


def _write(manifest: Manifest) -> bytes:
    fields = {
        "v": VERSION,
        "org": b64(manifest.org),
        "demo": manifest.demo,
        "epoch": manifest.epoch,
        "team": b64(manifest.team),
        "recovery": None if manifest.recovery is None else b64(manifest.recovery),
        "members": [{"id": id_, "key": b64(key)} for id_, key in manifest.members.items()],
        "from": manifest.first_on.isoformat(),
        "to": manifest.last_on.isoformat(),
        "prev": None if manifest.prev is None else b64(manifest.prev),
    }
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


def _read(body: bytes) -> Manifest:
    try:
        fields = json.loads(body)
        if fields["v"] != VERSION:
            raise ManifestRefused(f"version {fields['v']!r} of a manifest is not known")
        manifest = Manifest(
            org=_public(fields["org"]),
            demo=fields["demo"],
            epoch=fields["epoch"],
            team=_public(fields["team"]),
            recovery=None if fields["recovery"] is None else _public(fields["recovery"]),
            members={member["id"]: _public(member["key"]) for member in fields["members"]},
            first_on=datetime.date.fromisoformat(fields["from"]),
            last_on=datetime.date.fromisoformat(fields["to"]),
            prev=None if fields["prev"] is None else unb64(fields["prev"]),
        )
    except (AttributeError, EncodingRefused, KeyError, KeyRefused, TypeError, ValueError) as error:
        raise ManifestRefused(_MALFORMED) from error
    _check_ranges(manifest, len(fields["members"]))
    return manifest


def _public(text: str) -> bytes:
    raw = unb64(text)
    read_public(raw)
    return raw


def _check_ranges(manifest: Manifest, members: int) -> None:
    fits = (
        isinstance(manifest.demo, bool)
        and type(manifest.epoch) is int
        and 1 <= manifest.epoch < 2**32
        and len(manifest.members) == members
        and all(map(is_id, manifest.members))
        and manifest.first_on <= manifest.last_on
        and (manifest.prev is None or len(manifest.prev) == 32)
    )
    if not fits:
        raise ManifestRefused(_MALFORMED)
