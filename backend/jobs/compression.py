"""Results and events of jobs: they are sent and stored compressed, and decompressed when a page reads them.

A run takes six times as much memory uncompressed, and a full classroom leaves a hundred runs that hardly anybody opens
again.
"""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

#: How many values stay decompressed: one page is drawn at a time, and it reads the same run many times.
_DECOMPRESSED = 4


@dataclass(frozen=True, eq=False)
class Compressed:
    """A pickled, compressed value. Unpickling can run code, so it must come from our own workers."""

    data: bytes

    @classmethod
    def of(cls, value: Any) -> Compressed:
        """Compress `value`."""
        return cls(zlib.compress(pickle.dumps(value, protocol=5), level=1))

    def open(self) -> Any:
        """The value. The last few values stay decompressed, so that repeated reads are cheap."""
        return _open(self)


def decompress(value: Any) -> Any:
    """`value`, decompressed if it is compressed."""
    return value.open() if isinstance(value, Compressed) else value


@lru_cache(maxsize=_DECOMPRESSED)
def _open(compressed: Compressed) -> Any:
    return pickle.loads(zlib.decompress(compressed.data))
