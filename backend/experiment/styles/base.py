"""What a style is: a pure function from architecture to Keras source."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from backend.experiment.architecture import Architecture, Head
from backend.words import shortened

Outputs = Literal["fused", "list", "dict"]


@dataclass(frozen=True)
class Style:
    """A way to write an architecture in Keras.

    `write(architecture)` returns source that defines `model`; the worker executes the same text. `outputs` is the form
    of the model's output: one array with the heads side by side, a list, or a dict by head name.
    """

    key: str
    title: str
    outputs: Outputs
    description: str
    write: Callable[[Architecture], str]

    def unsupported_reason(self, architecture: Architecture) -> str | None:
        """Why this style cannot express `architecture`, in a sentence, or None when it can."""
        if self.outputs != "fused" or (len(architecture.heads) == 1 and not architecture.heads[0].hidden):
            return None
        reason = why_not_fused(architecture)
        return f"{self.title} is not available for these heads: {reason}." if reason else None

    def one_output(self, architecture: Architecture) -> bool:
        """Whether the model has a single output array (and so a single loss)."""
        return self.outputs == "fused" or (self.outputs == "list" and len(architecture.heads) == 1)


def why_not_fused(architecture: Architecture) -> str | None:
    """Why the heads cannot share one Dense layer with one activation and one loss; None if they can."""
    heads = architecture.heads
    deep = [head.name for head in heads if head.hidden]
    if deep and len(heads) == 1:  # a list of layers could hold them; here they belong to the head, not to the trunk
        return (
            f"Two Heads writes the hidden layers of a head ({deep[0]}) only in styles that give each head a layer of "
            "its own"
        )
    if deep:
        return f"with one output layer for all heads, no head can have hidden layers of its own ({shortened(deep, 4)})"
    for what in ("activation", "loss"):
        kinds = dict.fromkeys(getattr(head, what) for head in heads)
        if len(kinds) > 1:
            return f"one output layer has one {what}, but the heads have {shortened(kinds, 4)}"
    if len(heads) > 1 and heads[0].activation == "softmax":
        return "softmax over one output layer would make the class probabilities of all heads together sum to 1"
    return None


def call(layer: str, units: int, *arguments: str) -> str:
    """`layers.Dense(8, activation="relu")`: one layer as Keras source."""
    return f"layers.{layer}({', '.join((str(units), *(argument for argument in arguments if argument)))})"


def activation(name: str) -> str:
    """The activation argument; empty for Keras's default."""
    return "" if name == "linear" else f'activation="{name}"'


def trunk(architecture: Architecture) -> list[str]:
    """The shared layers in order, as Keras source."""
    unroll = "unroll=True" if architecture.unroll else ""
    last = len(architecture.lstm) - 1
    lstm = [
        call("LSTM", units, "" if i == last else "return_sequences=True", unroll)
        for i, units in enumerate(architecture.lstm)
    ]
    return lstm + [call("Dense", layer.units, activation(layer.activation)) for layer in architecture.dense]


def hidden(head: Head) -> list[str]:
    """The hidden layers of a head, as Keras source: Dense layers with ReLU."""
    return [call("Dense", units, 'activation="relu"') for units in head.hidden]


def output(head: Head) -> str:
    """The output layer of a head, named after the head."""
    return call("Dense", head.units, activation(head.activation), f'name="{head.name}"')


def fused_output(architecture: Architecture) -> str:
    """The single output layer with the units of all heads side by side."""
    return call("Dense", architecture.output_units, activation(architecture.heads[0].activation))


def input_shape(architecture: Architecture) -> str:
    """The `keras.Input` of the architecture."""
    return f"keras.Input(shape=({architecture.timesteps}, {architecture.features}))"


IMPORTS = "import keras\nfrom keras import layers\n"


def function(name: str, source: str) -> str:
    """Source of a function of that name that returns the `model` which `source` defines, without its imports."""
    return f"def {name}():\n{textwrap.indent(source.removeprefix(IMPORTS).strip(), '    ')}\n    return model\n"
