"""Training settings, which are the same for both styles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import FailFast, Field

from backend.experiment.architecture import Architecture, DenseLayer, Frozen
from backend.experiment.optimizers import OPTIMIZERS, Optimizer
from two_heads.weightings import METHODS

#: The ways of combining losses that Keras's `loss_weights` express.
Weighted = Literal["sum", "mean", "own"]
if TYPE_CHECKING:
    Combine = str
else:
    Combine = Literal[(*get_args(Weighted), *METHODS)]
Weight = Annotated[float, Field(ge=0, le=100, json_schema_extra={"step": 0.1})]
Rate = Annotated[float, Field(ge=1e-5, le=100, json_schema_extra={"step": 0.001})]
Batch = Annotated[int, Field(ge=1, le=512, title="Batch size")]


class Training(Frozen):
    """The settings that both styles are trained with.

    `combine` says how a model with several losses combines them: the `sum`, Keras's default; the `mean`, which equals
    the fused loss (weights uᵢ/Σu); `own`, a weight for each head; or a method of `two_heads.weightings`, by its key. A
    fused output has one loss, always a mean.
    `seed` decides the initial weights and the order of the batches. Training i of `seeds` uses `seed + i`.
    """

    optimizer: Optimizer = "adam"
    learning_rate: Rate = 0.003
    batch: Batch = 32
    epochs: Annotated[int, Field(ge=1, le=100)] = 20
    validation: float = Field(0.2, ge=0, le=0.5, title="Validation share", json_schema_extra={"step": 0.05})
    combine: Combine = Field("sum", title="Combination of losses")
    weights: Annotated[tuple[Weight, ...], FailFast(), Field(max_length=64, title="Loss weights")] = ()
    same_start: bool = Field(True, title="Same initial weights")
    seed: Annotated[int, Field(ge=0, le=2**31 - 100)] = 0
    seeds: Annotated[int, Field(ge=1, le=10, title="Number of seeds")] = 1

    @property
    def optimizer_source(self) -> str:
        """The optimizer as Keras source."""
        return OPTIMIZERS[self.optimizer].source(self.learning_rate)

    @property
    def weighted(self) -> Weighted:
        """How the total loss that a page shows combines the head losses: `combine`, or the sum if that is a method."""
        return self.combine if self.combine in get_args(Weighted) else "sum"  # type: ignore[return-value]

    def loss_weights(self, architecture: Architecture) -> tuple[float, ...]:
        """The weight of each head's loss in the total of a style that has one loss for each head.

        Missing `own` weights are 1. With a method, they are 1, too: its total loss is the sum of the head losses, so
        that all methods have comparable curves. Source: Keras `trainers/compile_utils.py`, total = Σ wᵢ·lossᵢ.
        """
        heads = architecture.heads
        if self.combine == "mean":
            return tuple(head.units / architecture.output_units for head in heads)
        if self.combine == "own":
            return (self.weights + (1.0,) * len(heads))[: len(heads)]
        return (1.0,) * len(heads)

    def split(self, samples: int) -> tuple[int, int]:
        """How many of `samples` are training and how many validation sequences; at least one is for training."""
        validating = min(round(samples * self.validation), samples - 1)
        return samples - validating, validating


class Versus(Frozen):
    """The settings in which the right side differs from the left one; None if a setting is the same.

    Both sides start from the same weights and see the same sequences in the same order. So the settings here
    change neither the sequences nor the shapes of the weights. Of the Dense layers, only the activations may differ.
    """

    optimizer: Optimizer | None = None
    learning_rate: Rate | None = None
    batch: Batch | None = None
    combine: Combine | None = None
    weights: Annotated[tuple[Weight, ...] | None, FailFast(), Field(max_length=64)] = None
    dense: Annotated[tuple[DenseLayer, ...] | None, FailFast(), Field(max_length=3)] = None
