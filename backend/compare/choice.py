"""The last lines of the answer on Compare: what a larger total loss does to training, and which style to choose.

The advice is that of claim 12 (`backend.claims.advice`). Claim 6 measures what an optimizer does with a factor of the
loss.
"""

from __future__ import annotations

from backend.compare.parts import Part
from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS, Entry, Proportional
from backend.experiment.styles import why_not_fused
from backend.speed.findings import recorded_verdict
from backend.training.loss_ratio import expected_ratio
from backend.words import short


def effect(experiment: Experiment) -> tuple[Part, ...]:
    """What the larger total loss does to the steps of its side.

    Nothing if no total is larger for equal outputs, or if a method decides the steps in place of the total.
    """
    expected = expected_ratio(experiment)
    if expected is None or abs(expected - 1) < 1e-9 or experiment.method():
        return ()
    left, right = experiment.styles()
    larger = (right if expected > 1 else left).title
    times = short(max(expected, 1 / expected), 3)
    mine = OPTIMIZERS[experiment.training.optimizer]
    return (
        Part(f"{larger}'s total loss is {times} times as large: with "),
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
    quicker = (Part(" and "), Part("quicker per step", "speed")) if recorded_verdict(heads) == "true" else ()
    return (
        Part("Choose a layer for each head", strong=True), Part(" (Functional) if a head needs "),
        Part("its own loss, metric or frozen weights", "advisor"), Part(". Otherwise "),
        Part(f"choose one Dense({architecture.output_units})", strong=True),
        Part(" (Sequential): it is "), Part(f"one layer in place of {heads}", "code"), *quicker, Part("."),
    )  # fmt: skip
