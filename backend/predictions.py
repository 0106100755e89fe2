"""What visitors predicted, and whether it was right.

Predictions are kept in the memory of this process: a reload keeps them, a restart of the server does not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, MutableMapping
from threading import Lock
from typing import Literal, Protocol

from cachetools import LRUCache

#: The most visitors that are remembered, and subjects of each. The oldest are forgotten first.
MOST_VISITORS, MOST_SUBJECTS = 2000, 240


class HasAnswer(Protocol):
    """What measured evidence says: the option of the question that it gives, or None where it gives none."""

    @property
    def answer(self) -> str | None:
        """The option."""
        ...


def mark(found: HasAnswer, predicted: str) -> Literal["right", "wrong", "not marked"]:
    """Whether the prediction was "right" or "wrong"; "not marked" where the evidence gives no answer."""
    if found.answer is None:
        return "not marked"
    return "right" if predicted == found.answer else "wrong"


class PredictionStore:
    """Predictions by visitor and by subject: what is predicted, with the settings on which it depends.

    An entry is the visitor's prediction, or None where the outcome is revealed to them without one. Safe from any
    thread.
    """

    def __init__(self, visitors: int = MOST_VISITORS, subjects: int = MOST_SUBJECTS) -> None:
        self._subjects = subjects
        self._entries: LRUCache[str, MutableMapping[Hashable, str | None]] = LRUCache(maxsize=visitors)
        self._lock = Lock()

    def predict(self, subject: Hashable, visitor: str, option: str | None) -> None:
        """Keep the visitor's prediction; None takes it back."""
        with self._lock:
            own = self._of(visitor)
            if option is None:
                own.pop(subject, None)
            else:
                own[subject] = option

    def reveal(self, subjects: Iterable[Hashable], visitor: str) -> None:
        """The visitor sees these outcomes from now on, and keeps the predictions already made."""
        with self._lock:
            own = self._of(visitor)
            for subject in subjects:
                own.setdefault(subject, None)

    def predicted(self, subject: Hashable, visitor: str) -> str | None:
        """The visitor's prediction; None where there is none."""
        with self._lock:
            return self._entries[visitor].get(subject) if visitor in self._entries else None

    def revealed(self, subject: Hashable, visitor: str) -> bool:
        """Whether the visitor predicted it or had it revealed."""
        with self._lock:
            return visitor in self._entries and subject in self._entries[visitor]

    def any(self, visitor: str) -> bool:
        """Whether there is anything to clear."""
        with self._lock:
            return bool(self._entries.get(visitor))

    def clear(self, visitor: str) -> None:
        """Forget everything about the visitor."""
        with self._lock:
            self._entries.pop(visitor, None)

    def _of(self, visitor: str) -> MutableMapping[Hashable, str | None]:
        if visitor not in self._entries:
            self._entries[visitor] = LRUCache(maxsize=self._subjects)
        return self._entries[visitor]
