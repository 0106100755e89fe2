"""The order in which calls are written: each after those that it reads, and those that lead to one output together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def in_order(ends: Iterable[Key], starts: Iterable[Key], reads: Callable[[Key], list[Key]]) -> list[Key] | None:
    """`starts`, and all that lead to `ends`, each once and after those that it reads; None if there is a cycle.

    `reads` is called once for each. There is no recursion, so a graph can be of any depth.
    """
    done: dict[Key, bool] = {}
    order: list[Key] = []
    for end in (*starts, *ends):
        stack: list[tuple[Key, list[Key]]] = []

        def enter(key: Key, stack: list[tuple[Key, list[Key]]] = stack) -> None:
            done[key] = False
            stack.append((key, list(reversed(reads(key)))))

        if end not in done:
            enter(end)
        while stack:
            key, left = stack[-1]
            if not left:
                stack.pop()
                done[key] = True
                order.append(key)
            elif (following := left.pop()) not in done:
                enter(following)
            elif not done[following]:
                return None
    return order
