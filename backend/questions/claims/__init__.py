"""The claims of the thread, one file each. A new one is a new file and its name here."""

from __future__ import annotations

from typing import Any

from backend.questions.claims import (
    activations,
    advisor,
    averaged_summed,
    exactly_equal,
    fully_connected,
    history_trap,
    initial_weights,
    optimizers,
    parameters,
    same_function,
    shapes,
    speed,
)
from backend.questions.claims.base import Claim, ClaimVerdict

CLAIMS: dict[str, Claim[Any]] = {
    module.CLAIM.key: module.CLAIM
    for module in (
        parameters,
        fully_connected,
        same_function,
        shapes,
        averaged_summed,
        optimizers,
        exactly_equal,
        initial_weights,
        activations,
        speed,
        history_trap,
        advisor,
    )
}

__all__ = ["CLAIMS", "Claim", "ClaimVerdict"]
