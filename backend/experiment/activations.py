"""The selectable activations, by Keras's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from backend.experiment.losses import Kind

#: Those of a Dense layer of the trunk, in the order of the menu.
TRUNK = ("linear", "relu", "tanh", "sigmoid", "gelu")
#: Those of an output layer, by the kind of its task. The first is the default.
OUTPUT: dict[Kind, tuple[str, ...]] = {
    "regression": ("linear", "tanh", "relu"),
    "binary": ("sigmoid",),
    "multiclass": ("softmax",),
}

if TYPE_CHECKING:
    Activation = str
    HeadActivation = str
else:
    Activation = Literal[TRUNK]
    HeadActivation = Literal[tuple(dict.fromkeys(name for names in OUTPUT.values() for name in names))]
