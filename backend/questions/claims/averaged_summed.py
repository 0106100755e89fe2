"""Claim 5: the loss is averaged in one style and summed in the other.

The worker does not execute the shown code but measures in `backend/worker/claims/averaged_summed.py`, which says why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.optimizers import OPTIMIZERS, RULES
from backend.experiment.training import Training, Weighted
from backend.questions.base import Measured
from backend.questions.claims.base import (
    UNSURE,
    Claim,
    Kind,
    Verdict,
    needs_fused,
    ratio_words,
    script,
    x_line,
    yes_no,
)
from backend.questions.claims.recipes import at_rate, comparison_rate, losses, targets, weight_transfer_lines
from backend.questions.pictures import Bar, Bars, of_style
from backend.words import fixed, short, shortened

#: How far a ratio measured in double precision may be from the calculated one.
TOLERANCE = 1e-6

#: Predictions that differ by at most this share of what training changed are the same up to round-off.
MATCH = 1e-9

#: The most heads whose factors a sentence writes out.
_SHOWN = 4


class Gradient(Measured):
    """Functional's gradient on a trunk variable, compared with Sequential's.

    `ratio` is the factor that fits best; NaN if Sequential's gradient is 0. `unexplained` is the share of
    Functional's gradient that is no multiple of Sequential's; NaN if Functional's gradient is 0.
    """

    ratio: float
    unexplained: float


class Ratios(Measured):
    """Functional ÷ Sequential at the same weights: the total `loss`, and the `gradients` by trunk variable."""

    loss: float
    gradients: dict[str, Gradient]


class Remedy(Measured):
    """A change that may make the trainings agree.

    `loss` is the ratio of the totals with it. `differences`: optimizer → the largest difference of the predictions
    after training.
    """

    loss: float
    differences: dict[str, float]


class LossRatios(Measured):
    """The ratios with the plain sum (`default`) and with the visitor's loss weights (`yours`), and all remedies.

    All are measured in float64 on `sequences` sequences. The trainings take `steps` steps. `moved`: optimizer → how far
    training changed Sequential's predictions; NaN if a head's output became the same for all sequences, because two
    such trainings agree whatever their losses are.
    """

    sequences: int
    steps: int
    default: Ratios
    yours: Ratios
    remedies: dict[str, Remedy]
    moved: dict[str, float]


def proposition(experiment: Experiment) -> str:
    """The proposition, with the visitor's loss weights."""
    how = _HOW[experiment.training.weighted]
    return f"At the same weights, Functional's total loss ({how}) differs from Sequential's."


_HOW: Mapping[Weighted, str] = {
    "sum": "the sum of its head losses",
    "mean": "with the loss weights of a mean",
    "own": "with your loss weights",
}


def judge(experiment: Experiment, evidence: LossRatios) -> Verdict:
    """Compare the ratio of the totals with 1. The visitor's loss weights decide. A plain sum is shown beside them."""
    default, yours = evidence.default, evidence.yours
    rows = _table(experiment, evidence)
    if not math.isfinite(yours.loss) or not math.isfinite(default.loss):
        finding = "There is no ratio to compare: Sequential's loss is 0, NaN or infinite."
        return Verdict(None, finding, _why(experiment, evidence), rows, kind="undecided")
    measured = f"Functional's loss is {yours.loss:.3f} times Sequential's"
    if _ratios_differ(default, yours):
        weights = "the loss weights uᵢ/Σu (your mean)" if experiment.training.combine == "mean" else "your loss weights"
        finding = f"With {weights}, {measured}; without loss weights, it is {default.loss:.3f} times Sequential's."
    else:
        finding = f"{measured}. {_factor_sentence(experiment.architecture, default.loss)}"
    kind: Kind = "false" if _is_close(yours.loss, 1.0) else "true"
    picture, answer = _picture(experiment, evidence), _answer(experiment.architecture, yours.loss)
    why, figure = _why(experiment, evidence), ratio_words(yours.loss)
    return Verdict(answer, finding, why, rows, picture=picture, kind=kind, figure=figure)


OPTIONS = ("equal", "k times as large, for k heads", "in another ratio")


def _answer(architecture: Architecture, ratio: float) -> str:
    if _is_close(ratio, 1.0):
        return OPTIONS[0]
    return OPTIONS[1] if _is_close(ratio, len(architecture.heads)) else OPTIONS[2]


def _factor_sentence(architecture: Architecture, ratio: float) -> str:
    """A sentence on the factor of a plain sum, which gives head i Σu/uᵢ times the weight that a mean gives it."""
    factors, k = [architecture.output_units / head.units for head in architecture.heads], len(architecture.heads)
    if not min(factors) - TOLERANCE < ratio < max(factors) + TOLERANCE:
        return "That is not the ratio of a sum to a mean."
    if max(factors) - min(factors) < TOLERANCE:
        return f"The factor is k = {k}, the number of heads."
    return f"The factor is not the number of heads, k = {k}: {_factors_by_head(architecture, factors)}."


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(1.0, abs(other))


def _ratios_differ(one: Ratios, other: Ratios) -> bool:
    rows = _comparable(other)
    both = [(row.ratio, rows[name].ratio) for name, row in _comparable(one).items() if name in rows]
    return any(abs(a - b) > TOLERANCE * abs(a) for a, b in [(one.loss, other.loss), *both])


def _comparable(ratios: Ratios) -> dict[str, Gradient]:
    """The trunk variables on which Sequential's loss has a gradient."""
    return {name: row for name, row in ratios.gradients.items() if math.isfinite(row.ratio)}


def _gradient_sentences(ratios: Ratios) -> str:
    rows = _comparable(ratios)
    if not rows:
        return "Sequential's gradient on the trunk is 0."
    factors = [row.ratio for row in rows.values()]
    low, high = min(factors), max(factors)
    unexplained = max((row.unexplained for row in rows.values() if math.isfinite(row.unexplained)), default=0.0)
    if high - low < TOLERANCE * max(1.0, high) and unexplained < TOLERANCE:
        variables = f"each of the {len(rows)} trunk variables" if len(rows) > 1 else "the one trunk variable"
        return f"Functional's gradient on {variables} is {high:.3f} times Sequential's, in every component."
    sizes = f"Functional's gradients on the trunk variables are {low:.2f} to {high:.2f} times Sequential's."
    if unexplained < TOLERANCE:
        return sizes
    return (
        f"{sizes} Their directions also differ: up to {unexplained:.0%} of a gradient is no multiple of Sequential's."
    )


def _factors_by_head(architecture: Architecture, factors: list[float]) -> str:
    words = [f"{head.name} {factor:.3g} times" for head, factor in zip(architecture.heads, factors, strict=True)]
    return f"head i, with uᵢ of the Σu units, counts Σu/uᵢ times as much ({shortened(words, _SHOWN)})"


def _table(experiment: Experiment, evidence: LossRatios) -> list[dict[str, str]]:
    architecture = experiment.architecture
    k = len(architecture.heads)
    alike = len({head.units for head in architecture.heads}) == 1
    titles = {
        "none": "none",
        "loss_weights": f"`loss_weights` {f'1/{k}' if alike else 'uᵢ/Σu'}",
        "fused": f"one fused output, Dense({architecture.output_units})",
        "rate": f"learning rate × {k} for Sequential",
        "reduction": '`reduction="sum"` in both styles',
    }
    moved = evidence.moved
    rows = []
    for key, remedy in evidence.remedies.items():
        row = {"remedy": titles[key], "Functional's loss ÷ Sequential's": fixed(remedy.loss, 3)}
        for rule in moved:
            title = RULES[rule]
            agrees = remedy.differences[rule] <= MATCH * max(moved[rule], MATCH)
            row[f"styles agree, {title}"] = yes_no(agrees) if math.isfinite(moved[rule]) else f"{UNSURE} undecided"
            row[f"largest difference after {evidence.steps} steps, {title}"] = short(remedy.differences[rule])
        rows.append(row)
    return rows


def _picture(experiment: Experiment, evidence: LossRatios) -> Bars:
    """The totals, with Sequential's as the unit: of a sum, with the visitor's own loss weights, and of a mean."""
    ratios = {"Functional, sum": evidence.default.loss}
    if experiment.training.combine == "own":
        ratios["Functional, your weights"] = evidence.yours.loss
    if "loss_weights" in evidence.remedies:
        ratios["Functional, mean"] = evidence.remedies["loss_weights"].loss
    bars = [Bar("Sequential", ((1.0, of_style("sequential")),), "1")]
    bars += [Bar(name, ((ratio, of_style("functional")),), fixed(ratio, 3)) for name, ratio in ratios.items()]
    return Bars("Total loss at the same weights, ÷ Sequential's", bars)


def _why(experiment: Experiment, evidence: LossRatios) -> str:
    return (
        f"{_gradient_sentences(evidence.yours)}\n\n"
        "A fused output has one loss. Keras averages it over the batch and over all units, so head i with uᵢ units "
        "has the weight uᵢ/Σu. Several outputs have a loss each, and Keras adds these losses. The styles therefore "
        "agree with `loss_weights` of uᵢ/Σu (1/k for k heads with equal units), or with one fused output in "
        "Functional.\n\nWith plain SGD, a gradient k times as large makes a step k times as long. If all heads have "
        "the same number of units, k times the learning rate for Sequential has the same effect. "
        f"{OPTIMIZERS['adam'].on_a_factor} Claim 6 measures how much the remainder grows. With k times the learning "
        "rate, Adam's steps become k times as long.\n\nThe reduction `sum` adds up the sequences of a batch in both "
        "models. It still averages over the units, so the factor remains.\n\nIf a head's output becomes the same for "
        "every sequence, agreement shows nothing, and the table says "
        f"undecided. The same holds if an output becomes NaN or infinite. (Trained {at_rate(experiment)}. The first "
        "row is Functional's plain sum of the losses.)"
    )


def code(experiment: Experiment) -> str:
    """Print the ratio of the losses: without loss weights, with uᵢ/Σu, and with the visitor's own."""
    architecture, training = experiment.architecture, experiment.training
    mean = Training(combine="mean").loss_weights(architecture)
    given = [(1.0,) * len(mean), mean]
    if training.combine == "own":
        given.append(training.loss_weights(architecture))
    return script(
        experiment,
        "a, b = sequential(), functional()",
        *weight_transfer_lines(experiment),
        x_line(experiment, 256),
        *targets(experiment, 256),
        f'a.compile(loss="{architecture.heads[0].loss}")',
        "one = a.evaluate(x, y, verbose=0)",
        f"for weights in {[list(weights) for weights in given]}:",
        f"    b.compile(loss={losses(experiment)}, loss_weights=weights)",
        "    print(weights, b.evaluate(x, heads, verbose=0)[0] / one)",
    )


def _reads(experiment: Experiment) -> Experiment:
    given = experiment.training
    training = Training(
        learning_rate=comparison_rate(experiment), combine=given.weighted, weights=given.weights, seed=given.seed
    )
    return Experiment(architecture=experiment.architecture, sequences=experiment.sequences, training=training)


CLAIM = Claim(
    key="averaged_summed",
    number=5,
    title="Do both styles have the same total loss?",
    source="the second answer",
    statement="Keras averages the loss of one output over its columns, but adds the losses of several outputs. The "
    "totals therefore differ, at least for a common loss such as mse.",
    proposition=proposition,
    question="At the same weights and on the same sequences, how large is Functional's total loss, with your loss "
    "weights, compared with Sequential's?",
    options=OPTIONS,
    replies=("yes", "no, {} times as large", "no, the ratio is {}"),
    test=judge,
    code=code,
    evidence=LossRatios,
    measure="backend.worker.claims.averaged_summed:measure",
    inapplicable_reason=needs_fused,
    reads=_reads,
)
