"""How long question 6 takes."""

from __future__ import annotations

from backend.questions.lab.share.evidence import TUNING_SEEDS, Settings

#: Seconds on an idle core: to compile a network; for a seed of it; for a training; and for each of its steps.
COMPILE, SEED, TRAINING, STEP = 1.8, 0.025, 0.004, 4e-5


def seconds(settings: Settings) -> float:
    """About how long a measurement takes on an idle core."""
    steps, levels = settings.epochs * settings.steps, len(settings.levels)
    tuning, shown = len(TUNING_SEEDS) * len(settings.rates), settings.seeds
    trainings = levels * (tuning * (TRAINING + STEP * steps) + shown * (TRAINING + STEP * steps / 2))
    return len(settings.keys) * (COMPILE + SEED * (shown + len(TUNING_SEEDS)) + trainings)
