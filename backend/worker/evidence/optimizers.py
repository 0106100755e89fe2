"""Evidence for claim 6: how far the two styles part under every optimizer, with the losses summed and averaged."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from backend.claims.recipes import calm_rate
from backend.experiment import Experiment
from backend.training import OPTIMIZERS
from backend.worker.evidence.common import float64
from backend.worker.evidence.descent import Course, Way, course, difference, mean_weights
from backend.worker.forget import forgetting
from backend.worker.runtime import Context

STEPS = 100


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`optimizers`: name → how far Functional's outputs are from Sequential's after `steps` steps, with the `sum` of
    its losses and with their `mean`; and how far they `moved` in that time, in the style where they went furthest. All
    in float64, from the same weights, on the same batches; infinite where outputs left the numbers.

    `clipnorm` is the same for SGD that clips each variable's gradient at `limit`.
    """
    rate = calm_rate(experiment)
    with forgetting(), float64():
        setting = course(experiment, STEPS, context)
        limit = _limit(setting)
        clipping = f"keras.optimizers.SGD(learning_rate={rate!r}, clipnorm={limit!r})"
        return {
            "steps": setting.steps,
            "sequences": len(setting.x),
            "optimizers": {
                name: _compare(setting, source.format(rate=repr(rate))) for name, source in OPTIMIZERS.items()
            },
            "clipnorm": {"limit": limit, **_compare(setting, clipping, apart=True)},
        }


def _compare(setting: Course, optimizer: str, apart: bool = False) -> dict[str, float]:
    mean = mean_weights(setting.architecture)
    sequential, once = Way("sequential"), (1.0,) * len(mean)
    before = np.asarray(setting.at_start(sequential).outputs)
    ways = [sequential, Way("functional", once), Way("functional", mean)]
    fused, summed, averaged = setting.outputs(ways, optimizer, apart)
    here, there = difference(fused, before), difference(summed, before)
    return {
        "moved": max(here, there) if np.isfinite(there) else here,
        "sum": difference(fused, summed),
        "mean": difference(fused, averaged),
    }


def _limit(setting: Course) -> float:
    """A round number below the norm of the fused kernel's gradient, so that clipping has something to do."""
    sizes = setting.descent("sequential")[0].sizes
    norm = float(tf.norm(setting.at_start(Way("sequential")).gradient[sum(sizes[:-2]) : -sizes[-1]]))
    return float(f"{norm / 2:.0e}") or 0.1
