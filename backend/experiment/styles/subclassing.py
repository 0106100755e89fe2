"""Subclassing: a `keras.Model` subclass, Keras's third way to write a model."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import IMPORTS, Style, hidden, input_shape, output, trunk


def write(architecture: Architecture) -> str:
    """Keras source of a subclass that returns a dict by head name. With a list, Keras would log a single loss."""
    assignments: list[str] = []
    calls: list[str] = []

    def add(attribute: str, layer: str, target: str, source: str) -> None:
        assignments.append(f"        self.{attribute} = {layer}")
        calls.append(f"        {target} = self.{attribute}({source})")

    source = "inputs"
    layers = (("lstm", architecture.lstm), ("dense", architecture.dense))
    attributes = [f"{kind}_{i}" for kind, each in layers for i in range(1, len(each) + 1)]
    for attribute, layer in zip(attributes, trunk(architecture), strict=True):
        add(attribute, layer, "x", source)
        source = "x"
    for head in architecture.heads:
        source = "x"
        for i, layer in enumerate(hidden(head), start=1):
            add(f"{head.name}_hidden_{i}", layer, head.name, source)
            source = head.name
        add(f"{head.name}_output", output(head), head.name, source)
    returned = ", ".join(f'"{head.name}": {head.name}' for head in architecture.heads)
    lines = [
        "class MultiHead(keras.Model):",
        "    def __init__(self, **kwargs):",  # Keras passes them when it loads a saved model
        "        super().__init__(**kwargs)",
        *assignments,
        "",
        "    def call(self, inputs):",
        *calls,
        f"        return {{{returned}}}",
        "",
        "",
        "model = MultiHead()",
        f"model({input_shape(architecture)})",
    ]
    return IMPORTS + "\n\n" + "\n".join(lines) + "\n"


STYLE = Style(
    key="subclassing",
    title="Subclassing",
    outputs="dict",
    description="A class with its layers as attributes and the forward pass as a method; outputs a dict by head.",
    write=write,
)
