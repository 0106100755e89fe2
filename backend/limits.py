"""What a job's payload may ask of a worker, checked in the server: a browser's bounds are only advice."""

from __future__ import annotations

from typing import Any

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.network.parameters import parameters
from backend.speed.sweep import with_heads


def architecture_in(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The settings of the architecture that a job is about; None where it is about none."""
    found: dict[str, Any] | None = payload.get("architecture") or payload.get("experiment", {}).get("architecture")
    return found


def too_large(payload: dict[str, Any], settings: Settings) -> str | None:
    """Why the model in `payload` is too large for this server, in a sentence; None where it is not, or there is none.

    Counted in the Functional style, which can write every architecture.
    """
    given = architecture_in(payload)
    if given is None:
        return None
    architecture = Architecture.model_validate(given)
    if "sweep" in payload:  # its heads are its own
        architecture = with_heads(architecture, max(payload["sweep"]["heads"]))
    count = parameters(architecture, STYLES["functional"])
    if count <= settings.parameters_per_model:
        return None
    return (
        f"This model has {count:,} parameters, and {settings.parameters_per_model:,} are the most that this server "
        "trains. Fewer units or layers have fewer."
    )
