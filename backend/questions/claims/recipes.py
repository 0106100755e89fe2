"""Lines of Keras that the code of several claims shares, and the settings of claims that compare two trainings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backend.experiment import Experiment
from backend.experiment.losses import LOSSES
from backend.experiment.styles import STYLES
from backend.experiment.styles.transfer import transfer_source
from backend.words import short

#: The highest learning rate at which two trainings are compared.
MAX_RATE = 0.05

#: Predictions that vary over the sequences by at most this share of their variation before training are constant: the
#: network has died, and two dead networks agree.
CONSTANT = 1e-3


def comparison_rate(experiment: Experiment) -> float:
    """The visitor's learning rate, at most `MAX_RATE`: above it, training amplifies round-off in most networks."""
    return min(experiment.training.learning_rate, MAX_RATE)


def at_rate(experiment: Experiment) -> str:
    """The precision and learning rate of the compared trainings, in words."""
    rate, yours = comparison_rate(experiment), experiment.training.learning_rate
    return f"in float64 at learning rate {short(rate, 3)}" + (
        f" in place of your {short(yours, 3)}" if yours > rate else ""
    )


def targets(experiment: Experiment, n: int) -> list[str]:
    """Lines that make `heads`, a list of random targets (n, units), and `y`, the same as columns of one array."""
    heads = experiment.architecture.heads
    drawn = ", ".join(LOSSES[head.loss].random_targets.format(n=n, units=head.units) for head in heads)
    return ["rng = np.random.default_rng(1)", f"heads = [{drawn}]", "y = np.concatenate(heads, axis=1)"]


def losses(experiment: Experiment) -> str:
    """A list with the loss of each head."""
    return repr([head.loss for head in experiment.architecture.heads])


def assign_dict(name: str, entries: Mapping[str, str]) -> list[str]:
    """Lines that assign a dict to `name`; the values of `entries` are source."""
    return [f"{name} = {{", *(f'    "{key}": {value},' for key, value in entries.items()), "}"]


def weight_transfer_lines(experiment: Experiment) -> list[str]:
    """Lines that copy the weights of `a`, whose last layer holds all heads, to `b`, which has a layer for each head."""
    return transfer_source(experiment.architecture, STYLES["sequential"], STYLES["functional"], ("a", "b"))


def sizes(outputs: np.ndarray, ends: Sequence[int]) -> np.ndarray:
    """The root mean square of each head's columns. `ends` are the columns at which the heads end, without the last."""
    return np.array([np.sqrt(np.mean(np.square(columns))) for columns in np.split(outputs, ends, axis=1)])
