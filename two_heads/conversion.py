"""What `fuse_heads` and `split_heads` return."""

from __future__ import annotations

from dataclasses import dataclass

from two_heads.graph import Model

#: Weights of the losses in the structure of the outputs, as `compile` takes them.
LossWeights = float | list[float] | dict[str, float]


@dataclass(frozen=True)
class Conversion:
    """A converted model, with layers of its own: the old model stays as it is.

    `max_difference` is the largest difference between the outputs of both models on random inputs. `loss_weights` are
    those with which its total loss is that of the old model, None where there are none, and `why` says in a sentence
    why it is these. With a list of weights Keras wants a list of losses: ["mse", "mse"], not "mse".

    A compiled model is compiled with them already, and its optimizer has the state of the old one. `notes` are
    sentences on what makes its further training another one; usually there are none.
    """

    model: Model
    max_difference: float
    loss_weights: LossWeights | None
    why: str
    notes: tuple[str, ...] = ()
