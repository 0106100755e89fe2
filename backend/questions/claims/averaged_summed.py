"""Claim 5: the loss is averaged in one style and summed in the other."""

from __future__ import annotations

import math

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.questions.base import Measured
from backend.questions.claims.base import UNSURE, Claim, ClaimVerdict, Kind, needs_fused, yes_no
from backend.questions.claims.descent import descent_script, transfer_lines
from backend.questions.pictures import Bar, Bars, of_style
from backend.words import fixed, ratio_words, short

#: How far a ratio measured in double precision may be from the calculated one.
TOLERANCE = 1e-6


class Ratios(Measured):
    """Functional ÷ Sequential at the same weights: the total `loss`, and the `gradient` of the trunk.

    `gradient` is the factor that fits best; NaN if Sequential's gradient is 0. `unexplained` is the share of
    Functional's gradient that is no multiple of Sequential's; NaN if Functional's gradient is 0.
    """

    loss: float
    gradient: float
    unexplained: float

    @property
    def agree(self) -> bool:
        """Whether loss and gradient are equal."""
        return _is_close(self.loss, 1) and _is_close(self.gradient, 1) and self.unexplained <= TOLERANCE


class LossRatios(Measured):
    """The ratios with the plain sum (`default`), with the visitor's loss weights (`yours`), and with each remedy.

    All are measured in float64.
    """

    default: Ratios
    yours: Ratios
    remedies: dict[str, Ratios]


OPTIONS = ("equal", "k times as large, for k heads", "in another ratio")


def judge(experiment: Experiment, evidence: LossRatios) -> ClaimVerdict:
    """Compare the ratio of the totals with 1. The visitor's loss weights decide."""
    ratio, k = evidence.yours.loss, len(experiment.architecture.heads)
    rows, why = _table(experiment, evidence), _why(evidence.yours)
    if not math.isfinite(ratio):
        finding = "There is no ratio to compare: Sequential's loss is 0, NaN or infinite."
        return ClaimVerdict(None, finding, why, rows, kind="undecided")
    finding = f"Functional's loss is {ratio:.3f} times Sequential's."
    answer = OPTIONS[0] if _is_close(ratio, 1.0) else OPTIONS[1] if _is_close(ratio, k) else OPTIONS[2]
    kind: Kind = "false" if answer == OPTIONS[0] else "true"
    return ClaimVerdict(answer, finding, why, rows, kind=kind, figure=ratio_words(ratio))


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(1.0, abs(other))


def _table(experiment: Experiment, evidence: LossRatios) -> list[dict[str, str]]:
    titles = {
        "none": "none",
        "loss_weights": "`loss_weights` uᵢ/Σu",
        "fused": f"one fused output, Dense({experiment.architecture.output_units})",
        "reduction": '`reduction="sum"` in both styles',
    }
    return [
        {
            "remedy": titles[key],
            "Functional's loss ÷ Sequential's": fixed(found.loss, 3),
            "the same of the trunk's gradients": fixed(found.gradient, 3),
            "both agree": yes_no(found.agree) if math.isfinite(found.gradient) else f"{UNSURE} undecided",
        }
        for key, found in evidence.remedies.items()
    ]


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


def _why(gradient: Ratios) -> str:
    return (
        f"Functional's gradient on the trunk is {fixed(gradient.gradient, 3)} times Sequential's, and "
        f"{short(100 * gradient.unexplained)}% of it has another direction.\n\n"
        "A fused output has one loss. Keras averages it over the batch and over all units, so head i with uᵢ units "
        "has the weight uᵢ/Σu. Several outputs have a loss each, and Keras adds these losses, so head i counts "
        "Σu/uᵢ times as much. The styles therefore agree with `loss_weights` of uᵢ/Σu, or with one fused output in "
        "Functional. The reduction `sum` adds up the sequences of a batch in both models, so the factor remains."
        "\n\nWith plain SGD and equal units, k times the learning rate for Sequential has the same effect. "
        f"{OPTIMIZERS['adam'].on_a_factor} (The first row of the table is Functional's plain sum of the losses. If the "
        "network is dead, a gradient is 0, and agreement shows nothing.)"
    )


_MEASUREMENT = """
a, b, c = sequential(), functional(), functional_fused()
{transfer}
c.set_weights(a.get_weights())
trunk = sum(variable.numpy().size for variable in a.trainable_variables[:-2])
fused, separate = descent(a, kinds[:1]), descent(b, kinds)


def ratios(one, other, model, mix):  # the second is that of `model`, with loss weights
    first_loss, first, _ = one(vector(a), everyone, plain)
    second_loss, second, _ = other(vector(model), everyone, mix)
    first, second = first[:trunk], second[:trunk]
    factor = tf.tensordot(first, second, 1) / tf.tensordot(first, first, 1)
    unexplained = tf.norm(second - factor * first) / tf.norm(second)
    return {"loss": float(second_loss / first_loss), "gradient": float(factor), "unexplained": float(unexplained)}


default, yours = ratios(fused, separate, b, summed), ratios(fused, separate, b, np.array(WEIGHTS))
print("loss and gradient of the trunk, Functional / Sequential:", default, yours)
remedies = {
    "none": default,
    "loss_weights": ratios(fused, separate, b, mean),
    "fused": ratios(fused, descent(c, kinds[:1]), c, plain),
    "reduction": ratios(descent(a, kinds[:1], "sum"), descent(b, kinds, "sum"), b, summed),
}
for name, found in remedies.items():
    print(name, found)
"""


def code(experiment: Experiment) -> str:
    """Compare loss and gradient of both styles at the same weights."""
    training = experiment.training
    lines = f"""\
WEIGHTS = {list(training.loss_weights(experiment.architecture))!r}  # your loss weights
keras.utils.set_random_seed({training.seed})
{_MEASUREMENT.replace("{transfer}", transfer_lines(experiment))}"""
    return descent_script(experiment, lines)


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
