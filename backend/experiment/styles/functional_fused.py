"""Functional, fused: the second answer's way to make the Functional model exactly the Sequential one."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import IMPORTS, Style, fused_output, input_shape
from backend.experiment.styles.functional import shared


def write(architecture: Architecture) -> str:
    """Keras source of the Functional model whose one output layer holds all heads side by side."""
    lines = [
        f"inputs = {input_shape(architecture)}",
        *shared(architecture),
        f"outputs = {fused_output(architecture)}(x)",
        "model = keras.Model(inputs=inputs, outputs=outputs)",
    ]
    return IMPORTS + "\n" + "\n".join(lines) + "\n"


STYLE = Style(
    key="functional_fused",
    title="Functional, fused",
    outputs="fused",
    description="The Functional API with one Dense layer for all heads: the Sequential model, written with tensors.",
    write=write,
    fallback="functional",
)
