"""The measurement of claim 5: loss and gradient of both styles at the same weights, and what makes training agree.

It is separate from the shown code, which prints the ratios of the losses only. The table of remedies needs 14 trainings
(seven models with two optimizers), and Keras traces `fit` anew for each. In the shown code of claim 6, eight such
trainings take 15 s on two busy cores, so 14 would use up the 20 s for all claims. Here each style is traced once, and
all of claim 5 takes 2.5 s on the same machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backend.experiment.optimizers import OPTIMIZERS, Optimizer
from backend.jobs.runtime import Context
from backend.questions.claims.averaged_summed import Gradient, LossRatios, Ratios, Remedy
from backend.questions.claims.job import ClaimJob
from backend.questions.claims.recipes import CONSTANT, comparison_rate
from backend.worker.claims.common import float64
from backend.worker.claims.descent import LossSetup, Point, difference, mean_weights, prepare_comparison, variation
from backend.worker.keras_internals import release_traced_graphs

STEPS = 20
RULES: tuple[Optimizer, ...] = ("sgd", "adam")


def measure(job: ClaimJob, context: Context) -> LossRatios:
    """Compare Functional with Sequential in float64 from the same weights. Raises `Cancelled`."""
    experiment = job.settings
    architecture, rate = experiment.architecture, comparison_rate(experiment)
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
    setups = list(dict.fromkeys(setup for pair in remedies.values() for setup in pair))
    ends = np.cumsum([head.units for head in architecture.heads])[:-1]
    with release_traced_graphs(), float64():
        comparison = prepare_comparison(experiment, STEPS, context)
        points = {setup: comparison.at_start(setup) for setup in {*setups, yours}}
        trunk = comparison.descent("sequential").trunk()
        differences: dict[str, dict[str, float]] = {name: {} for name in remedies}
        moved = {}
        for rule in RULES:
            (points_after,) = comparison.train(setups, OPTIMIZERS[rule].source(rate))
            after = {setup: np.asarray(point.outputs) for setup, point in zip(setups, points_after, strict=True)}
            ((faster,),) = comparison.train([sequential], OPTIMIZERS[rule].source(rate * k))
            for name, (one, other) in remedies.items():
                differences[name][rule] = difference(faster.outputs if name == "rate" else after[one], after[other])
            before = np.asarray(points[sequential].outputs)
            constant = variation(before, after[sequential], ends).min() <= CONSTANT
            moved[rule] = float("nan") if constant else difference(after[sequential], before)
        return LossRatios(
            sequences=len(comparison.x),
            steps=comparison.steps,
            default=_ratios(points[sequential], points[functional], trunk),
            yours=_ratios(points[sequential], points[yours], trunk),
            remedies={
                name: Remedy(loss=_divide(points[other].loss, points[one].loss), differences=differences[name])
                for name, (one, other) in remedies.items()
            },
            moved=moved,
        )


def _ratios(one: Point, other: Point, trunk: dict[str, slice]) -> Ratios:
    gradients = {}
    for name, part in trunk.items():
        first, second = one.gradient[part].numpy(), other.gradient[part].numpy()
        ratio = _divide(first @ second, first @ first)  # the factor that fits best
        unexplained = _divide(np.linalg.norm(second - ratio * first), np.linalg.norm(second))
        gradients[name] = Gradient(ratio=ratio, unexplained=unexplained)
    return Ratios(loss=_divide(other.loss, one.loss), gradients=gradients)


def _divide(numerator: Any, denominator: Any) -> float:
    return float(numerator) / float(denominator) if float(denominator) else float("nan")
