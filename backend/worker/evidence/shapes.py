"""Evidence for claim 4: what `predict` returns, and what Keras makes of targets in the right form and in wrong ones."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np

from backend.claims.shapes import losses, single
from backend.experiment import Experiment
from backend.styles import STYLES
from backend.worker.build import build, carry, load, weights_of
from backend.worker.evidence.common import sample
from backend.worker.runtime import Context

SEQUENCES = 32


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`predict`: style key → shape(s) of the output; `targets`: rows of style, form, and the `loss` or the `error`.

    Everything runs eagerly: Keras checks the same and nothing is traced.
    """
    architecture = experiment.architecture
    x, y = sample(experiment, SEQUENCES)
    models = {
        key: build(style.write(architecture), experiment.training.seed)
        for key, style in STYLES.items()
        if not style.refusal(architecture)
    }
    predicted = {}
    for key, model in models.items():
        context.raise_if_cancelled()
        model.run_eagerly = True
        predicted[key] = keras.tree.map_structure(lambda array: list(array.shape), model.predict(x, verbose=0))
    heads = list(y.values())
    columns = np.concatenate(heads, axis=1)
    forms: dict[str, dict[str, Any]] = {"functional": {"list": heads, "columns": columns}}
    if columns.shape[1] == len(heads):
        forms["functional"]["flat"] = [head[:, 0] for head in heads]
    if (at := single(architecture)) is not None:
        forms["functional"]["columns into a head"] = [columns if i == at else head for i, head in enumerate(heads)]
    if "sequential" in models:
        sequential, functional = STYLES["sequential"], STYLES["functional"]
        start = carry(weights_of(models["sequential"]), architecture, sequential, functional)
        load(models["functional"], start)  # so that the losses of the two can be compared
        forms["sequential"] = {"columns": columns, "one column": columns[:, :1], "list": heads}
    rows = []
    for key in ("sequential", "functional"):
        for form, target in forms.get(key, {}).items():
            context.raise_if_cancelled()
            answer = _answer(models[key], losses(architecture, STYLES[key]), x, target)
            rows.append({"style": key, "form": form, **answer})
    return {"sequences": len(x), "predict": predicted, "targets": rows}


def _answer(model: keras.Model, loss: str | list[str], x: np.ndarray, y: Any) -> dict[str, Any]:
    """The total `loss` of the model on these targets, or the `error` that Keras raises."""
    model.compile(loss=loss, run_eagerly=True)  # anew: Keras remembers the form of the first targets it sees
    try:
        found = model.test_on_batch(x, y)
    except Exception as error:
        return {"error": _sentence(error)}
    return {"loss": float(np.ravel(found)[0])}


def _sentence(error: Exception) -> str:
    """Kind and first sentence of an error."""
    text = str(error.args[0] if error.args else error).strip().splitlines()[0]
    return f"{type(error).__name__}: {re.split(r'(?<=[.!?]) ', text)[0]}"
