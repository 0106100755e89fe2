"""Epochs with chosen losses, for tests of what is computed from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.experiment import Experiment
from backend.training.result import Epoch, Losses

Curves = Mapping[str, Sequence[float]]


def experiment(
    heads: Sequence[str] = ("level", "trend"), left: str = "sequential", right: str = "functional", **training: object
) -> Experiment:
    """An experiment with heads of these tasks, 4 epochs and no validation unless `training` says otherwise."""
    named = [{"name": task, "task": task} for task in heads]
    return Experiment.model_validate(
        {
            "architecture": {"timesteps": 16, "features": 4, "lstm": [4], "heads": named},
            "left": left,
            "right": right,
            "sequences": {"samples": 64},
            "training": {"epochs": 4, "validation": 0, **training},
        }
    )  # fmt: skip


def epochs(left: Curves, right: Curves, seed: int = 0, factor: float = 1.0) -> list[Epoch]:
    """One seed's epochs from each head's loss by epoch. The total is their sum, on the right times `factor`."""
    count = len(next(iter(left.values())))

    def losses(curves: Curves, at: int, scale: float) -> Losses:
        heads = {head: float(values[at]) for head, values in curves.items()}
        return Losses(total=scale * sum(heads.values()), heads=heads)

    return [
        Epoch(seed=seed, epoch=at + 1, left=losses(left, at, 1.0), right=losses(right, at, factor), seconds=at)
        for at in range(count)
    ]


def scaled(curves: Curves, *factors: float) -> dict[str, list[float]]:
    """The same curves, each head's multiplied by its factor (one factor: all heads)."""
    each = factors if len(factors) == len(curves) else factors * len(curves)
    return {
        head: [factor * value for value in values] for (head, values), factor in zip(curves.items(), each, strict=True)
    }


FALLING: Curves = {"level": [1.0, 0.5, 0.25, 0.2], "trend": [2.0, 1.0, 0.6, 0.5]}
