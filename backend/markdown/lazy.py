"""A mapping that is computed when it is first read, so that importing its module opens no file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TypeVar

T = TypeVar("T")


class Lazy(Mapping[str, T]):
    """What `load` returns, which is called once."""

    def __init__(self, load: Callable[[], Mapping[str, T]]) -> None:
        self._loaded = cache(load)

    def __getitem__(self, key: str) -> T:
        return self._loaded()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())
