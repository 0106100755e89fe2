"""The ratio of the two total losses, and the reason for it: one is averaged and the other summed (second answer)."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sides import side_keys, side_titles
from backend.experiment.styles import Style
from backend.words import counted, listed, short

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
    """The right total loss divided by the left one for equal predictions; None if it depends on the heads' losses."""
    left, right = shares_of_sides(experiment)
    if left == right:
        return 1.0 if any(left) else None
    if not all(left) or not all(right):
        return None
    ratios = [there / here for here, there in zip(left, right, strict=True)]
    return ratios[0] if max(ratios) - min(ratios) < 1e-9 * max(ratios) else None


def explanation(experiment: Experiment, *, with_steps: bool = True) -> str:
    """Why the totals have that ratio, in words; `with_steps` also what the ratio does to the optimizer's steps."""
    if experiment.other is not None:
        style = experiment.sides()[0].style.title
        alike = f"Both sides are {style}, from the same initial weights, on the same sequences in the same order."
        return " ".join(filter(None, (alike, trained_alike(experiment), comparability(experiment))))
    if idle := zero_weights_sentence(experiment):
        return idle
    left, right = experiment.styles()
    architecture, expected = experiment.architecture, expected_ratio(experiment)
    if expected is None:
        return (
            "The two totals weight the heads differently (different units or loss weights). So the ratio depends on "
            "how large each head's loss is, and it can change during training."
        )
    if left.one_output(architecture) == right.one_output(architecture):
        return "Both totals are computed in the same way, so equal predictions give equal totals."
    if abs(expected - 1) < 1e-9:
        return "Each head counts as much in one total as in the other, so equal predictions give equal totals."
    one, many = (left, right) if left.one_output(architecture) else (right, left)
    ratio = f"For equal predictions, {right.title} ÷ {left.title} = {short(expected, 3)}"
    if experiment.training.combine == "own":
        return f"{one.title} has one output, and Two Heads compiles it without your loss weights. {ratio}."
    count, method = len(architecture.heads), experiment.method()
    why = (
        f"{one.title} has one output and one loss, the mean over its units. {many.title} has {count} outputs and "
        f"{count} losses, and its total is their sum. {ratio}, and the totals do not say which predicts better."
    )
    if method:
        return f"{why} {many.title} does not minimize this sum: {method.title} decides each step."
    if not with_steps:
        return why
    return (
        f"{why} With plain SGD, {many.title} takes steps that are {short(max(expected, 1 / expected), 3)} times as "
        f"large from the same weights. {OPTIMIZERS['adam'].on_a_factor}"
    )


def trained_alike(experiment: Experiment) -> str:
    """Why two settings train in the same way, because no side uses what differs, in a sentence; else empty."""
    if experiment.other is None:
        return ""
    left, right = experiment.sides()
    one, other = left.experiment.training, right.experiment.training
    size, _ = experiment.parts
    used = [
        (side.experiment.architecture, side.method, each.optimizer, each.learning_rate, min(each.batch, size), shares)
        for side, each, shares in zip((left, right), (one, other), shares_of_sides(experiment), strict=True)
    ]
    if used[0] != used[1]:
        return ""
    reasons = [f"a batch holds all {counted(size, 'training sequence')}"] if one.batch != other.batch else []
    if one.combine != other.combine or (one.combine == "own" and one.weights != other.weights):
        unused = left.style.one_output(experiment.architecture)
        reasons.append(
            f"{left.style.title} has one output, so no losses are combined" if unused else "the loss weights are equal"
        )
    return f"Neither setting has an effect here, because {listed(reasons)}."


def comparable(experiment: Experiment) -> bool:
    """Whether Keras computes both totals in the same way."""
    left, right = shares_of_sides(experiment)
    return left == right


def comparability(experiment: Experiment) -> str:
    """Whether the two totals can be compared, in a sentence."""
    if comparable(experiment):
        return "Both totals are computed in the same way, so they can be compared."
    ratio = expected_ratio(experiment)
    if ratio is None:
        return "But the totals cannot be compared: they weight the tasks differently."
    larger = names_of_sides(experiment)[ratio > 1]
    return (
        f"But the totals cannot be compared: for equal predictions, {larger}'s is "
        f"{short(max(ratio, 1 / ratio), 3)} times as large."
    )


def names_of_sides(experiment: Experiment) -> tuple[str, str]:
    """What a sentence calls the sides: the styles without the words "left" and "right", or the compared settings."""
    if experiment.other is not None:
        return side_titles(*side_keys(experiment))
    left, right = experiment.styles()
    return left.title, right.title


def zero_weights_sentence(experiment: Experiment) -> str:
    """The effect of loss weights that are all 0 on a side; empty if there are none."""
    titles = names_of_sides(experiment)
    idle = [title for title, shares in zip(titles, shares_of_sides(experiment), strict=True) if not any(shares)]
    where = listed(dict.fromkeys(idle))
    return f"With {where}, all loss weights are 0 in float32, so the total is 0 and nothing is learned." if idle else ""
