"""Graphs for the tests of the page of a visitor's own model, read without Keras."""

import json

from backend.own_network.heads import find_heads
from backend.own_network.reader import read


def heads_on(width, units):
    """A graph of Dense heads that read an input of this width, and their group."""
    inputs = {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [None, width]}}
    read_x = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}
    layers = [
        {
            "class_name": "Dense",
            "name": f"h{i}",
            "config": {"name": f"h{i}", "units": count},
            "inbound_nodes": [{"args": [read_x], "kwargs": {}}],
        }
        for i, count in enumerate(units)
    ]
    outputs = [[layer["name"], 0, 0] for layer in layers]
    config = {"name": "mine", "layers": [inputs, *layers], "input_layers": [["x", 0, 0]], "output_layers": outputs}
    graph = read(json.dumps({"class_name": "Functional", "config": config}))
    return graph, find_heads(graph)[0]
