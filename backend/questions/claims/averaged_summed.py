"""Claim 5: the loss is averaged in one style and summed in the other."""

from __future__ import annotations

import math

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS, RULES
from backend.questions.base import Measured
from backend.questions.claims.base import UNSURE, Claim, Kind, Verdict, needs_fused, ratio_words, yes_no
from backend.questions.claims.descent import CONSTANT, at_rate, comparison_rate, descent_script, transfer_lines
from backend.questions.pictures import Bar, Bars, of_style
from backend.words import fixed, short

#: Steps of a training.
STEPS = 20
#: How far a ratio measured in double precision may be from the calculated one.
TOLERANCE = 1e-6
#: Predictions that differ by at most this share of what training changed are the same up to round-off.
MATCH = 1e-9


class Ratios(Measured):
    """Functional ÷ Sequential at the same weights: the total `loss`, and the `gradient` of the trunk.

    `gradient` is the factor that fits best; NaN if Sequential's gradient is 0. `unexplained` is the share of
    Functional's gradient that is no multiple of Sequential's; NaN if Functional's gradient is 0.
    """

    loss: float
    gradient: float
    unexplained: float


class Remedy(Measured):
    """A change that may make the trainings agree.

    `loss` is the ratio of the totals with it. `differences`: optimizer → the largest difference of the predictions
    after training.
    """

    loss: float
    differences: dict[str, float]


class LossRatios(Measured):
    """The ratios with the plain sum (`default`) and with the visitor's loss weights (`yours`), and all remedies.

    All are measured in float64. `moved`: optimizer → how far training changed Sequential's predictions, and `kept`: how
    much of their variation over the sequences they have kept (of the head with the least). Two trainings of which a
    head has died agree whatever their losses are.
    """

    default: Ratios
    yours: Ratios
    remedies: dict[str, Remedy]
    moved: dict[str, float]
    kept: dict[str, float]


OPTIONS = ("equal", "k times as large, for k heads", "in another ratio")


def judge(experiment: Experiment, evidence: LossRatios) -> Verdict:
    """Compare the ratio of the totals with 1. The visitor's loss weights decide."""
    ratio, k = evidence.yours.loss, len(experiment.architecture.heads)
    rows, why = _table(experiment, evidence), _why(experiment, evidence.yours)
    if not math.isfinite(ratio):
        finding = "There is no ratio to compare: Sequential's loss is 0, NaN or infinite."
        return Verdict(None, finding, why, rows, kind="undecided")
    finding = f"Functional's loss is {ratio:.3f} times Sequential's."
    answer = OPTIONS[0] if _is_close(ratio, 1.0) else OPTIONS[1] if _is_close(ratio, k) else OPTIONS[2]
    kind: Kind = "false" if answer == OPTIONS[0] else "true"
    return Verdict(answer, finding, why, rows, kind=kind, figure=ratio_words(ratio))


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(1.0, abs(other))


def _table(experiment: Experiment, evidence: LossRatios) -> list[dict[str, str]]:
    architecture = experiment.architecture
    k = len(architecture.heads)
    titles = {
        "none": "none",
        "loss_weights": "`loss_weights` uᵢ/Σu",
        "fused": f"one fused output, Dense({architecture.output_units})",
        "rate": f"learning rate × {k} for Sequential",
        "reduction": '`reduction="sum"` in both styles',
    }
    rows = []
    for key, remedy in evidence.remedies.items():
        row = {"remedy": titles[key], "Functional's loss ÷ Sequential's": fixed(remedy.loss, 3)}
        for rule, moved in evidence.moved.items():
            agrees = remedy.differences[rule] <= MATCH * max(moved, MATCH)
            shows = math.isfinite(moved) and evidence.kept[rule] > CONSTANT
            row[f"styles agree, {RULES[rule]}"] = yes_no(agrees) if shows else f"{UNSURE} undecided"
            row[f"largest difference, {RULES[rule]}"] = short(remedy.differences[rule])
        rows.append(row)
    return rows


def picture(experiment: Experiment, evidence: LossRatios) -> Bars:
    """The totals, with Sequential's as the unit: of a sum, with the visitor's own loss weights, and of a mean."""
    ratios = {"Functional, sum": evidence.default.loss}
    if experiment.training.combine == "own":
        ratios["Functional, your weights"] = evidence.yours.loss
    if "loss_weights" in evidence.remedies:
        ratios["Functional, mean"] = evidence.remedies["loss_weights"].loss
    bars = [Bar("Sequential", ((1.0, of_style("sequential")),), "1")]
    bars += [Bar(name, ((ratio, of_style("functional")),), fixed(ratio, 3)) for name, ratio in ratios.items()]
    return Bars("Total loss at the same weights, ÷ Sequential's", bars)


def _why(experiment: Experiment, gradient: Ratios) -> str:
    return (
        f"Functional's gradient on the trunk is {fixed(gradient.gradient, 3)} times Sequential's, and "
        f"{short(100 * gradient.unexplained)}% of it has another direction.\n\n"
        "A fused output has one loss. Keras averages it over the batch and over all units, so head i with uᵢ units "
        "has the weight uᵢ/Σu. Several outputs have a loss each, and Keras adds these losses, so head i counts "
        "Σu/uᵢ times as much. The styles therefore agree with `loss_weights` of uᵢ/Σu, or with one fused output in "
        "Functional. The reduction `sum` adds up the sequences of a batch in both models, so the factor remains."
        "\n\nWith plain SGD and equal units, k times the learning rate for Sequential has the same effect. "
        f"{OPTIMIZERS['adam'].on_a_factor} (Trained for a few steps {at_rate(experiment)}. The first row is "
        "Functional's plain sum of the losses. If a head's output becomes the same for every sequence, or NaN or "
        "infinite, agreement shows nothing.)"
    )


_MEASUREMENT = """
a, b, c = sequential(), functional(), functional_fused()
{transfer}
c.set_weights(a.get_weights())
trunk = sum(variable.numpy().size for variable in a.trainable_variables[:-2])
fused, separate = (descent(a, kinds[:1]), vector(a)), (descent(b, kinds), vector(b))
cases = {  # Sequential and Functional, each with its loss weights
    "none": ((*fused, plain), (*separate, summed)),
    "loss_weights": ((*fused, plain), (*separate, mean)),
    "fused": ((*fused, plain), (descent(c, kinds[:1]), vector(c), plain)),
    "rate": ((*fused, plain), (*separate, summed)),
    "reduction": ((descent(a, kinds[:1], "sum"), vector(a), plain), (descent(b, kinds, "sum"), vector(b), summed)),
}


def start(at, weights, mix):
    return at(weights, everyone, mix)


def ratios(mix):
    (one, first, _), (other, second, _) = start(*fused, plain), start(*separate, mix)
    first, second = first[:trunk], second[:trunk]
    factor = tf.tensordot(first, second, 1) / tf.tensordot(first, first, 1)
    unexplained = tf.norm(second - factor * first) / tf.norm(second)
    return {"loss": float(other / one), "gradient": float(factor), "unexplained": float(unexplained)}


def largest(difference):
    return float(np.nan_to_num(np.abs(difference).max(), nan=np.inf))


default, yours = ratios(summed), ratios(np.array(WEIGHTS))
print("loss and gradient of the trunk, Functional / Sequential:", default, yours)
before = start(*fused, plain)[2].numpy()
remedies = {}
for name, (one, other) in cases.items():
    remedies[name] = {"loss": float(start(*other)[0] / start(*one)[0]), "differences": {}}
moved, kept = {}, {}
for rule, optimizer in {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}.items():
    models = [(*model, shuffled(SEED)) for both in cases.values() for model in both]
    after = trained(models, optimizer(RATE))
    (faster,) = trained(models[:1], optimizer(RATE * len(heads)))
    for name, one, other in zip(cases, after[::2], after[1::2]):
        remedies[name]["differences"][rule] = largest((faster if name == "rate" else one) - other)
    moved[rule], kept[rule] = largest(after[0] - before), left(before, after[0])
    print(rule, {name: remedy["differences"][rule] for name, remedy in remedies.items()})
"""


def code(experiment: Experiment) -> str:
    """Compare loss, gradient and short trainings of both styles from the same weights."""
    training = experiment.training
    lines = f"""\
RATE, SEED = {comparison_rate(experiment)!r}, {training.seed}
WEIGHTS = {list(training.loss_weights(experiment.architecture))!r}  # your loss weights
keras.utils.set_random_seed(SEED)
{_MEASUREMENT.replace("{transfer}", transfer_lines(experiment))}"""
    return descent_script(experiment, STEPS, lines)


CLAIM = Claim(
    key="averaged_summed",
    number=5,
    title="Do both styles have the same total loss?",
    source="the second answer",
    statement="Keras averages the loss of one output over its columns, but adds the losses of several outputs. The "
    "totals therefore differ, at least for a common loss such as mse.",
    question="At the same weights and on the same sequences, how large is Functional's total loss, with your loss "
    "weights, compared with Sequential's?",
    options=OPTIONS,
    replies=("yes", "no, {} times as large", "no, the ratio is {}"),
    test=judge,
    draw=picture,
    code=code,
    evidence=LossRatios,
    inapplicable_reason=needs_fused,
)
