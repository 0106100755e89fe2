"""A change of the heads of a model: what fusing and splitting have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from two_heads.clone import Origins, Replacement, clone, copy_weights, of_layer
from two_heads.compare import compare
from two_heads.graph import Graph, Layer, Model
from two_heads.losses import LossPlan, LossWeights
from two_heads.outputs import Places, with_outputs
from two_heads.training import recompile


@dataclass(frozen=True)
class Conversion:
    """A converted model, with layers of its own: the old model stays as it is.

    `max_difference` is the largest difference between the outputs of both models on random inputs. With `loss_weights`,
    its total loss equals that of the old model; None if there are none. `why` explains them in a sentence. With a
    list of weights, Keras needs a list of losses: ["mse", "mse"], not "mse".

    If the old model is compiled, the new one is compiled with these weights, and its optimizer has the state of the old
    one. `notes` are sentences on how its further training differs; usually there are none.
    """

    model: Model
    max_difference: float
    loss_weights: LossWeights | None
    why: str
    notes: tuple[str, ...] = ()


class Change:
    """The heads of a model that become other layers, also inside nested models, and what replaces them.

    `plan` is known when the model is converted: the losses of the new model.
    """

    plan: Callable[[], LossPlan]

    def __init__(self, graph: Graph, model: Model) -> None:
        self.graph, self.model = graph, model
        #: The new layers, each with the old ones and the first and the last of their columns that it gets.
        self.made: list[tuple[Layer, list[Layer], int, int | None]] = []
        #: How many products a unit of a head sums, at most.
        self.fan_in = 1
        self._taken = {layer.name for layer in graph.layers()}
        self._replacements: dict[int, Replacement] = {}
        #: The new outputs by the positions of the old ones, once the model is converted.
        self.places: Places = {}
        self._origins: Origins = []

    def converted(self) -> Model:
        """The new model, still with the old outputs, and without the old values."""
        new, origins = clone(self.graph, self._replacements)
        self._origins += origins
        return new

    def conversion(self) -> Conversion:
        """Convert the model. Raises `ValueError` if the outputs differ by more than round-off."""
        new = self.converted()
        for made in self.made:
            self._origins += of_layer(*made)
        copy_weights(new, self._origins)
        difference = compare(self.graph, self.model, new, self.fan_in)
        plan = self.plan()
        new = with_outputs(new, self.places)
        notes = recompile(self.model, new, self._origins, **plan.changed)
        return Conversion(new, difference, plan.weights, plan.why, (*plan.notes, *notes))

    def _include(self, nested: Layer, inside: Change) -> Model:
        """Let the converted model of a change inside of a nested model take the place of that one. Returns it."""
        self._replacements[id(nested)] = new = inside.converted()
        self._origins += inside._origins
        self.made += inside.made
        self.fan_in = max(self.fan_in, inside.fan_in)
        return new

    def _free(self, wanted: str) -> str:
        """The name `wanted`, with a number added if another layer has it."""
        names = [wanted, *(f"{wanted}_{i}" for i in range(1, len(self._taken) + 2))]
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        return name
