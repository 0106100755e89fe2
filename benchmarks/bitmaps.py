"""Makes PNG files small: they get a palette of few colours."""

from __future__ import annotations

import io

from PIL import Image

COLOURS = 256
_FEWER = (COLOURS, 128, 64, 32)


def optimized(png: bytes, colours: int = COLOURS) -> bytes:
    """The PNG with a palette of at most `colours`. An octree keeps rare colours, such as that of a mark."""
    written = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def within(png: bytes, most: int) -> bytes:
    """The picture with as many colours as fit into `most` bytes. Raises ValueError if 32 are too many."""
    for colours in _FEWER:
        small = optimized(png, colours)
        if len(small) <= most:
            return small
    raise ValueError(f"the picture takes {len(small):,} bytes with {_FEWER[-1]} colours; at most {most:,} are allowed")
