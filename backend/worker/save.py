"""Saves a trained model as a `.keras` file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from backend.experiment.styles import STYLES
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.training.job import SaveModelJob
from backend.worker.build import build, load


def save_model(job: SaveModelJob, context: Context) -> bytes:
    """Build the architecture in its style, set the weights and return the bytes of Keras's file.

    `keras.saving.load_model(path)` opens it. A subclassed model needs its class, which its source defines:
    `load_model(path, custom_objects={"MultiHead": MultiHead})`. A missing layer raises KeyError.
    """
    context.report(Phase(phase="building"))
    model = build(STYLES[job.style].write(job.architecture))
    load(model, job.weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
