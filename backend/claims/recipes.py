"""Lines of Keras that the code of several claims shares."""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.architecture import Head
from backend.experiment.styles import STYLES
from backend.experiment.styles.transfer import transfer_source

#: The highest learning rate at which two trainings are compared.
MAX_RATE = 0.05

#: Outputs of which no more than this share of the first variation over the sequences is left are constant: the network
#: has died, and two dead networks agree.
CONSTANT = 1e-3


def calm_rate(experiment: Experiment) -> float:
    """The visitor's learning rate, or `MAX_RATE`: above it, in most networks round-off grows to a difference."""
    return min(experiment.training.learning_rate, MAX_RATE)


def at_rate(experiment: Experiment) -> str:
    """Where two trainings were compared, in words."""
    rate, yours = calm_rate(experiment), experiment.training.learning_rate
    return f"in float64 at learning rate {rate:g}" + (f", not your {yours:g}" if yours > rate else "")


def targets(experiment: Experiment, n: int) -> list[str]:
    """Lines that make `heads`, random targets (n, units) in a list, and `y`, the same side by side."""
    drawn = ", ".join(_target(head, n) for head in experiment.architecture.heads)
    return ["rng = np.random.default_rng(1)", f"heads = [{drawn}]", "y = np.concatenate(heads, axis=1)"]


def losses(experiment: Experiment) -> str:
    """A list with the loss of each head."""
    return repr([head.loss for head in experiment.architecture.heads])


def assign_dict(name: str, entries: Mapping[str, str]) -> list[str]:
    """Lines that assign a dict to `name`; the values of `entries` are source."""
    return [f"{name} = {{", *(f'    "{key}": {value},' for key, value in entries.items()), "}"]


def transfer_weights(experiment: Experiment) -> list[str]:
    """Lines that give `b`, a Functional model, the weights of `a`, a Sequential one."""
    return transfer_source(experiment.architecture, STYLES["sequential"], STYLES["functional"], ("a", "b"))


def _target(head: Head, n: int) -> str:
    if head.loss == "categorical_crossentropy":
        return f"np.eye({head.units})[rng.integers({head.units}, size={n})]"
    if head.loss == "binary_crossentropy":
        return f"rng.integers(2, size=({n}, {head.units})).astype(float)"
    return f"rng.normal(size=({n}, {head.units}))"
