"""What `fuse_heads` and `split_heads` return."""

from __future__ import annotations

from dataclasses import dataclass

from two_heads.graph import Model

#: Weights of the losses in the structure of the outputs, as `compile` takes them.
LossWeights = float | list[float] | dict[str, float]


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
