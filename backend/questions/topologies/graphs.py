"""The layer graph of each topology's model as Keras drew it, without names and shapes: for small pictures.

`python -m benchmarks.recorded_graphs` writes the file; a test compares it with Keras.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from backend.network.layer_graph import LayerBox, LayerGraph

RECORDED = Path(__file__).with_name("graphs.json")


def bare(graph: LayerGraph) -> LayerGraph:
    """The graph with the class of each layer as its name, and without shapes."""
    boxes = tuple(
        LayerBox(name=box.kind, kind=box.kind, inputs=("",) * len(box.inputs), outputs=("",) * len(box.outputs))
        for box in graph.boxes
    )
    return LayerGraph(boxes=boxes, arrows=graph.arrows)


@cache
def recorded() -> dict[str, LayerGraph]:
    """The bare layer graph of each topology, by its key."""
    graphs = json.loads(RECORDED.read_text(encoding="utf-8"))
    return {key: LayerGraph.model_validate(graph) for key, graph in graphs.items()}
