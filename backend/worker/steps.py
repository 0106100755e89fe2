"""Takes the first steps of a training one by one. They are those that a run takes, on the same batches."""

from __future__ import annotations

import numpy as np

from backend.jobs.runtime import Context
from backend.network.neurons import visible_weights
from backend.training.job import PackedWeights
from backend.training.live import pack
from backend.training.steps import Steps, StepsJob, in_all
from backend.worker.train import begin
from backend.worker.trainer.pair import Both


def steps(job: StepsJob, context: Context) -> Steps:
    """Take the first steps of the first seed. Reports its phases.

    Raises `Cancelled` soon after the job is cancelled. A loss may be NaN or infinite.
    """
    experiment = job.experiment

    def visible(weights: Both) -> PackedWeights | None:
        sides = zip(experiment.sides(), weights, strict=True)
        return pack(*(visible_weights(experiment.architecture, side.style, own) for side, own in sides))

    pair, start = begin(experiment, context)
    order = np.random.default_rng(experiment.training.seed)
    losses: list[np.ndarray] = []
    weights = [visible(start)]
    for loss, after in pair.each_step(order, in_all(experiment)):
        losses.append(loss)
        weights.append(visible(after))
    return Steps(losses=np.stack(losses), weights=weights)
