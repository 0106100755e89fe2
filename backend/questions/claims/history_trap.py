"""Claim 11: the head losses in Keras's `History` need not add up to its total loss."""

from __future__ import annotations

import math
from collections.abc import Mapping

from backend.experiment import Experiment
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, ClaimVerdict, script, targets, x_line, yes_no
from backend.words import short

#: A difference, as a share of the total, that float32 round-off explains.
ROUND_OFF = 1e-5

#: At most this many batches in an epoch: with fewer batches, the short one counts for more.
MAX_BATCHES = 16

#: Significant digits of a loss: enough to show a difference larger than round-off.
_DIGITS = 6


class Fit(Measured):
    """One epoch: the number of `sequences`, the size of the `last` batch, and the `total` loss that `fit` logged.

    `logged`: head → the loss that `fit` logged. `weighted`: head → the mean of its batch losses by batch size.
    """

    sequences: int
    last: int
    total: float
    logged: dict[str, float]
    weighted: dict[str, float]


class Fits(Measured):
    """`fits`: one epoch each from the same weights, with a short last batch and with full batches only."""

    fits: tuple[Fit, ...]


def sizes(train: int, batch: int) -> tuple[int, int]:
    """Two numbers of sequences to fit: the first has a short last batch, the second is a multiple of `batch`.

    If the visitor's `train` sequences have a short last batch, the first number has one of the same size. `train` must
    be larger than `batch`.
    """
    full = min(train // batch, MAX_BATCHES) * batch
    return (full + train % batch if train % batch else full - batch + max(1, batch // 8)), full


def judge(experiment: Experiment, evidence: Fits) -> ClaimVerdict:
    """Add up the head losses of each fit, and compare the sum with the total. The visitor's kind of fit comes first."""
    weights, batch = experiment.training.loss_weights(experiment.architecture), experiment.training.batch
    gaps = _gaps(experiment, evidence)
    if not all(math.isfinite(fit.total) for fit, _ in gaps):
        rate = short(experiment.training.learning_rate, 3)
        finding = f"There is nothing to add up: at learning rate {rate} the loss became NaN or infinite."
        return ClaimVerdict(None, finding, "", kind="undecided")
    rows = [
        {
            "sequences": f"{fit.sequences:,}",
            "last batch": f"{fit.last} of {batch}",
            "total loss in `History`": short(fit.total, _DIGITS),
            "sum of the head losses in `History`": short(_weighted_sum(weights, fit.logged), _DIGITS),
            "sum, weighted by batch size": short(_weighted_sum(weights, fit.weighted), _DIGITS),
            "the head losses add up": yes_no(not gap),
        }
        for fit, gap in gaps
    ]
    full, short_last = (next(gap for fit, gap in gaps if (fit.last == batch) == is_full) for is_full in (True, False))
    answer = {(True, True): OPTIONS[0], (True, False): OPTIONS[1], (False, False): OPTIONS[2]}.get(
        (not full, not short_last)
    )
    when = "when all batches are full" if full else "when the last batch is not full"
    finding = (
        f"The head losses add up to {short(abs(gap), 3)}% {'more' if gap > 0 else 'less'} than the total loss {when}."
        if (gap := full or short_last)
        else "The head losses add up to the total loss, whether the last batch is full or not."
    )
    return ClaimVerdict(answer, finding, _WHY, rows, kind="true" if answer == OPTIONS[1] else "false")


OPTIONS = ("always", "only if the last batch is full", "never")


def _weighted_sum(weights: tuple[float, ...], losses: Mapping[str, float]) -> float:
    return sum(weight * loss for weight, loss in zip(weights, losses.values(), strict=True))


def _gaps(experiment: Experiment, evidence: Fits) -> list[tuple[Fit, float]]:
    """Each fit, the visitor's kind first, with the sum of its head losses minus its total loss, in % of the total.

    It is 0 if round-off explains the difference.
    """
    weights, batch = experiment.training.loss_weights(experiment.architecture), experiment.training.batch
    found = []
    for fit in sorted(evidence.fits, key=lambda fit: fit.last == batch, reverse=not experiment.parts[0] % batch):
        gap = (_weighted_sum(weights, fit.logged) - fit.total) / max(abs(fit.total), 1e-30)
        found.append((fit, 0.0 if abs(gap) <= ROUND_OFF else 100 * gap))
    return found


_WHY = (
    "For the total loss, `fit` weights each batch by its number of sequences. For the head losses it takes the plain "
    "mean over the batches, so a small last batch counts as much as a full one. The trainer of Two Heads weights both "
    "by batch size, so its head losses add up to the total. In your own code, choose a batch size that divides the "
    "number of sequences, or call `evaluate` with all sequences in one batch. (Both rows: one epoch on random "
    "sequences, from the same weights. Each head loss is multiplied by its loss weight.)"
)


def code(experiment: Experiment) -> str:
    """Fit with a short last batch and with full batches; print the total loss and the sum of the head losses."""
    training = experiment.training
    weights = list(training.loss_weights(experiment.architecture))
    batch = training.batch
    ragged, full = sizes(experiment.parts[0], batch)
    lines = f"""\
keras.utils.set_random_seed({training.seed})
model = functional()
names = {[head.name for head in experiment.architecture.heads]}
weights, BATCH = {weights}, {batch}
losses = {[head.loss for head in experiment.architecture.heads]}
model.compile(optimizer={training.optimizer_source}, loss=losses, loss_weights=weights)
{x_line(experiment, max(ragged, full))}
{targets(experiment, max(ragged, full))}
SIZES = ({ragged}, {ragged % batch}), ({full}, {batch})  # sequences, and those in the last batch
{_MEASUREMENT}"""
    return script(experiment, lines, ("functional",))


_MEASUREMENT = """
model.optimizer.build(model.trainable_variables)
variables = model.variables + model.optimizer.variables
start = [variable.numpy() for variable in variables]
fits = []
for n, last in SIZES:
    for variable, value in zip(variables, start):
        variable.assign(value)
    seen = []  # after each batch: the means over all batches so far
    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(dict(logs)))
    logged = model.fit(
        x[:n], [y[:n] for y in heads], batch_size=BATCH, shuffle=False, verbose=0, callbacks=[watch]
    ).history
    weighted = {}  # the mean of the batch losses, weighted by batch size
    for name in names:
        means = [logs[f"{name}_loss"] for logs in seen]
        batches = np.diff(np.arange(1, len(means) + 1) * means, prepend=0)
        counts = [BATCH] * (len(means) - 1) + [last]
        weighted[name] = float(np.average(batches, weights=counts))
    by_head = {name: logged[f"{name}_loss"][0] for name in names}
    total = logged["loss"][0]
    fits.append({"sequences": n, "last": last, "total": total, "logged": by_head, "weighted": weighted})
    added = sum(w * by_head[name] for w, name in zip(weights, names))
    right = sum(w * weighted[name] for w, name in zip(weights, names))
    print(n, "sequences: total", total, "sum of the heads", added, "weighted by batch size", right)
"""


def _inapplicable_reason(experiment: Experiment) -> str | None:
    training = experiment.training
    train, _ = experiment.parts
    if len(experiment.architecture.heads) == 1:
        return "with a single head, `History` holds only the total loss"
    if training.batch == 1:
        return "with a batch size of 1, the last batch is never smaller than the others"
    if train <= training.batch:
        return f"all {train} training sequences fit into one batch of {training.batch}, so there is nothing to average"
    if not any(training.loss_weights(experiment.architecture)):
        return "all loss weights are 0, so the total loss is 0"
    return None


CLAIM = Claim(
    key="history_trap",
    number=11,
    title="Do the logged head losses always add up?",
    source="Two Heads",
    statement="Nobody in the thread mentions this: the head losses that `fit` logs need not add up to the total loss "
    "that it logs.",
    question="Do the head losses that `fit` logs add up to the total loss that it logs?",
    options=OPTIONS,
    replies=("yes", "no, only if the last batch is full", "no, never"),
    test=judge,
    code=code,
    evidence=Fits,
    inapplicable_reason=_inapplicable_reason,
)
