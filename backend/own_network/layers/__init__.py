"""The layers that the app reads, by the names of Keras's classes. There are no others."""

from __future__ import annotations

from backend.own_network.layers import convolution, core, merging, pooling, recurrent, regularization
from backend.own_network.layers.base import Layer

LAYERS: dict[str, type[Layer]] = {
    "Activation": core.ActivationLayer,
    **{
        layer.__name__: layer
        for family in (core, recurrent, convolution, pooling, regularization, merging)
        for layer in family.LAYERS
    },
}
