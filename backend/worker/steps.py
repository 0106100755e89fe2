"""Takes the first steps of a training one by one. They are those that a run takes, on the same batches."""

from __future__ import annotations

import numpy as np

from backend.jobs.runtime import Context
from backend.network.neurons import visible_weights
from backend.training.live import weights_alone
from backend.training.result import Snapshot
from backend.training.steps import Steps, StepsJob, in_all
from backend.worker.train import begin
from backend.worker.trainer.pair import Both


def steps(job: StepsJob, context: Context) -> Steps:
    """Take the first steps of the first seed. Reports its phases.

    Raises `Cancelled` soon after the job is cancelled. A loss may be NaN or infinite.
    """
    experiment = job.experiment

    def visible(weights: Both, step: int) -> Snapshot | None:
        sides = zip(experiment.sides(), weights, strict=True)
        left, right = (visible_weights(experiment.architecture, side.style, own) for side, own in sides)
        return weights_alone(Snapshot(epoch=step, left=left, right=right))

    pair, start = begin(experiment, context)
    order = np.random.default_rng(experiment.training.seed)
    losses: list[np.ndarray] = []
    weights = [visible(start, 0)]
    for loss, after in pair.each_step(order, in_all(experiment)):
        losses.append(loss)
        weights.append(visible(after, len(losses)))
    return Steps(losses=np.stack(losses), weights=weights)
