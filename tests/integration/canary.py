"""Looking for what must not be anywhere, in every form in which it could be there."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path


def forms(canary: bytes) -> dict[str, bytes]:
    """How `canary` could stand in a file: as it is, wide, as hexadecimal digits, as base64."""
    found = {
        "raw": canary,
        "utf-16": b"".join(bytes([byte, 0]) for byte in canary),
        "hex": canary.hex().encode(),
        "HEX": canary.hex().upper().encode(),
    }
    for shift in range(3):
        # Three bytes are four digits, so it matters how many bytes stand before. The digits at
        # either end belong in part to what stands around.
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            digits = encode(bytes(shift) + canary + bytes(3))
            whole = (shift + len(canary)) * 8 // 6
            found[f"{name} {shift}"] = digits[(0, 2, 3)[shift] : whole]
    return found


def files_below(*places: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, by its name, with what is in it."""
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                yield str(path), path.read_bytes()


def sightings(canaries: Iterable[bytes], contents: Iterable[tuple[str, bytes]]) -> list[str]:
    """Where one of `canaries` stands, in whichever form."""
    wanted = [(canary, name, form) for canary in canaries for name, form in forms(canary).items()]
    return [
        f"{canary!r} as {form_name} in {name}"
        for name, content in contents
        for canary, form_name, form in wanted
        if form in content
    ]
