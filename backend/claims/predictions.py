"""What visitors predicted of the claims, on the settings that each claim depends on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.claims.base import Claim
from backend.claims.settings import prediction_key
from backend.experiment import Experiment
from backend.predictions import MOST_SUBJECTS, MOST_VISITORS, PredictionStore


class Predictions:
    """Predictions by visitor, claim and the settings that the claim depends on (`PredictionStore`)."""

    def __init__(self, visitors: int = MOST_VISITORS, claims: int = MOST_SUBJECTS) -> None:
        self._store = PredictionStore(visitors, claims)

    def predict(self, claim: Claim[Any], experiment: Experiment, visitor: str, option: str | None) -> None:
        """Keep the visitor's prediction, one of the claim's options; None takes it back.

        Raises ValueError for another option.
        """
        if option is not None and option not in claim.options:
            raise ValueError(f"claim {claim.number} has no option “{option[:40]}”")
        self._store.predict(prediction_key(claim, experiment), visitor, option)

    def reveal(self, claims: Iterable[Claim[Any]], experiment: Experiment, visitor: str) -> None:
        """The visitor sees the verdicts of these claims from now on, and keeps the predictions already made."""
        self._store.reveal([prediction_key(claim, experiment) for claim in claims], visitor)

    def predicted(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> str | None:
        """The visitor's prediction; None where there is none on settings that give the same answer."""
        return self._store.predicted(prediction_key(claim, experiment), visitor)

    def revealed(self, claim: Claim[Any], experiment: Experiment, visitor: str) -> bool:
        """Whether the visitor predicted the claim or had it revealed."""
        return self._store.revealed(prediction_key(claim, experiment), visitor)

    def any(self, visitor: str) -> bool:
        """Whether there is anything to clear."""
        return self._store.any(visitor)

    def clear(self, visitor: str) -> None:
        """Forget everything about the visitor, on all settings."""
        self._store.clear(visitor)
