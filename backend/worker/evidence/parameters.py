"""Evidence for claim 1: Keras's count of every style that can write the architecture."""

from __future__ import annotations

from typing import Any

from backend.experiment import Experiment
from backend.styles import STYLES
from backend.worker.build import build
from backend.worker.runtime import Context


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`parameters`: style key → trainable parameters."""
    architecture = experiment.architecture
    return {
        "parameters": {
            key: int(build(style.write(architecture)).count_params())
            for key, style in STYLES.items()
            if not style.refusal(architecture)
        }
    }
