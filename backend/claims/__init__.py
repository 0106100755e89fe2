"""The claims of the thread, one file each; a new one is a new file and one line here."""

from __future__ import annotations

from backend.claims import fully_connected, initial_weights, parameters, same_function, shapes
from backend.claims.base import Claim, Verdict, verdict

CLAIMS: dict[str, Claim] = {
    module.CLAIM.key: module.CLAIM
    for module in (
        parameters,
        fully_connected,
        same_function,
        shapes,
        initial_weights,
    )
}

__all__ = ["CLAIMS", "Claim", "Verdict", "verdict"]
