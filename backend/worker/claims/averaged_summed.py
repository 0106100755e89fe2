"""Evidence for claim 5: loss and gradient of both styles at the same weights, and what makes their training agree.

It stays apart from the code that the claim shows, because the five remedies would be ten trainings with `fit`, each
traced for itself, which takes far longer than the 20 s for all claims. Here each style is traced once for all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backend.claims.recipes import CONSTANT, calm_rate
from backend.experiment import Experiment
from backend.experiment.training import OPTIMIZERS, Optimizer
from backend.jobs.runtime import Context
from backend.worker.claims.common import float64
from backend.worker.claims.descent import LossSetup, Point, compare_descents, difference, mean_weights, variation
from backend.worker.keras_internals import release_traced_graphs

STEPS = 20
RULES: tuple[Optimizer, ...] = ("sgd", "adam")


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """The Functional style over Sequential, in float64 from the same weights.

    `default` and `yours` (without and with the visitor's loss weights): `loss`, the ratio of the totals, and
    `gradients`, trunk variable → its `ratio` and the share of it that no single factor explains (`rest`); NaN where
    there is nothing to divide by. `remedies`: name → `loss` ratio, and the largest difference of the outputs after
    `steps` steps with each of `RULES`. `moved`: how far each rule took Sequential's outputs in that time; NaN where a
    head's outputs were the same for all sequences then, so that two of them agree whatever their losses.
    """
    architecture, rate = experiment.architecture, calm_rate(experiment)
    k = len(architecture.heads)
    sequential, functional = LossSetup("sequential"), LossSetup("functional", (1.0,) * k)
    yours = functional._replace(weights=experiment.training.loss_weights(architecture))
    remedies = {
        "none": (sequential, functional),
        "loss_weights": (sequential, functional._replace(weights=mean_weights(architecture))),
        "fused": (sequential, LossSetup("functional_fused")),
        "rate": (sequential, functional),
        "reduction": (sequential._replace(reduction="sum"), functional._replace(reduction="sum")),
    }
    ways = list(dict.fromkeys(way for pair in remedies.values() for way in pair))
    ends = np.cumsum([head.units for head in architecture.heads])[:-1]
    with release_traced_graphs(), float64():
        setting = compare_descents(experiment, STEPS, context)
        points = {way: setting.at_start(way) for way in {*ways, yours}}
        trunk = setting.descent("sequential").trunk()
        rows: dict[str, dict[str, float]] = {
            name: {"loss": _divide(points[there].loss, points[here].loss)} for name, (here, there) in remedies.items()
        }
        moved = {}
        for rule in RULES:
            (points_after,) = setting.outputs(ways, OPTIMIZERS[rule].format(rate=rate))
            after = {way: np.asarray(point.outputs) for way, point in zip(ways, points_after, strict=True)}
            ((faster,),) = setting.outputs([sequential], OPTIMIZERS[rule].format(rate=rate * k))
            for name, (here, there) in remedies.items():
                rows[name][rule] = difference(faster.outputs if name == "rate" else after[here], after[there])
            before = np.asarray(points[sequential].outputs)
            constant = variation(before, after[sequential], ends).min() <= CONSTANT
            moved[rule] = float("nan") if constant else difference(after[sequential], before)
        return {
            "sequences": len(setting.x),
            "steps": setting.steps,
            "default": _ratios(points[sequential], points[functional], trunk),
            "yours": _ratios(points[sequential], points[yours], trunk),
            "remedies": rows,
            "moved": moved,
        }


def _ratios(one: Point, other: Point, trunk: dict[str, slice]) -> dict[str, Any]:
    gradients = {}
    for name, part in trunk.items():
        mine, theirs = one.gradient[part].numpy(), other.gradient[part].numpy()
        ratio = _divide(mine @ theirs, mine @ mine)  # the factor that fits best
        rest = _divide(np.linalg.norm(theirs - ratio * mine), np.linalg.norm(theirs))
        gradients[name] = {"ratio": ratio, "rest": rest}
    return {"loss": _divide(other.loss, one.loss), "gradients": gradients}


def _divide(over: Any, under: Any) -> float:
    return float(over) / float(under) if float(under) else float("nan")
