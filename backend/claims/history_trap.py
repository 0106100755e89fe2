"""Claim 11: the per-head losses in Keras's `History` need not add up to its total."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from backend.claims.base import Claim, Evidence, Verdict, both, x_line
from backend.claims.recipes import losses, targets
from backend.experiment import Experiment

#: A gap, as a share of the total, that float32 round-off explains.
ROUND_OFF = 1e-5


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Add up the logged losses of each fit; the visitor's own number of sequences decides between true and true if."""
    weights = experiment.training.loss_weights(experiment.architecture)
    fits: list[Mapping[str, Any]] = evidence["fits"]
    batch = evidence["batch"]
    if not all(math.isfinite(fit["total"]) for fit in fits):
        why = f"the loss leaves the numbers at learning rate {experiment.training.learning_rate:g}"
        return Verdict("does not apply", f"Nothing to add up: {why}.", "")
    rows = [
        {
            "sequences": f"{fit['sequences']:,}",
            "last batch": f"{fit['last']} of {batch}",
            "total that `fit` logs": f"{fit['total']:.6f}",
            "its heads' losses, added": f"{_added(weights, fit['logged']):.6f}",
            "the same, weighted by sequences": f"{_added(weights, fit['weighted']):.6f}",
        }
        for fit in fits
    ]
    ragged = next(fit for fit in fits if fit["last"] < batch)
    full = next(fit for fit in fits if fit["last"] == batch)
    why = _why(experiment)
    if _gap(weights, ragged) <= ROUND_OFF:
        return Verdict("false", "The heads' losses add up to the total, also with a smaller last batch.", why, rows)
    logged = _added(weights, ragged["logged"])
    trap = (
        f"with {ragged['sequences']:,} sequences in batches of {batch} the last batch holds {ragged['last']}, and the "
        f"heads' losses add up to {logged:.4f} where the total is {ragged['total']:.4f}"
    )
    if ragged is fits[0] or _gap(weights, full) > ROUND_OFF:
        return Verdict("true", f"{trap[0].upper()}{trap[1:]}.", why, rows)
    finding = (
        f"True only if the last batch is smaller. Your {evidence['train']:,} sequences fill all batches of {batch}, "
        f"and the sums agree; {trap}."
    )
    return Verdict("true if", finding, why, rows)


def _added(weights: tuple[float, ...], losses: Mapping[str, float]) -> float:
    return math.fsum(weight * loss for weight, loss in zip(weights, losses.values(), strict=True))


def _gap(weights: tuple[float, ...], fit: Mapping[str, Any]) -> float:
    total: float = fit["total"]
    return abs(_added(weights, fit["logged"]) - total) / max(abs(total), 1e-30)


def _why(experiment: Experiment) -> str:
    weighted = "" if experiment.training.combine == "sum" else " (each times its loss weight)"
    return (
        "`fit` weights the batches' total losses by the number of sequences in each, but takes the plain mean over "
        f"batches for each head{weighted}. A small last batch then counts for a head as much as a full one. The "
        "trainer of Two Heads weights both by sequences, so its curves add up. In your own code choose a batch that "
        "divides the sequences, or read each head's loss from `evaluate` with one batch. (One epoch each, from the "
        "same weights, of your first sequences.)"
    )


def code(experiment: Experiment) -> str:
    """Fit with full batches and with a short one; print the total beside the sum of the heads."""
    training = experiment.training
    weights = list(training.loss_weights(experiment.architecture))
    names = [head.name for head in experiment.architecture.heads]
    batch = training.batch
    short = 3 * batch + max(1, batch // 8)
    return both(
        experiment,
        "model = functional()",
        f"weights = {weights}",
        f"model.compile(optimizer={training.optimizer_source}, loss={losses(experiment)}, loss_weights=weights)",
        x_line(experiment, short),
        *targets(experiment, short),
        f"for n in ({3 * batch}, {short}):",
        f"    logged = model.fit(x[:n], [y[:n] for y in heads], batch_size={batch}, shuffle=False, verbose=0).history",
        f'    parts = [w * logged[f"{{name}}_loss"][0] for w, name in zip(weights, {names})]',
        '    print(n, "sequences: total", logged["loss"][0], "heads added", sum(parts))',
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
    who="the small print",
    says="What nobody in the thread mentions: the losses that `fit` logs for each head need not add up to its total.",
    asks="Add up the heads' losses that `fit` logs: is it the total that it logs?",
    answers=("always", "only if the batches divide the sequences", "never"),
    judge=judge,
    code=code,
    applies=_applies,
)
