"""The pair of tasks with adjustable relatedness. Training targets have noise, validation targets have none."""

from __future__ import annotations

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import related_a_target, related_b_target

#: The number of validation sequences.
VALIDATION = 1024

Arrays = tuple[np.ndarray, dict[str, np.ndarray], np.ndarray, dict[str, np.ndarray]]


def standardised(values: np.ndarray) -> np.ndarray:
    """`values` with mean 0 and standard deviation 1; a constant becomes 0."""
    spread = values.std()
    return np.asarray((values - values.mean()) / (spread if spread > 0 else 1.0))


def pair_of_tasks(
    samples: int, validation: int, timesteps: int, features: int, relatedness: float, noise: float, seed: int
) -> Arrays:
    """Sequences and targets (n, 1) of heads a and b for training, then for validation; float32.

    Each head's targets have mean 0 and standard deviation 1 over both parts. Those for training get `noise` × N(0, 1).
    """
    x, factors = generate_sequences(samples + validation, timesteps, features, seed)
    draws = np.random.default_rng([seed, 71])
    trained, validated = {}, {}
    for head, target in (("a", related_a_target), ("b", related_b_target)):
        clean = standardised(target(x, factors, 1, np.random.default_rng([seed, 2]), relatedness))
        noisy = clean + noise * draws.normal(size=clean.shape)
        trained[head] = noisy[:samples].astype(np.float32)
        validated[head] = clean[samples:].astype(np.float32)
    return x[:samples], trained, x[samples:], validated
