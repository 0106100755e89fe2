"""The settings of the right side, if an experiment compares two settings of one style."""

from __future__ import annotations

from typing import Annotated

from pydantic import FailFast, Field

from backend.experiment.architecture import DenseLayer, Frozen
from backend.experiment.optimizers import Optimizer
from backend.experiment.training import Batch, Combine, Rate, Weight


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
