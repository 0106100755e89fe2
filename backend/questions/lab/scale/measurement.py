"""What question 1 trains, and what its script prints. A worker runs all but `report`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from backend.lab.problems.kendall_toy import kendall_toy
from backend.questions.lab.trainings import Trainer

Data = tuple[np.ndarray, list[np.ndarray]]
ArmResult = tuple[str, list[float], list[float]]


def data(arm: str, number: int) -> Data:
    """Kendall's toy: inputs, and a list of each head's targets, the same in every way of training."""
    x, y = kendall_toy(number)
    return x.astype("float32"), [y[:, :1].astype("float32"), y[:, 1:].astype("float32")]


def losses_at_the_end(
    trainer: Trainer, arm: str, x: np.ndarray, y: Sequence[np.ndarray], seed: int, rate: float, epochs: int
) -> list[float]:
    """The loss of each head after training with this seed; for "alone", after training with its loss alone."""

    def trained(weights: Sequence[float]) -> list[float]:
        trainer.begin(x, y, seed, rate, weights)
        trainer.train(epochs)
        return [float(f"{loss:.6g}") for loss in trainer.losses(x, y)]

    if arm == "alone":
        return [trained(np.eye(len(y))[head].tolist())[head] for head in range(len(y))]
    return trained([1.0] * len(y))


def train_and_measure(
    trainer_of: Callable[[str], Trainer], data: Callable[[str, int], Data], arms: Sequence[str], first: int, seeds: int,
    rate: float, epochs: int,
) -> Iterator[ArmResult]:  # fmt: skip
    """Train each arm with each seed. Yields the arm, the losses of all heads, and UW's σ (empty for the other arms)."""
    for arm in arms:
        trainer = trainer_of(arm)
        for number in range(seeds):
            losses = losses_at_the_end(trainer, arm, *data(arm, number), first + number, rate, epochs)
            with np.errstate(over="ignore"):
                sigmas = np.exp(trainer.state()["log_variances"] / 2) if arm == "uw" else np.empty(0)
            yield arm, losses, [float(f"{sigma:.6g}") for sigma in sigmas]


def report(results: Iterable[ArmResult], titles: Mapping[str, str], heads: Sequence[str]) -> None:
    """Print the median over the seeds: of each head's loss relative to its loss alone, and of the σ of UW."""
    losses: dict[str, list[list[float]]] = {}
    sigmas: list[list[float]] = []
    for arm, of_heads, learned in results:
        losses.setdefault(arm, []).append(of_heads)
        if learned:
            sigmas.append(learned)
    alone = np.array(losses["alone"])
    print("alone:", *(f"{name} {loss:.5g}" for name, loss in zip(heads, np.median(alone, axis=0), strict=True)))
    for arm, title in titles.items():
        ratios = np.median(np.array(losses[arm]) / alone, axis=0)
        print(f"{title} ÷ alone:", *(f"{name} {ratio:.5g}" for name, ratio in zip(heads, ratios, strict=True)))
    print("σ of UW:", *(f"{name} {each:.5g}" for name, each in zip(heads, np.median(sigmas, axis=0), strict=True)))
