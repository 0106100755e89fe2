"""The last lines of the answer on Compare: what a larger total loss does to training, and which style to choose.

The advice is that of claim 12 (`backend.questions.claims.advice`). Claim 6 measures what an optimizer does with a
factor of the loss.
"""

from __future__ import annotations

from backend.compare.parts import Part
from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS, Entry, Proportional
from backend.experiment.styles import why_not_fused
from backend.questions.speed import findings
from backend.questions.speed.findings import recorded_difference
from backend.training.loss_ratio import expected_ratio
from backend.words import short


def effect(experiment: Experiment) -> tuple[Part, ...]:
    """What the larger total loss does to the steps of its side.

    Nothing if no total is larger for equal predictions, or if a method decides the steps in place of the total.
    """
    expected = expected_ratio(experiment)
    if expected is None or abs(expected - 1) < 1e-9 or experiment.method():
        return ()
    left, right = experiment.styles()
    larger = (right if expected > 1 else left).title
    times = short(max(expected, 1 / expected), 3)
    mine = OPTIMIZERS[experiment.training.optimizer]
    return (
        Part(f"For equal predictions, {larger}'s total loss is {times} times as large: with "),
        Part(f"{mine.title}, {mine.scaling.in_short(larger, times)}", "optimizers"),
        Part(f". With {(other := _contrast(mine)).title}, {other.scaling.in_short(larger, times)}."),
    )


def _contrast(mine: Entry) -> Entry:
    """A usual optimizer that does the opposite with a factor of the loss."""
    return OPTIMIZERS["adam" if isinstance(mine.scaling, Proportional) else "sgd"]


def choice(experiment: Experiment) -> tuple[Part, ...]:
    """Which style suits this architecture, with its reasons, each with the place that shows it."""
    architecture = experiment.architecture
    heads = len(architecture.heads)
    if heads == 1 and architecture.heads[0].hidden:
        return (
            Part("Choose Functional", strong=True), Part(": Two Heads writes "),
            Part("the hidden layers of a head", "advisor"), Part(" only in styles such as this one. "),
            Part("In your own code, a plain list can hold them, too."),
        )  # fmt: skip
    if why_not_fused(architecture):
        return (
            Part("Choose Functional", strong=True), Part(": "), Part("these heads need layers of their own", "advisor"),
            Part("."),
        )  # fmt: skip
    if heads == 1:
        return (
            Part("Choose Sequential", strong=True), Part(": all styles have one output layer, so "),
            Part("a plain list of layers", "code"), Part(" is enough."),
        )  # fmt: skip
    return (
        Part("Choose a layer for each head", strong=True), Part(" (Functional) if a head needs "),
        Part("its own loss, loss weight, sample weights, metric or frozen weights", "advisor"),
        Part(", or if a method such as PCGrad should combine the heads. Otherwise "),
        Part(f"choose one Dense({architecture.output_units})", strong=True),
        Part(" (Sequential): it is "), Part(f"one layer in place of {heads}", "code"), Part("."), *_speed(heads),
    )  # fmt: skip


def _speed(heads: int) -> tuple[Part, ...]:
    """How long a step takes with a layer for each head, if the recorded sweep found a difference."""
    found = recorded_difference(heads)
    if found is None:
        return ()
    k, step = found
    return (
        Part(f" With {findings.heads(k)}, "), Part("a train step with a layer for each head", "speed"),
        Part(f" took {step.median:.2f} times as long in our measurement."),
    )  # fmt: skip
