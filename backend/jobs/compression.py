"""What a job leaves as it travels and as it is kept: small, and opened when somebody looks at it.

A run takes six times as much memory open as packed, and a full room leaves a hundred of them that hardly anybody looks
at again.
"""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_KEPT_OPEN = 4  # one page is drawn at a time, and looks at one run again and again


@dataclass(frozen=True, eq=False)
class Compressed:
    """A value, packed. It comes from our own workers alone: to open a pickle is to trust who made it."""

    data: bytes

    @classmethod
    def of(cls, value: Any) -> Compressed:
        """Pack `value`."""
        return cls(zlib.compress(pickle.dumps(value, protocol=5), level=1))

    def open(self) -> Any:
        """The value. The last few stay open, so that a page may look at one again and again."""
        return _open(self)


def decompress(value: Any) -> Any:
    """`value`, opened if it is packed."""
    return value.open() if isinstance(value, Compressed) else value


@lru_cache(maxsize=_KEPT_OPEN)
def _open(packed: Compressed) -> Any:
    return pickle.loads(zlib.decompress(packed.data))
