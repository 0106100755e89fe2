"""The ratio of the two total losses, and the reason for it: one is averaged and the other summed (second answer)."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.experiment.styles import Style
from backend.words import listed, short

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


def shares_of_sides(experiment: Experiment) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The factors of the head losses in the total loss of the left and of the right side."""
    left, right = (loss_shares(side.experiment, side.style) for side in experiment.sides())
    return left, right


def expected_ratio(experiment: Experiment) -> float | None:
    """The right total loss divided by the left one for equal predictions; None if it depends on the heads' losses.

    It is exactly 1 if round-off alone makes the difference.
    """
    left, right = shares_of_sides(experiment)
    if left == right:
        return 1.0 if any(left) else None
    if not all(left) or not all(right):
        return None
    ratios = [there / here for here, there in zip(left, right, strict=True)]
    if max(ratios) - min(ratios) >= 1e-9 * max(ratios):
        return None
    return 1.0 if abs(ratios[0] - 1) < 1e-9 else ratios[0]


def larger_total(experiment: Experiment) -> tuple[str, str] | None:
    """The side whose total is larger for equal predictions, and how many times; None if no side's always is."""
    ratio = expected_ratio(experiment)
    if ratio is None or ratio == 1:
        return None
    return titles_of(experiment)[ratio > 1], short(max(ratio, 1 / ratio), 3)


def explanation(experiment: Experiment) -> str:
    """Why the totals have that ratio, in words."""
    left, right = (side.style for side in experiment.sides())
    if experiment.other is not None:
        alike = f"Both sides are {left.title}, from the same initial weights, on the same sequences in the same order."
        return f"{alike} {trained_alike(experiment)}".strip()
    if idle := zero_weights_sentence(experiment):
        return idle
    architecture, expected = experiment.architecture, expected_ratio(experiment)
    if expected is None:
        return (
            "The two totals weight the heads differently (different units or loss weights). So the ratio depends on "
            "how large each head's loss is, and it can change during training."
        )
    if expected == 1:
        return "Each head counts as much in one total as in the other, so equal predictions give equal totals."
    one, many = (left, right) if left.one_output(architecture) else (right, left)
    own = " times your weights" if experiment.training.combine == "own" else ""
    why = (
        f"{one.title} has one output and one loss, the mean over its units. The total of {many.title} is the sum of "
        f"its losses{own}. For equal predictions, {right.title} ÷ {left.title} = {short(expected, 3)}, and the totals "
        "do not say which predicts better."
    )
    method = experiment.method()
    return f"{why} {many.title} does not minimize this sum: {method.title} decides each step." if method else why


def trained_alike(experiment: Experiment) -> str:
    """That two settings train in the same way, because no side uses what differs, in a sentence; else empty."""
    if experiment.other is None:
        return ""
    size, _ = experiment.parts
    trainings = [side.experiment.training for side in experiment.sides()]
    used = [
        (side.experiment.architecture, side.method, each.optimizer, each.learning_rate, min(each.batch, size), shares)
        for side, each, shares in zip(experiment.sides(), trainings, shares_of_sides(experiment), strict=True)
    ]
    return "Neither setting has an effect here: both sides take the same steps." if used[0] == used[1] else ""


def comparable(experiment: Experiment) -> bool:
    """Whether Keras computes both totals in the same way."""
    left, right = shares_of_sides(experiment)
    return left == right or expected_ratio(experiment) == 1


def comparability(experiment: Experiment) -> str:
    """Whether the two totals can be compared, in a sentence."""
    if comparable(experiment):
        return "Both totals are computed in the same way, so they can be compared."
    larger = larger_total(experiment)
    why = (
        f"for equal predictions, {larger[0]}'s is {larger[1]} times as large"
        if larger
        else "they weight the tasks differently"
    )
    return f"But the totals cannot be compared: {why}."


def zero_weights_sentence(experiment: Experiment) -> str:
    """The effect of loss weights that are all 0 on a side; empty if there are none."""
    titles = titles_of(experiment)
    idle = [title for title, shares in zip(titles, shares_of_sides(experiment), strict=True) if not any(shares)]
    where = listed(dict.fromkeys(idle))
    return f"With {where}, all loss weights are 0 in float32, so the total is 0 and nothing is learned." if idle else ""
