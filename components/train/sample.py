"""The first sequences of a dataset with their targets, which the Train page draws before a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backend.experiment.architecture import Architecture, Head
from backend.experiment.correlation import correlations
from backend.experiment.dataset import Sequences, generate
from backend.experiment.tasks.base import Mark

SHOWN = 4

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Sample:
    """The first sequences (SHOWN, timesteps, features), their targets by head, and the factors they are made from."""

    x: np.ndarray
    y: Arrays
    factors: Arrays

    def marks(self, head: Head, i: int) -> list[Mark]:
        """What the task of `head` measures in sequence `i`."""
        return head.spec.marks(self.x[i], {name: values[i] for name, values in self.factors.items()}, head.units)

    def is_mislabelled(self, head: Head, i: int) -> bool:
        """Whether noise changed the label of sequence `i`."""
        if head.spec.kind == "regression":
            return False
        label = head.spec.target(self.x, self.factors, head.units, np.random.default_rng(), 0.0)
        return not np.array_equal(label[i], self.y[head.name][i])


@lru_cache(maxsize=256)
def cached_sample(architecture: Architecture, sequences: Sequences) -> tuple[Sample, np.ndarray]:
    """The first sequences, and the correlations of the targets of all: made once for all visitors."""
    dataset = generate(architecture, sequences)
    return first(dataset.x, dataset.y, dataset.factors), correlations(dataset.y)


def first(x: np.ndarray, y: Arrays, factors: Arrays) -> Sample:
    """Copies of the first sequences and of what belongs to them, so that the others are not kept."""
    some = [{name: values[:SHOWN].copy() for name, values in each.items()} for each in (y, factors)]
    return Sample(x[:SHOWN].copy(), *some)
