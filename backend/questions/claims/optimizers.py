"""Claim 6: which optimizers cancel the factor between a summed and an averaged loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Literal

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.questions.base import Measured
from backend.questions.claims.base import NO, UNSURE, YES, Claim, ClaimVerdict, Kind, assign_dict, needs_fused
from backend.questions.claims.descent import affordable_steps, descent_script, transfer_lines
from backend.questions.pictures import Readings, Reference, Spread, of_style
from backend.words import short

#: The most and the fewest steps of a training, and the number of seeds: each determines initial weights and the order
#: of the batches.
STEPS, FEWEST_STEPS, SEEDS = 60, 5, 3
#: The highest learning rate at which two trainings are compared: above it, most networks amplify round-off.
MAX_RATE = 0.05
#: Predictions that vary over the sequences by at most this share of their variation before training are constant: the
#: network has died, and two dead networks agree.
CONSTANT = 1e-3
#: If predictions differ by at most this share of what training changed, the optimizer cancels the factor.
CANCELS = 0.03
#: The same for the control, whose gradients are equal: a larger difference is round-off that training amplified.
MATCH = 1e-6
#: The fewest seeds that have to count.
FEWEST_SEEDS = 2
#: Stands for a difference of 0 on a logarithmic axis.
_SMALLEST = 1e-17

Answer = Literal["yes", "no", "depends on the seed", "undecided"]


class Reading(Measured):
    """Both styles trained from one seed with one optimizer; each number is that of the head where it is worst.

    `difference` and `control`: how far the predictions are apart, as a share of what training changed (root mean
    squares), if Functional's losses are summed, and if they are averaged with the weights uᵢ/Σu. `left`: how much of
    their variation over the sequences the predictions have kept.
    """

    difference: float
    control: float
    left: float

    @property
    def counts(self) -> bool:
        """Whether the training shows anything: no head has died, and the control agrees. NaN shows nothing."""
        return self.left > CONSTANT and self.control <= MATCH and math.isfinite(self.difference)


class Trainings(Measured):
    """`optimizers`: name → a reading for each seed, in float64."""

    optimizers: dict[str, tuple[Reading, ...]]


@dataclass(frozen=True)
class Judgement:
    """Whether one optimizer cancels the factor, by the seeds that count, of `seeds`."""

    answer: Answer
    differences: tuple[float, ...]
    control: tuple[float, ...]
    seeds: int


def judge_readings(readings: Sequence[Reading]) -> Judgement:
    """Judge an optimizer by its readings, one for each seed."""
    good = [reading for reading in readings if reading.counts]
    within = [reading.difference <= CANCELS for reading in good]
    answer: Answer = "yes" if all(within) else "depends on the seed" if any(within) else "no"
    return Judgement(
        answer if len(good) >= FEWEST_SEEDS else "undecided",
        tuple(reading.difference for reading in good),
        tuple(reading.control for reading in good),
        len(readings),
    )


def _percent(share: float) -> str:
    return f"{short(100 * share)}%"


def _span(shares: Sequence[float]) -> str:
    """Shares in percent, from the smallest to the largest: `0.021% to 0.4%`."""
    return " to ".join(dict.fromkeys((_percent(min(shares)), _percent(max(shares))))) if shares else "–"


OPTIONS = (
    f"by at most {_percent(CANCELS)}: they train alike",
    f"by more than {_percent(CANCELS)}: they train differently",
    "that depends on the seed",
)
#: The answer to "does the optimizer cancel the factor" → the verdict, the option that it gives, and the table's cell.
_ANSWERS: dict[Answer, tuple[Kind, str | None, str]] = {
    "yes": ("false", OPTIONS[0], f"{YES} yes"),
    "no": ("true", OPTIONS[1], f"{NO} no"),
    "depends on the seed": ("undecided", OPTIONS[2], f"{UNSURE} depends on the seed"),
    "undecided": ("undecided", None, f"{UNSURE} undecided"),
}


def judge(experiment: Experiment, evidence: Trainings) -> ClaimVerdict:
    """Whether the visitor's optimizer makes the styles agree with summed losses, if the control agrees."""
    judgements = {name: judge_readings(readings) for name, readings in evidence.optimizers.items()}
    optimizer, mine = OPTIMIZERS[experiment.training.optimizer], judgements[experiment.training.optimizer]
    kind, answer, _ = _ANSWERS[mine.answer]
    if mine.answer == "undecided":
        finding = f"Too few of the {mine.seeds} seeds can be judged with {optimizer.title}."
    else:
        finding = (
            f"After training, their predictions differ by {_span(mine.differences)} of what training changed "
            f"({len(mine.differences)} seeds)."
        )
    why = (
        "The summed loss counts head i, with uᵢ of the Σu units, Σu/uᵢ times as much as the averaged loss does. If "
        "these factors differ, the trunk's gradient has another direction, which no optimizer can cancel. "
        f"{optimizer.on_a_factor} Training can amplify what remains of it.\n\n"
        "The control averages the losses, so the gradients are equal. If it differs by more than "
        f"{_percent(MATCH)}, training has amplified round-off, and the seed does not count. A seed does not count "
        "either if a number became NaN or infinite, or if a head's output became the same for every sequence. "
        f"(Trained in float64, at your learning rate or at {MAX_RATE} if yours is higher.)"
    )
    rows = [
        {
            "optimizer": OPTIMIZERS[name].title,
            "difference with summed losses": _span(each.differences),
            "cancels the factor": _ANSWERS[each.answer][2],
            "difference with averaged losses": _span(each.control),
            "seeds that count": f"{len(each.differences)} of {each.seeds}",
        }
        for name, each in judgements.items()
    ]
    differences = mine.differences
    figure = "" if not differences else _percent(max(differences)) if answer == OPTIONS[0] else _span(differences)
    return ClaimVerdict(answer, finding, why, rows, kind=kind, figure=figure)


def picture(experiment: Experiment, evidence: Trainings) -> Spread | None:
    """The difference in each seed that counts, by optimizer, beside the limit."""
    mine = experiment.training.optimizer
    rows = [
        Readings(
            OPTIMIZERS[name].title + (" (yours)" if name == mine else ""),
            [max(share, _SMALLEST) for share in each.differences],
            of_style("functional"),
            emphasised=name == mine,
        )
        for name, readings in evidence.optimizers.items()
        if (each := judge_readings(readings)).answer != "undecided"
    ]
    limit = Reference(CANCELS, f"alike ← {_percent(CANCELS)} → different")
    return Spread("Difference ÷ what training changed, by seed", rows, limit, scale="shares") if rows else None


_MEASUREMENT = '''
def trained(starts, optimizer):
    """The predictions of each (descent, weights, loss weights, batches) after training.

    The optimizer treats each number separately, so all of them can be one variable.
    """
    flat = keras.Variable(np.concatenate([weights for _, weights, _, _ in starts]))
    counts = [len(weights) for _, weights, _, _ in starts]
    optimizer.build([flat])
    for step in range(STEPS):
        parts = zip(starts, tf.split(flat.value, counts))
        gradients = [at(part, batches[step % len(batches)], mix)[1] for (at, _, mix, batches), part in parts]
        optimizer.apply([tf.concat(gradients, 0)], [flat])
    parts = zip(starts, tf.split(flat.value, counts))
    return [at(part, everyone, mix)[2].numpy() for (at, _, mix, _), part in parts]


def left(before, after):
    """How much of its predictions' variation over the sequences a head has kept, at least: 0 if a head has died."""
    both = [[part.std(axis=0).max() for part in np.split(outputs, ends, axis=1)] for outputs in (before, after)]
    return float(np.min(np.divide(*reversed(both))))


def shuffled(seed):
    order = np.random.default_rng(seed).permutation(len(x))
    return order[: len(x) // BATCH * BATCH].reshape(-1, BATCH)


a, b = sequential(), functional()
fused, separate = descent(a, kinds[:1]), descent(b, kinds)
starts = []
for seed in SEEDS:
    keras.utils.set_random_seed(seed)
    a = sequential()
{transfer}
    mixes = (fused, vector(a), plain), (separate, vector(b), summed), (separate, vector(b), mean)
    starts += [(*each, shuffled(seed)) for each in mixes]
before = [at(weights, everyone, plain)[2].numpy() for at, weights, _, _ in starts[::3]]


def size(outputs):  # the root mean square of each head
    return np.array([np.sqrt(np.mean(part**2)) for part in np.split(outputs, ends, axis=1)])


optimizers = {}
for name, optimizer in OPTIMIZERS.items():
    optimizers[name], after = [], trained(starts, optimizer)
    for i, start in enumerate(before):
        one, other, control = after[3 * i : 3 * i + 3]
        changed = np.maximum(size(one - start), size(other - start))
        difference, same = (float(np.max(size(one - each) / changed)) for each in (other, control))
        kept = min(left(start, end) for end in (one, other, control))
        optimizers[name].append({"difference": difference, "control": same, "left": kept})
    print(name, optimizers[name])
'''


def code(experiment: Experiment) -> str:
    """Train both styles from the same weights with every optimizer, with summed and with averaged losses."""
    seed, steps = experiment.training.seed, min(max(affordable_steps(experiment.architecture), FEWEST_STEPS), STEPS)
    rate = repr(min(experiment.training.learning_rate, MAX_RATE))
    optimizers = assign_dict("OPTIMIZERS", {name: each.source(rate) for name, each in OPTIMIZERS.items()})
    constants = f"SEEDS, STEPS, BATCH = range({seed}, {seed + SEEDS}), {int(steps)}, min(32, len(x) // 4)"
    measured = _MEASUREMENT.replace("{transfer}", indent(transfer_lines(experiment), "    "))
    return descent_script(experiment, f"{constants}\n{optimizers}\n{measured}")


CLAIM = Claim(
    key="optimizers",
    number=6,
    title="Do both styles train alike with summed losses?",
    source="the second answer",
    statement="One loss is averaged and the other summed, so they differ by a factor. It would follow that the two "
    "networks also train differently. The answer does not say so.",
    question="Sequential and Functional start from the same weights and train with your optimizer and summed losses. "
    "After training, how far apart are their predictions, compared with how far training moved them?",
    options=OPTIONS,
    replies=("yes, within {}", "no, {} apart", "it depends on the seed"),
    test=judge,
    draw=picture,
    code=code,
    evidence=Trainings,
    inapplicable_reason=needs_fused,
    decided_by=lambda experiment: experiment.training.optimizer,
)
