"""Evidence for claim 11: what Keras's `History` logs for the total and each head, with and without a short batch."""

from __future__ import annotations

from typing import Any

from backend.experiment import Experiment
from backend.styles import STYLES
from backend.worker.build import build
from backend.worker.evidence.common import sample
from backend.worker.evidence.fit import compiled, fit
from backend.worker.forget import forgetting
from backend.worker.runtime import Context

#: Batches of one epoch at most: the fewer, the more the short one counts.
MAX_BATCHES = 16


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`fits`: one epoch each from the same weights, first with a last batch like that of the visitor's own `train`
    sequences: how many `sequences`, the size of the `last` batch, the `total`, and by head's name what is `logged`, and
    the batches' losses `weighted` by their sizes.
    """
    train, _ = experiment.training.split(experiment.sequences.samples)
    batch = experiment.training.batch
    with forgetting():
        fits = _fits(experiment, sizes(train, batch), context)
    return {"train": train, "batch": batch, "fits": fits}


def sizes(train: int, batch: int) -> tuple[int, int]:
    """Numbers of sequences to fit: first one that ends as the visitor's own does, then the other kind.

    One of the two is a multiple of the batch, the other not. There must be more sequences than one batch holds.
    """
    full = min(train // batch, MAX_BATCHES) * batch
    if train % batch:
        return full + train % batch, full
    return full, full - batch + max(1, batch // 8)


def _fits(experiment: Experiment, numbers: tuple[int, ...], context: Context) -> list[dict[str, Any]]:
    heads, batch = experiment.architecture.heads, experiment.training.batch
    x, targets = sample(experiment, max(numbers))
    model = build(STYLES["functional"].write(experiment.architecture), experiment.training.seed)
    weights = experiment.training.loss_weights(experiment.architecture)
    compiled(model, experiment, [head.loss for head in heads], list(weights))
    context.traced()
    model.optimizer.build(model.trainable_variables)
    state = [*model.variables, *model.optimizer.variables]
    start = [variable.numpy() for variable in state]
    fits = {}
    for n in sorted(numbers, key=lambda n: n % batch == 0):  # what is traced for a short batch serves full ones too
        for variable, value in zip(state, start, strict=True):
            variable.assign(value)
        history, logs = fit(model, x[:n], [targets[head.name][:n] for head in heads], batch, 1, context)
        running = {head.name: [log[f"{head.name}_loss"] for log in logs] for head in heads}
        fits[n] = {
            "sequences": n,
            "last": n % batch or batch,
            "total": history["loss"][0],
            "logged": {head.name: history[f"{head.name}_loss"][0] for head in heads},
            "weighted": {name: _weighted(means, n, batch) for name, means in running.items()},
        }
    return [fits[n] for n in numbers]


def _weighted(means: list[float], n: int, batch: int) -> float:
    """The mean over `n` sequences, from the running mean over batches that Keras shows after each batch.

    The last of B batches has the loss B·m_B − (B − 1)·m_(B−1) of its own.
    """
    full = len(means) - 1
    if not full:
        return means[0]
    last = (full + 1) * means[-1] - full * means[-2]
    return (full * batch * means[-2] + (n - full * batch) * last) / n
