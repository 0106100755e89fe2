"""What Keras itself says of a style's model: the witness beside our arithmetic."""

from __future__ import annotations

import re
from typing import Any

import keras

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
from backend.worker.build import build

#: Fits a column of the page; a width of our own makes `summary()` keep "Connected to" of a Functional model.
SUMMARY_COLUMNS = 64
#: Colour of the arrows, to be seen on light and on dark.
_ARROW = "#7c8798"


def describe(payload: dict[str, Any], context: Context) -> dict[str, Any]:
    """Build `payload["style"]` of `payload["architecture"]` and report on it.

    Returns `summary` (text), `dot` (Graphviz text), `parameters` (trainable count) and `layers` (name → count).
    The model is neither compiled nor traced: after a `fit`, `summary()` would count the optimizer's slots too.
    """
    context.report({"event": "phase", "phase": "building"})
    architecture = Architecture.model_validate(payload["architecture"])
    model = build(STYLES[payload["style"]].write(architecture))
    lines: list[str] = []
    model.summary(line_length=SUMMARY_COLUMNS, print_fn=lines.append)
    return {
        "summary": "\n".join(lines),
        "dot": layer_graph(model),
        "parameters": int(model.count_params()),
        "layers": {layer.name: int(layer.count_params()) for layer in model.layers},
    }


def layer_graph(model: keras.Model) -> str:
    """Keras's own picture of the model as Graphviz text. Node names, `id()`s in Keras, become n1, n2, …"""
    dot = keras.utils.model_to_dot(model, show_shapes=True, show_layer_names=True, dpi=72)
    dot.set("bgcolor", "transparent")
    for arrow in dot.get_edges():  # each: a default would only hold for arrows after it
        arrow.set("color", _ARROW)
    names: dict[str, str] = {}
    return re.sub(r"\b\d{9,}\b", lambda found: names.setdefault(found[0], f"n{len(names) + 1}"), dot.to_string())
