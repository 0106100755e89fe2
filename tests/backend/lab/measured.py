"""Measurements of gradients for tests."""

import numpy as np

from backend.lab.gradients import Gradients, Measurement


def measurement(rows, epoch=0, conflicting=None, comparable=8):
    """The measurement of gradients with these rows; of `comparable` batches each pair conflicts in `conflicting`."""
    jacobian = np.array(rows, float)
    with np.errstate(all="ignore"):
        gramian = jacobian @ jacobian.T
    k = len(rows)
    if conflicting is None:
        conflicting = (comparable * (gramian < 0)).astype(int)
    counts = np.broadcast_to(conflicting, (k, k))
    return Measurement(
        epoch=epoch, gramian=gramian.tolist(), comparable=np.full((k, k), comparable).tolist(),
        conflicting=counts.tolist(),
    )  # fmt: skip


def gradients(*measurements, stopped=None, heads=None):
    k = len(measurements[0].gramian)
    return Gradients(
        heads=heads or ["level", "trend", "last", "spike"][:k], style="functional", trunk=100, batches=8,
        measurements=list(measurements), stopped=stopped, versions={}, seconds=1.5,
    )  # fmt: skip
