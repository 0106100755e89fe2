"""How long question 1 takes, and which networks it refuses."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.lab.problems.kendall_toy import BATCH, POINTS
from backend.questions.lab.scale.evidence import Settings
from backend.training.duration import DurationEstimator
from two_heads.weightings import MOST_HEADS

#: Seconds of a step of Kendall's toy with all methods and both heads alone, and of compiling it, on an idle core.
STEP, COMPILE = 1.1e-3, 2.5
#: How long a training of the visitor's network takes relative to one of both styles.
OWN = 0.7


def seconds(settings: Settings) -> float:
    """About how long the measurement takes on an idle core."""
    if settings.problem == "kendall":
        return COMPILE + STEP * settings.seeds * settings.epochs * -(-POINTS // BATCH)
    one, two = (_expected_seconds(settings.experiment, epochs) for epochs in (1, 2))
    heads, each = len(settings.heads), two - one
    passes = heads + 3 + (heads + 2)  # alone; unscaled, sum and UW; GradNorm has one more backward pass for each head
    return 4 * (one - each) + OWN * settings.seeds * settings.epochs * each * passes


def _expected_seconds(experiment: Experiment, epochs: int) -> float:
    training = experiment.training.model_copy(update={"epochs": epochs})
    return DurationEstimator().seconds(experiment.model_copy(update={"training": training}))


def refuse(settings: Settings) -> str | None:
    """Why the question refuses the visitor's network; None if it does not."""
    heads = len(settings.heads)
    if heads < 2:
        return "Your network has one head, and this question compares heads. Add a head on Train."
    if heads > MOST_HEADS:
        return f"Your network has {heads} heads, and GradNorm takes at most {MOST_HEADS}. Remove some on Train."
    if settings.large is None:
        return (
            "Only the targets of a regression head have a scale, and your network has no such head. On Train, give one "
            "head a task whose targets are numbers."
        )
    return None
