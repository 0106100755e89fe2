"""What visitors predicted, in the memory of this process: a reload keeps it, a restart of the server does not."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from threading import Lock
from typing import Any

from cachetools import LRUCache

from backend.claims.base import Claim
from backend.claims.settings import prediction_key
from backend.experiment import Experiment

#: The most visitors that are remembered, and claims on different settings of each. The oldest are forgotten first.
MOST_VISITORS, MOST_CLAIMS = 2000, 240


class Predictions:
    """Predictions by visitor, claim and the settings that the claim depends on. Safe from any thread.

    An entry is the visitor's prediction, or None where the verdict is revealed to them without one.
    """

    def __init__(self, visitors: int = MOST_VISITORS, claims: int = MOST_CLAIMS) -> None:
        self._claims = claims
        self._entries: LRUCache[str, MutableMapping[str, str | None]] = LRUCache(maxsize=visitors)
        self._lock = Lock()

    def predict(self, claim: Claim[Any], experiment: Experiment, visitor: str, option: str | None) -> None:
        """Keep the visitor's prediction, one of the claim's options; None takes it back.

        Raises ValueError for another option.
        """
        if option is not None and option not in claim.options:
            raise ValueError(f"claim {claim.number} has no option “{option[:40]}”")
        key = prediction_key(claim, experiment)
        with self._lock:
            own = self._of(visitor)
            if option is None:
                own.pop(key, None)
            else:
                own[key] = option

    def reveal(self, claims: Iterable[Claim[Any]], experiment: Experiment, visitor: str) -> None:
        """The visitor sees the verdicts of these claims from now on, and keeps the predictions already made."""
        keys = [prediction_key(claim, experiment) for claim in claims]
        with self._lock:
            own = self._of(visitor)
            for key in keys:
                own.setdefault(key, None)

    def predicted(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> str | None:
        """The visitor's prediction; None where there is none on settings that give the same answer."""
        key = prediction_key(claim, experiment)
        with self._lock:
            return self._entries[visitor].get(key) if visitor in self._entries else None

    def revealed(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> bool:
        """Whether the visitor predicted the claim or had it revealed."""
        key = prediction_key(claim, experiment)
        with self._lock:
            return visitor in self._entries and key in self._entries[visitor]

    def any(self, visitor: str) -> bool:
        """Whether there is anything to clear."""
        with self._lock:
            return bool(self._entries.get(visitor))

    def clear(self, visitor: str) -> None:
        """Forget everything about the visitor, on all settings."""
        with self._lock:
            self._entries.pop(visitor, None)

    def _of(self, visitor: str) -> MutableMapping[str, str | None]:
        if visitor not in self._entries:
            self._entries[visitor] = LRUCache(maxsize=self._claims)
        return self._entries[visitor]
