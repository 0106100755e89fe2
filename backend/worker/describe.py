"""Inspects a style's model in Keras, as a check of our own arithmetic."""

from __future__ import annotations

import html
import re

import keras

from backend.experiment.styles import STYLES
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.network.layer_graph import LayerBox, LayerGraph
from backend.questions.compare.job import Inspection, InspectJob
from backend.worker.build import build

#: Fits a column of the page. Without a width, `summary()` may omit "Connected to" of a Functional model.
SUMMARY_COLUMNS = 64


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
        graph=layer_graph(model),
        parameters=int(model.count_params()),
        layers={layer.name: int(layer.count_params()) for layer in model.layers},
    )


def layer_graph(model: keras.Model) -> LayerGraph:
    """The graph that `keras.utils.plot_model` draws: the same boxes, shapes and arrows."""
    dot = keras.utils.model_to_dot(model, show_shapes=True, show_layer_names=True)
    labels = {node.get_name(): node.get_label() for node in dot.get_nodes() if node.get_label()}
    positions = {name: i for i, name in enumerate(labels)}
    return LayerGraph(
        boxes=tuple(_box(label) for label in labels.values()),
        arrows=tuple((positions[edge.get_source()], positions[edge.get_destination()]) for edge in dot.get_edges()),
    )


def _box(label: str) -> LayerBox:
    """The layer in a label of Keras's drawing, which is a table in Graphviz's HTML."""
    text = html.unescape(re.sub(r"<[^>]*>", "\n", label))
    lines = [line.strip() for line in text.splitlines() if line.strip(" <>")]
    name, kind, *shapes = lines
    by_title = dict(zip(shapes[::2], shapes[1::2], strict=True))
    return LayerBox(
        name=name,
        kind=kind.strip("()"),
        inputs=_shapes(by_title.get("Input shape:")),
        outputs=_shapes(by_title.get("Output shape:")),
    )


def _shapes(text: str | None) -> tuple[str, ...]:
    """`(None, 8)` is one shape, `[(None, 8), (None, 1)]` are two."""
    if text is None:
        return ()
    return tuple(re.findall(r"\([^()]*\)", text)) or (text,)
