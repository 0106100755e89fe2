"""Ways in which two heads can share a network, as Keras source, and the pair of tasks that they learn."""

from __future__ import annotations

from backend.lab.sharing.models import FEATURES, GATED, MODELS, TIMESTEPS, TOWER, Model, Size, sizes
from backend.lab.sharing.problem import VALIDATION, Arrays, pair_of_tasks, standardised

__all__ = [
    "FEATURES",
    "GATED",
    "MODELS",
    "TIMESTEPS",
    "TOWER",
    "VALIDATION",
    "Arrays",
    "Model",
    "Size",
    "pair_of_tasks",
    "sizes",
    "standardised",
]
