"""Evidence for claim 5: loss and gradient of both styles at the same weights, and what makes their training agree."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from backend.claims.recipes import calm_rate
from backend.experiment import Experiment
from backend.training import OPTIMIZERS, Optimizer
from backend.worker.evidence.common import float64
from backend.worker.evidence.descent import Course, Point, course, difference, mean_weights
from backend.worker.forget import forgetting
from backend.worker.runtime import Context

STEPS = 20
RULES: tuple[Optimizer, ...] = ("sgd", "adam")


class Way(NamedTuple):
    """A style and how it is compiled; `faster` multiplies the learning rate."""

    style: str
    weights: tuple[float, ...] = ()
    reduction: str = "mean"
    faster: int = 1


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """The Functional style over Sequential, in float64 from the same weights.

    `default` and `yours` (without and with the visitor's loss weights): `loss`, the ratio of the totals, and
    `gradients`, trunk variable → its `ratio` and the share of it that no single factor explains (`rest`); NaN where
    there is nothing to divide by. `remedies`: name → `loss` ratio, and the largest difference of the outputs after
    `steps` steps with each of `RULES`. `moved`: how far each rule took Sequential's outputs in that time.
    """
    architecture = experiment.architecture
    k = len(architecture.heads)
    once = (1.0,) * k
    sequential, functional = Way("sequential"), Way("functional", once)
    remedies = {
        "none": (sequential, functional),
        "loss_weights": (sequential, Way("functional", mean_weights(architecture))),
        "fused": (sequential, Way("functional_fused")),
        "rate": (sequential._replace(faster=k), functional),
        "reduction": (sequential._replace(reduction="sum"), functional._replace(reduction="sum")),
    }
    with forgetting(), float64():
        setting = course(experiment, STEPS, context)

        @cache
        def trained(way: Way, rule: Optimizer) -> np.ndarray:
            source = OPTIMIZERS[rule].format(rate=calm_rate(experiment) * way.faster)
            return setting.outputs(way.style, source, way.weights, way.reduction)

        before = np.asarray(_at(setting, sequential).outputs)
        yours = Way("functional", experiment.training.loss_weights(architecture))
        return {
            "sequences": len(before),
            "steps": setting.steps,
            "default": _ratios(setting, sequential, functional),
            "yours": _ratios(setting, sequential, yours),
            "remedies": {
                name: {"loss": _divide(_at(setting, there).loss, _at(setting, here).loss)}
                | {rule: difference(trained(here, rule), trained(there, rule)) for rule in RULES}
                for name, (here, there) in remedies.items()
            },
            "moved": {rule: difference(trained(sequential, rule), before) for rule in RULES},
        }


def _at(setting: Course, way: Way) -> Point:
    """Where all descents start, on all sequences at once."""
    descent, flat = setting.descent(way.style)
    return descent.at(flat, setting.x, setting.y, way.weights, way.reduction)


def _ratios(setting: Course, here: Way, there: Way) -> dict[str, Any]:
    one, other = _at(setting, here), _at(setting, there)
    gradients = {}
    for name, part in setting.descent(here.style)[0].trunk().items():
        mine, theirs = one.gradient[part].numpy(), other.gradient[part].numpy()
        ratio = _divide(mine @ theirs, mine @ mine)  # the factor that fits best
        rest = _divide(np.linalg.norm(theirs - ratio * mine), np.linalg.norm(theirs))
        gradients[name] = {"ratio": ratio, "rest": rest}
    return {"loss": _divide(other.loss, one.loss), "gradients": gradients}


def _divide(over: Any, under: Any) -> float:
    return float(over) / float(under) if float(under) else float("nan")
