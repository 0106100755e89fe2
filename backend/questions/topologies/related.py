"""The pair of tasks that topologies 7 to 9 learn; the visitor sets how closely the two are related."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import related_a_target, related_b_target
from backend.questions.topologies.base import Problem, standard
from backend.statistics.scores import r2

#: Standard deviation of the noise on the training targets; that of the target itself is 1. With so much noise a task
#: can gain from the other one.
NOISE = 1.5
#: More seeds than usual, because the differences are small: nine seeds show a difference even if one disagrees.
SEEDS = 9


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Short waves with the two related targets (Ma et al. 2018, §3.2): `a`, `b` with noise, `clean_…` without."""
    x, factors = generate_sequences(n, 6, 1, seed)
    rng = np.random.default_rng([seed, 71])
    y = {}
    for name, of_task in (("a", related_a_target), ("b", related_b_target)):
        target = of_task(x, factors, 1, np.random.default_rng([seed, 2]), relatedness)
        y[f"clean_{name}"] = standard(target)
        y[name] = np.asarray(y[f"clean_{name}"] + NOISE * rng.normal(size=target.shape), np.float32)
    return {"sequence": x}, y


def score(predicted: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]) -> float:
    """The mean R² of both tasks against targets without noise."""
    return float(np.mean([r2(predicted[name], truth[f"clean_{name}"]) for name in ("a", "b")]))


TASK = (
    "Two related tasks. Each target is a weighted sum of all values of a short wave, transformed by a few sines. The "
    "training targets hold more noise than signal. The relatedness ρ sets how far the two weightings agree. At 1 they "
    "are equal, and the tasks differ only in their noise. At 0 the two sums are uncorrelated. At −1 the weightings are "
    "opposite. The score is the mean R² against targets without noise."
)
#: What the three topologies have in common.
RELATED: dict[str, Any] = {
    "task": TASK, "draw": draw, "metric": "mean R²", "score": score, "seeds": SEEDS, "has_relatedness": True
}  # fmt: skip
