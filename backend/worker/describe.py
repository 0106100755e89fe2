"""Inspects a style's model in Keras, as a check of our own arithmetic."""

from __future__ import annotations

import re

import keras

from backend.experiment.styles import STYLES
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.network.job import Inspection, InspectJob
from backend.worker.build import build

#: Fits a column of the page. Without a width, `summary()` may omit "Connected to" of a Functional model.
SUMMARY_COLUMNS = 64
#: Colour of the arrows, visible on light and on dark.
_ARROW = "#7c8798"


def describe(job: InspectJob, context: Context) -> Inspection:
    """Build the architecture in its style and return what Keras reports of the model.

    The model is neither compiled nor traced: after a `fit`, `summary()` would count the optimizer's slots too.
    """
    context.report(Phase(phase="building"))
    model = build(STYLES[job.style].write(job.architecture))
    lines: list[str] = []
    model.summary(line_length=SUMMARY_COLUMNS, print_fn=lines.append)
    return Inspection(
        summary="\n".join(lines),
        dot=layer_graph(model),
        parameters=int(model.count_params()),
        layers={layer.name: int(layer.count_params()) for layer in model.layers},
    )


def layer_graph(model: keras.Model) -> str:
    """Keras's layer graph of the model as Graphviz text. Node names, which are `id()`s in Keras, become n1, n2, …"""
    dot = keras.utils.model_to_dot(model, show_shapes=True, show_layer_names=True, dpi=72)
    dot.set("bgcolor", "transparent")
    for arrow in dot.get_edges():  # each one: a default applies only to the arrows after it
        arrow.set("color", _ARROW)
    names: dict[str, str] = {}
    return re.sub(r"\b\d{9,}\b", lambda found: names.setdefault(found[0], f"n{len(names) + 1}"), dot.to_string())
