"""Some sequences of a dataset with their targets, which the Train page draws before a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.correlation import correlations
from backend.experiment.dataset import Dataset, Sequences, generate
from backend.experiment.tasks import Mark

SHOWN = 4

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Sample:
    """Some sequences (SHOWN, timesteps, features), their targets by head, and the factors they are made from."""

    x: np.ndarray
    y: Arrays
    factors: Arrays

    def marks(self, head: Head, i: int) -> list[Mark]:
        """What the task of `head` measures in sequence `i`."""
        return head.spec.marks(self.x[i], {name: values[i] for name, values in self.factors.items()}, head.units)


@lru_cache(maxsize=256)
def cached_sample(
    architecture: Architecture, sequences: Sequences, parts: tuple[int, ...]
) -> tuple[Sample, np.ndarray]:
    """`SHOWN` sequences, and the correlations of the targets of all sequences; computed once for all visitors.

    Of generated data, they are the first ones. The first windows of a recording contain nearly the same days, so of a
    recording they are spread evenly over the training sequences.
    """
    dataset = generate(architecture, sequences, parts)
    rows = np.linspace(0, parts[0] - 1, SHOWN).astype(int) if architecture.source.recorded else np.arange(SHOWN)
    return chosen(dataset, rows, architecture), correlations(dataset.y)


def of_experiment(experiment: Experiment) -> tuple[Architecture, Sequences, tuple[int, ...]]:
    """What decides the sequences of an experiment: the trunk does not affect them."""
    shape = experiment.architecture.model_copy(update={"lstm": (1,), "dense": ()})
    return shape, experiment.sequences, experiment.parts


def chosen(dataset: Dataset, rows: np.ndarray, architecture: Architecture) -> Sample:
    """Copies of the sequences `rows` with their targets and factors, so that the rest of the dataset is not kept."""
    y, factors = [{name: values[rows] for name, values in each.items()} for each in (dataset.y, dataset.factors)]
    if architecture.source.recorded:
        factors |= _places(architecture, factors)
    return Sample(dataset.x[rows], y, factors)


def _places(architecture: Architecture, factors: Arrays) -> Arrays:
    """What marks need of a recording: the feature of each column (-1 for none), the horizon, and the classes' names."""
    columns, shape = list(architecture.source.chosen(architecture.features)), factors["then"].shape
    feature = [columns.index(column) if column in columns else -1 for column in range(shape[1])]
    name = architecture.source.class_name
    labels = [[name(column, rank) for column, rank in enumerate(row)] for row in factors["rank"].tolist()]
    ahead = np.full(shape[0], architecture.source.horizon)
    return {"feature": np.broadcast_to(feature, shape), "ahead": ahead, "label": np.array(labels)}
