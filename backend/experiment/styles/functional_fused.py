"""Functional, fused: the Functional model that the second answer calls exactly equivalent to the Sequential one."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import IMPORTS, Style, fused_output, input_shape
from backend.experiment.styles.functional import shared


def write(architecture: Architecture) -> str:
    """Keras source of a Functional model with a single output layer for all heads."""
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
)
