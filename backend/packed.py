"""Files as a browser packs them (`components/browser/file_drop.js`): compressed with gzip, then in Base64."""

from __future__ import annotations

import zlib
from base64 import b64decode

#: The most characters of a packed file. Gzip makes digits less than half as long, and Base64 adds a third to that.
MOST_PACKED = 900_000
_GZIP = 31  # `wbits` of zlib


class TooLarge(ValueError):
    """The file has more bytes than are read."""


class Damaged(ValueError):
    """The text is not what a browser packs, or not all of it."""


def unpack(packed: str, most: int) -> bytes:
    """The bytes of the file. Raises `TooLarge` if they are more than `most`, or the text is too long, or `Damaged`."""
    if len(packed) > MOST_PACKED:
        raise TooLarge
    unpacker = zlib.decompressobj(_GZIP)
    try:
        data = unpacker.decompress(b64decode(packed, validate=True), most + 1)
    except (ValueError, zlib.error):
        raise Damaged from None
    if len(data) > most:
        raise TooLarge
    if not unpacker.eof:
        raise Damaged
    return data
