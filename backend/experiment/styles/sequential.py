"""Sequential: a stack of layers that ends in one `Dense(k)`, the first model of the question."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import IMPORTS, Style, fused_output, input_shape, trunk


def write(architecture: Architecture) -> str:
    """Keras source of the stack. The heads are the columns of its last layer, in order."""
    stack = [input_shape(architecture), *trunk(architecture), fused_output(architecture)]
    lines = "".join(f"        {layer},\n" for layer in stack)
    return f"{IMPORTS}\nmodel = keras.Sequential(\n    [\n{lines}    ]\n)\n"


STYLE = Style(
    key="sequential",
    title="Sequential",
    outputs="fused",
    description="A list of layers, one after the other. The heads are the columns of one last Dense layer.",
    write=write,
)
