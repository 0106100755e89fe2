"""Whether a run is expected to end within the time limit of a job, and what to lower if not."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.payloads import Durations
from backend.words import about, counted


def too_long(experiment: Experiment, durations: Durations, limit: float) -> str:
    """What to lower if the run is not expected to end within `limit` seconds; empty if it is."""
    seconds = durations.seconds(experiment)
    if seconds <= limit:
        return ""
    one = experiment.with_training(seeds=1)
    seeds = experiment.training.seeds
    if fit := durations.epochs_within(experiment, limit):
        advice = _fits(fit)
    elif seeds > 1 and (fit := durations.epochs_within(one, limit)):
        advice = f"With 1 seed, {_fits(fit)}"
    else:
        advice = "Not even one epoch fits. Use fewer sequences, timesteps, layers or units, or a larger batch"
    within = about(limit).removeprefix("about ")
    return f"This run is expected to take {about(seconds)}, but runs here are stopped after {within}. {advice}."


def _fits(epochs: int) -> str:
    return f"{counted(epochs, 'epoch')} {'fits' if epochs == 1 else 'fit'} in this time"
