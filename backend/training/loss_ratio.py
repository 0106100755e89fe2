"""The ratio of the two total losses, and the reason for it: one is averaged and the other summed (second answer)."""

from __future__ import annotations

import math

from backend.experiment import Experiment
from backend.experiment.styles import Style

#: The smallest loss weight with an effect, 1.2 × 10⁻³⁸: the smallest normal number of float32, in which Keras computes.
#: Smaller weights are rounded to 0.
SMALLEST_WEIGHT = 2.0**-126


def loss_shares(experiment: Experiment, style: Style) -> tuple[float, ...]:
    """The factor of each head's loss in the total loss of a style.

    The loss of a fused output is the mean over all units, so head i has the factor uᵢ/Σu. Several losses are added
    with their loss weights. A weight too small for float32 is 0.
    """
    architecture = experiment.architecture
    if style.one_output(architecture):
        return tuple(head.units / architecture.output_units for head in architecture.heads)
    weights = experiment.training.loss_weights(architecture)
    return tuple(weight if weight >= SMALLEST_WEIGHT else 0.0 for weight in weights)


def expected_ratio(experiment: Experiment) -> float | None:
    """The right total loss divided by the left one for equal outputs; None if it depends on the heads' losses."""
    left, right = (loss_shares(experiment, style) for style in experiment.styles())
    if left == right:
        return 1.0 if any(left) else None
    if not all(left) or not all(right):
        return None
    ratios = [there / here for here, there in zip(left, right, strict=True)]
    return ratios[0] if max(ratios) - min(ratios) < 1e-9 * max(ratios) else None


def explanation(experiment: Experiment) -> str:
    """Why the totals have that ratio, in words."""
    left, right = experiment.styles()
    training = experiment.training
    expected = expected_ratio(experiment)
    k = len(experiment.architecture.heads)
    learns = [any(loss_shares(experiment, style)) for style in (left, right)]
    if not all(learns):
        return _without_loss(experiment, learns)
    if expected is None:
        return (
            "The heads do not count alike in the two totals (different units or weights), so the ratio depends on how "
            "large each head's loss is, and moves while they learn."
        )
    if left.one_output(experiment.architecture) == right.one_output(experiment.architecture):
        return "Both totals are put together in the same way, so equal outputs give equal totals."
    if abs(expected - 1) < 1e-9:
        if training.combine == "mean":
            return "The weights uᵢ/Σu turn the sum of the heads' losses into the mean that a fused output has."
        return "Both totals count each head alike, so equal outputs give equal totals."
    if training.combine == "own":
        return f"The heads' own weights enter one total and not the other: for equal outputs the ratio is {expected:g}."
    return (
        f"One output has one loss, the mean over its units; {k} outputs have {k} losses, and Keras adds them. "
        f"For equal outputs the ratio is {expected:g}: the same errors, counted {max(expected, 1 / expected):g} times. "
        "Plain SGD takes steps that much larger. Adam cancels most of such a factor in each step; the rest can grow "
        "while it trains, the more so with ReLUs in the trunk or at a high rate."
    )


def _without_loss(experiment: Experiment, learns: list[bool]) -> str:
    """What loss weights of 0 do, and on which side. A style with one output has no loss weights."""
    left, right = (style.title for style in experiment.styles())
    decay = experiment.training.optimizer == "adamw"
    if not any(learns):
        still = " Only AdamW's weight decay changes their weights." if decay else ""
        return f"All loss weights are 0, so both totals are 0: neither side has anything to learn from.{still}"
    idle, other, side = (right, left, "right") if learns[0] else (left, right, "left")
    still = " Only AdamW's weight decay changes its weights." if decay else ""
    return (
        f"All loss weights are 0, so {idle}'s total (on the {side}) is 0 and it has nothing to learn from.{still} "
        f"{other} has one output, whose loss takes no weights, and learns."
    )


def finding(experiment: Experiment, ratio: float, after: int | None = None) -> str:
    """The ratio as a sentence, for the title of its chart: at the end, or `after` the epoch that it was measured at."""
    left, right = experiment.styles()
    when = "" if after is None else f" after epoch {after}"
    if not math.isfinite(ratio):
        return f"{left.title}'s total is 0{when}: there is no ratio"
    if abs(ratio - 1) < 0.005:
        return f"{right.title} and {left.title} {'end with' if after is None else 'have'} the same total{when}"
    verb = "ends" if after is None else "is"
    return f"{right.title} {verb} at {ratio:.2f} times {left.title}'s total{when}"
