"""Firefox's own wrapping of LZ4 (`mozLz4`), read only: no package that we have does it."""

MAGIC = b"mozLz40\0"


def unpack(packed: bytes) -> bytes:
    """What is in a file of Firefox; a file of another kind is given back as it is.

    The block format is that of https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md.
    """
    if not packed.startswith(MAGIC):
        return packed
    out, at = bytearray(), len(MAGIC) + 4
    while at < len(packed):
        token, at = packed[at], at + 1
        length, at = _length(packed, at, token >> 4)
        out += packed[at : at + length]
        at += length
        if at >= len(packed):
            break
        offset, at = int.from_bytes(packed[at : at + 2], "little"), at + 2
        length, at = _length(packed, at, token & 15)
        for _ in range(length + 4):
            out.append(out[-offset])
    return bytes(out)


def _length(packed: bytes, at: int, length: int) -> tuple[int, int]:
    more = length == 15
    while more:
        length, at, more = length + packed[at], at + 1, packed[at] == 255
    return length, at
