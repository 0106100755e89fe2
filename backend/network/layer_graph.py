"""A layer graph as Keras draws it: a box for each layer, and an arrow for each tensor from one layer to another."""

from __future__ import annotations

from collections import Counter

from backend.experiment.architecture import Frozen


class LayerBox(Frozen):
    """A layer: its name, its class, and the shapes of a call's inputs and outputs as Keras writes them.

    An input layer has no inputs.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class LayerGraph(Frozen):
    """The layers in Keras's order. `arrows` are pairs of positions in `boxes`; Keras draws each pair once."""

    boxes: tuple[LayerBox, ...]
    arrows: tuple[tuple[int, int], ...]

    def calls(self, position: int) -> int:
        """How often the model calls this layer. A layer that is called twice has one set of weights for both calls.

        It is counted by the arrows that arrive: each call takes as many as it has inputs.
        """
        taken = max(1, len(self.boxes[position].inputs))
        return max(1, Counter(target for _, target in self.arrows)[position] // taken)

    def tensors(self, arrow: tuple[int, int]) -> int:
        """How many tensors an arrow stands for. The only arrow to a layer stands for all that the layer takes."""
        arriving = [other for other in self.arrows if other[1] == arrow[1]]
        return max(1, len(self.boxes[arrow[1]].inputs)) if len(arriving) == 1 else 1
