"""What question 5 costs, and which networks it refuses."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.questions.lab.beat.evidence import FEWEST, MOST_HEADS, Settings
from backend.training.duration import DurationEstimator
from two_heads.weightings import METHODS, Aggregator

#: A method that costs as little as fixed weights and that is, like them, trained step by step.
_PLAIN = "rlw"
#: The time of one style alone, as a share of that of two styles, which a run trains side by side on two cores.
_ONE_STYLE = 0.65


def passes(key: str, heads: int) -> int:
    """Backward passes of a step: one, or one for each head if the method sees gradients (GradNorm: one more)."""
    if key == "fixed":
        return 1
    method = METHODS[key]
    return heads if isinstance(method, Aggregator) else 1 + heads * ("gramian" in method.needs)


def seconds(settings: Settings) -> float:
    """About how long the measurement takes on an idle core, from the estimator of a run's duration."""
    trainings = len(settings.rates) * settings.tuning + settings.seeds
    trace, one = _parts(settings, _PLAIN)
    total = trace + len(settings.weightings) * trainings * one
    for key in settings.methods:
        trace, one = _parts(settings, key)
        total += trace + trainings * one
    return total


def _parts(settings: Settings, key: str) -> tuple[float, float]:
    """The expected seconds to trace a method, and those of one training."""
    measured = settings.measured_experiment()

    def expected(epochs: int) -> float:
        training = measured.training.model_copy(update={"combine": key, "epochs": epochs, "validation": 0.0})
        sequences = measured.sequences.model_copy(update={"samples": settings.samples})
        own = Experiment(architecture=measured.architecture, sequences=sequences, training=training)
        return DurationEstimator().seconds(own)

    epoch = expected(2) - expected(1)
    return _ONE_STYLE * (expected(1) - epoch), _ONE_STYLE * settings.epochs * epoch


def refuse(settings: Settings) -> str | None:
    """Why the visitor's network cannot be measured, and what to change; None if it can."""
    heads = len(settings.heads)
    if heads == 1:
        return "Your network has one head, so there is nothing to weigh. Add a head on Train."
    if heads > MOST_HEADS:
        return f"Your network has {heads} heads, and this question takes 2 to {MOST_HEADS}. Remove some on Train."
    if settings.samples < FEWEST:
        return (
            f"Each of three parts would have {settings.samples} sequences, and this question needs {FEWEST}. Use more, "
            "or data with more rows."
        )
    return None
