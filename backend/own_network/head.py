"""One head: an output layer that is Dense or a convolution."""

from __future__ import annotations

from dataclasses import dataclass

from backend.own_network.graph import Graph
from backend.own_network.layers.base import short
from backend.own_network.layers.convolution import Conv1D, Conv2D, Conv3D
from backend.own_network.layers.core import Dense

HeadLayer = Dense | Conv1D | Conv2D | Conv3D
#: The classes of heads. Classes that are derived from them have other kernels.
KINDS = (Dense, Conv1D, Conv2D, Conv3D)


@dataclass(frozen=True)
class Head:
    """An output layer: its position among the outputs, the call that computes it, its name and its units.

    The units of a convolution are its filters. It moves its `window` over the input.
    """

    output: int
    call: int
    name: str
    units: int
    kind: str = "Dense"
    window: tuple[int, ...] = ()

    def written(self, units: int | None = None) -> str:
        """The layer as it is written in source, with other `units` if given: Dense(4), Conv2D(4, 3)."""
        return (
            f"{self.kind}({', '.join([str(units or self.units), *([str(short(self.window))] if self.window else [])])})"
        )


def layer_of(graph: Graph, head: Head) -> HeadLayer:
    """The layer of a head."""
    layer = graph.layers[graph.calls[head.call].layer]
    assert isinstance(layer, HeadLayer)
    return layer
