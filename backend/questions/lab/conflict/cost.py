"""How long question 2 takes, and which networks it refuses."""

from __future__ import annotations

from backend.questions.lab.conflict.evidence import MOST_HEADS, Settings
from backend.training.duration import DurationEstimator

#: The time of a seed, as a share of what the estimator expects for a training of both styles with its gradients.
SEED = 0.85


def seconds(settings: Settings) -> float:
    """About how long the measurement takes on an idle core."""

    def expected(epochs: int, times: int) -> float:
        training = settings.experiment.training.model_copy(update={"epochs": epochs})
        experiment = settings.experiment.model_copy(update={"training": training})
        return DurationEstimator().measuring_seconds(experiment, times)

    tracing = 2 * expected(1, 0) - expected(2, 0)
    each = expected(settings.epochs, len(settings.measured_epochs)) - tracing
    return tracing + SEED * settings.seeds * (len(settings.rhos) if settings.dial else 1) * each


def refuse(settings: Settings) -> str | None:
    """Why the question refuses the visitor's network; None if it does not."""
    heads = len(settings.experiment.architecture.heads)
    if heads < 2:
        return "Your network has one head, and this question is about two. Add a head on Train."
    if heads > MOST_HEADS:
        return f"Your network has {heads} heads, and this question takes at most {MOST_HEADS}. Remove some on Train."
    return None
