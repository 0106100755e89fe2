"""Functional: one branch for each head, the second model of the question."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import IMPORTS, Style, hidden, input_shape, output, trunk


def write(architecture: Architecture) -> str:
    """Keras source with one output layer for each head, called on the shared trunk."""
    lines = [f"inputs = {input_shape(architecture)}", *shared(architecture)]
    for head in architecture.heads:
        source = "x"
        for layer in [*hidden(head), output(head)]:
            lines.append(f"{head.name} = {layer}({source})")
            source = head.name
    names = ", ".join(head.name for head in architecture.heads)
    outputs = names if len(architecture.heads) == 1 else f"[{names}]"
    return IMPORTS + "\n" + "\n".join([*lines, f"model = keras.Model(inputs=inputs, outputs={outputs})"]) + "\n"


def shared(architecture: Architecture) -> list[str]:
    """The trunk as lines `x = layer(…)`, from `inputs` to `x`."""
    first, *rest = trunk(architecture)
    return [f"x = {first}(inputs)", *(f"x = {layer}(x)" for layer in rest)]


STYLE = Style(
    key="functional",
    title="Functional",
    outputs="list",
    description="Layers are called on tensors. Each head has its own output layer, and all read the shared trunk.",
    write=write,
)
