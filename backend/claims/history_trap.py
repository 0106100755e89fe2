"""Claim 11: the per-head losses in Keras's `History` need not add up to its total."""

from __future__ import annotations

import math
from collections.abc import Mapping

from backend.claims.base import Claim, Measured, Verdict, both, x_line
from backend.claims.recipes import losses, targets
from backend.experiment import Experiment

#: A gap, as a share of the total, that float32 round-off explains.
ROUND_OFF = 1e-5

#: Batches of one epoch at most: the fewer, the more the short one counts.
MAX_BATCHES = 16


class Fit(Measured):
    """One epoch: how many `sequences`, the size of the `last` batch, and the `total` that `fit` logged.

    By head's name the loss that `fit` `logged`, and the mean of its batches' losses `weighted` by their sizes.
    """

    sequences: int
    last: int
    total: float
    logged: dict[str, float]
    weighted: dict[str, float]


class Fits(Measured):
    """`fits`: one epoch each from the same weights, with a short last batch and with full batches alone."""

    fits: tuple[Fit, ...]


def sizes(train: int, batch: int) -> tuple[int, int]:
    """Numbers of sequences to fit, the first with a short last batch, the second a multiple of `batch`.

    The one of the visitor's own kind ends as their `train` sequences do. There must be more of them than one batch
    holds.
    """
    full = min(train // batch, MAX_BATCHES) * batch
    return (full + train % batch if train % batch else full - batch + max(1, batch // 8)), full


def judge(experiment: Experiment, evidence: Fits) -> Verdict:
    """Add up the logged losses of each fit; the visitor's own number of sequences decides between true and true if."""
    weights = experiment.training.loss_weights(experiment.architecture)
    batch = experiment.training.batch
    train, _ = experiment.training.split(experiment.sequences.samples)
    ragged = next(fit for fit in evidence.fits if fit.last < batch)
    full = next(fit for fit in evidence.fits if fit.last == batch)
    fits = (ragged, full) if train % batch else (full, ragged)  # the visitor's own kind first
    if not all(math.isfinite(fit.total) for fit in fits):
        why = f"the loss leaves the numbers at learning rate {experiment.training.learning_rate:g}"
        return Verdict("does not apply", f"Nothing to add up: {why}.", "")
    rows = [
        {
            "sequences": f"{fit.sequences:,}",
            "last batch": f"{fit.last} of {batch}",
            "total that `fit` logs": f"{fit.total:.6f}",
            "its heads' losses, added": f"{_added(weights, fit.logged):.6f}",
            "the same, weighted by sequences": f"{_added(weights, fit.weighted):.6f}",
        }
        for fit in fits
    ]
    why = _why(experiment)
    if _gap(weights, ragged) <= ROUND_OFF:
        return Verdict("false", "The heads' losses add up to the total, also with a smaller last batch.", why, rows)
    logged = _added(weights, ragged.logged)
    trap = (
        f"with {ragged.sequences:,} sequences in batches of {batch} the last batch holds {ragged.last}, and the "
        f"heads' losses add up to {logged:.4f} where the total is {ragged.total:.4f}"
    )
    if ragged is fits[0] or _gap(weights, full) > ROUND_OFF:
        return Verdict("true", f"{trap[0].upper()}{trap[1:]}.", why, rows)
    finding = (
        f"True only if the last batch is smaller. Your {train:,} sequences fill all batches of {batch}, "
        f"and the sums agree; {trap}."
    )
    return Verdict("true if", finding, why, rows)


def _added(weights: tuple[float, ...], losses: Mapping[str, float]) -> float:
    return math.fsum(weight * loss for weight, loss in zip(weights, losses.values(), strict=True))


def _gap(weights: tuple[float, ...], fit: Fit) -> float:
    return abs(_added(weights, fit.logged) - fit.total) / max(abs(fit.total), 1e-30)


def _why(experiment: Experiment) -> str:
    weighted = "" if experiment.training.combine == "sum" else " (each times its loss weight)"
    return (
        "`fit` weights the batches' total losses by the number of sequences in each, but takes the plain mean over "
        f"batches for each head{weighted}. A small last batch then counts for a head as much as a full one. The "
        "trainer of Two Heads weights both by sequences, so its curves add up. In your own code choose a batch that "
        "divides the sequences, or read each head's loss from `evaluate` with one batch. (One epoch each, from the "
        "same weights, of random sequences.)"
    )


def code(experiment: Experiment) -> str:
    """Fit with a short last batch and with full ones; print the total beside the sum of the heads."""
    training = experiment.training
    weights = list(training.loss_weights(experiment.architecture))
    batch = training.batch
    short, full = sizes(training.split(experiment.sequences.samples)[0], batch)
    return both(
        experiment,
        f"keras.utils.set_random_seed({training.seed})",
        "model = functional()",
        f"names = {[head.name for head in experiment.architecture.heads]}",
        f"weights = {weights}",
        f"model.compile(optimizer={training.optimizer_source}, loss={losses(experiment)}, loss_weights=weights)",
        "model.optimizer.build(model.trainable_variables)",
        "variables = model.variables + model.optimizer.variables",
        "start = [variable.numpy() for variable in variables]",
        x_line(experiment, max(short, full)),
        *targets(experiment, max(short, full)),
        "",
        "fits = []",
        f"for n, last in (({short}, {short % batch}), ({full}, {batch})):  # sequences, and those in the last batch",
        "    for variable, value in zip(variables, start):",
        "        variable.assign(value)",
        "    seen = []  # after each batch: the means over the batches so far",
        "    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(dict(logs)))",
        "    logged = model.fit(",
        f"        x[:n], [y[:n] for y in heads], batch_size={batch}, shuffle=False, verbose=0, callbacks=[watch]",
        "    ).history",
        "    weighted = {}  # each batch's own loss, averaged by the sequences in it",
        "    for name in names:",
        '        means = [logs[f"{name}_loss"] for logs in seen]',
        "        batches = np.diff(np.arange(1, len(means) + 1) * means, prepend=0)",
        f"        counts = [{batch}] * (len(means) - 1) + [last]",
        "        weighted[name] = float(np.average(batches, weights=counts))",
        '    by_head = {name: logged[f"{name}_loss"][0] for name in names}',
        '    total = logged["loss"][0]',
        '    fits.append({"sequences": n, "last": last, "total": total, "logged": by_head, "weighted": weighted})',
        "    added = sum(w * by_head[name] for w, name in zip(weights, names))",
        "    right = sum(w * weighted[name] for w, name in zip(weights, names))",
        '    print(n, "sequences: total", total, "heads added", added, "weighted by sequences", right)',
        styles=("functional",),
    )


def _applies(experiment: Experiment) -> str | None:
    training = experiment.training
    train, _ = training.split(experiment.sequences.samples)
    if len(experiment.architecture.heads) == 1:
        return "one head has one loss, and Keras logs no other"
    if training.batch == 1:
        return "a batch of one sequence is never cut short"
    if train <= training.batch:
        return f"a batch of {training.batch} holds all {train} training sequences, and one batch is its own mean"
    if not any(training.loss_weights(experiment.architecture)):
        return "all loss weights are 0, and so is the total"
    return None


CLAIM = Claim(
    key="history_trap",
    number=11,
    title="The trap in History",
    source="the small print",
    statement="What nobody in the thread mentions: the losses that `fit` logs for each head need not add up to its total.",
    question="Add up the heads' losses that `fit` logs: is it the total that it logs?",
    options=("always", "only if the batches divide the sequences", "never"),
    judge=judge,
    code=code,
    evidence=Fits,
    inapplicable_reason=_applies,
)
