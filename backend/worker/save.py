"""The trained model as a `.keras` file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
from backend.worker.build import build, load


def save_model(payload: dict[str, Any], context: Context) -> bytes:
    """Build `style` of `architecture`, set its `weights` (layer name → arrays) and return Keras's file of it.

    `keras.saving.load_model(path)` opens it. A subclassed model needs its class, which its source defines:
    `load_model(path, custom_objects={"MultiHead": MultiHead})`. A missing layer raises KeyError.
    """
    context.report({"event": "phase", "phase": "building"})
    architecture = Architecture.model_validate(payload["architecture"])
    model = build(STYLES[payload["style"]].write(architecture))
    load(model, payload["weights"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
