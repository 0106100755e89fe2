"""Saves a trained model as a `.keras` file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from backend.experiment.styles import STYLES
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.training.export.source import compile_call
from backend.training.job import SaveModelJob
from backend.worker.build import build, load


def save_model(job: SaveModelJob, context: Context) -> bytes:
    """Build the model in its style, compile it, set its weights and return the bytes of Keras's file.

    `keras.saving.load_model(path)` opens it, compiled: optimizer, losses and their weights are those of the experiment.
    The file cannot contain a method that combines head losses: such a model is compiled with their plain sum.
    The optimizer has taken no step, because a run keeps no moments. A subclassed model needs its class, which its
    source defines: `load_model(path, custom_objects={"MultiHead": MultiHead})`. A missing layer raises KeyError.
    """
    context.report(Phase(phase="building"))
    style = STYLES[job.style]
    model = build(f"{style.write(job.experiment.architecture)}\n{compile_call(job.experiment, style)}\n")
    load(model, job.weights)
    model.optimizer.build(model.trainable_variables)  # else Keras warns at loading that the file has no slots
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
