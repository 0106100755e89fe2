"""The figures of a run: of its totals, its validation and its heads. Its two sides are styles or settings.

A figure of a side takes `left` or `right`, and the name of a head for the loss of this head in place of the total.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from backend.experiment import Experiment
from backend.experiment.names import present_name
from backend.lab.gradients import Gradients, Pair, read_pair
from backend.lessons.figure import SEPARATOR, Argument, Figure, Value
from backend.training.comparison import compare
from backend.training.constant import baselines
from backend.training.result import SIDES, Epoch, Losses

_SIDE = Argument("side", "a side of the run", SIDES)
#: `backend.lessons.parser.checks` compares it with the heads of the step.
HEAD = Argument("head", "the name of a head", ())
_OF_HEAD = Argument("head", "the name of a head", (), optional=True)
Row = Sequence[Epoch]
#: Ends what is said of a figure of the losses that pages compare (`Losses.compared_total`).
WITHOUT = "the training loss if there are no validation sequences"


def _last(epochs: Row) -> Epoch:
    return max(epochs, key=lambda epoch: epoch.epoch)


def _first(epochs: Row) -> Epoch:
    return min(epochs, key=lambda epoch: epoch.epoch)


def _ratio(experiment: Experiment, epochs: Row, _: str) -> float:
    return _last(epochs).ratio if _complete(experiment, epochs) else math.nan


def _first_ratio(experiment: Experiment, epochs: Row, _: str) -> float:
    return _first(epochs).ratio if epochs else math.nan


def _left_total(experiment: Experiment, epochs: Row, _: str) -> float:
    return _last(epochs).left.compared_total if _complete(experiment, epochs) else math.nan


def _right_total(experiment: Experiment, epochs: Row, _: str) -> float:
    return _last(epochs).right.compared_total if _complete(experiment, epochs) else math.nan


def _task_ratio(experiment: Experiment, epochs: Row, _: str) -> float:
    """The geometric mean over the tasks; NaN if the run was stopped, or if its total loss became NaN or infinite."""
    ratios = [each.end for each in compare(experiment, epochs)] if _ended(experiment, epochs) else [math.nan]
    return float(np.exp(np.mean(np.log(ratios))))


def _task_difference(experiment: Experiment, epochs: Row, _: str) -> float:
    return max(each.difference for each in compare(experiment, epochs)) if _ended(experiment, epochs) else math.nan


def _head_ratio(experiment: Experiment, epochs: Row, head: str) -> float:
    if not _ended(experiment, epochs):
        return math.nan
    name = _of_now(head, experiment)
    return next((each.end for each in compare(experiment, epochs) if each.head == name), math.nan)


def _of_now(head: str, experiment: Experiment) -> str:
    """The name that a head of the experiment has now; empty for none."""
    return present_name(head, [each.name for each in experiment.architecture.heads])


def _complete(experiment: Experiment, epochs: Row) -> bool:
    """Whether the training was not stopped before its last epoch."""
    return bool(epochs) and _last(epochs).epoch == experiment.training.epochs


def _ended(experiment: Experiment, epochs: Row) -> bool:
    if not _complete(experiment, epochs):
        return False
    last = _last(epochs)
    return math.isfinite(last.left.total + last.right.total)


def _training(losses: Losses, head: str) -> float:
    return losses.heads.get(head, math.nan) if head else losses.total


def _validation(losses: Losses, head: str) -> float:
    value = losses.val_heads.get(head) if head else losses.val_total
    return math.nan if value is None else value


def _of_side(measure: Callable[[list[Losses], str], float]) -> Callable[[Experiment, Row, str], Value]:
    """A figure of the losses of one side by epoch, in their order; NaN if the run did not reach its last epoch."""

    def of(experiment: Experiment, epochs: Row, argument: str) -> float:
        side, _, head = argument.partition(SEPARATOR)
        if not _complete(experiment, epochs):
            return math.nan
        losses = [getattr(each, side) for each in sorted(epochs, key=lambda epoch: epoch.epoch)]
        return measure(losses, _of_now(head, experiment))

    return of


def _best(losses: list[Losses], head: str) -> int:
    """The position of the lowest validation loss, the first of equals; -1 without one that is finite."""
    values = [_validation(each, head) for each in losses]
    finite = [value for value in values if math.isfinite(value)]
    return values.index(min(finite)) if finite else -1


def _to_baseline(experiment: Experiment, epochs: Row, argument: str) -> float:
    side, _, name = argument.partition(SEPARATOR)
    head = _of_now(name, experiment)
    known = baselines(experiment) if _complete(experiment, epochs) else {}
    return _validation(getattr(_last(epochs), side), head) / known[head].loss if head in known else math.nan


def _gap(losses: list[Losses], head: str) -> float:
    training = _training(losses[-1], head)
    return _validation(losses[-1], head) / training if training else math.nan


def _best_epoch(losses: list[Losses], head: str) -> float:
    best = _best(losses, head)
    return math.nan if best < 0 else best + 1.0


def _rise(losses: list[Losses], head: str) -> float:
    best = _best(losses, head)
    lowest = _validation(losses[best], head) if best >= 0 else 0.0
    return _validation(losses[-1], head) / lowest - 1 if lowest else math.nan


def _dead(losses: list[Losses], _: str) -> float:
    return math.nan if losses[-1].dead is None else float(losses[-1].dead)


def _figure(name: str, says: str, measure: Callable[[list[Losses], str], float]) -> Figure:
    return Figure(name, says, "run", _of_side(measure), takes=(_SIDE, _OF_HEAD))


def _pair(gradients: Gradients, argument: str) -> Pair | None:
    return read_pair(argument.replace(SEPARATOR, ","), gradients.heads)


def _cosine(experiment: Experiment, gradients: Gradients, argument: str) -> float:
    pair = _pair(gradients, argument)
    cosines = [each.cosine(pair) for each in gradients.measurements] if pair else []
    known = [cosine for cosine in cosines if cosine is not None]
    return float(np.median(known)) if known and gradients.stopped is None else math.nan


def _conflict_share(experiment: Experiment, gradients: Gradients, argument: str) -> float:
    pair = _pair(gradients, argument)
    conflicting, comparable = gradients.counts([pair]) if pair else (0, 0)
    return conflicting / comparable if comparable and gradients.stopped is None else math.nan


RUN_FIGURES: tuple[Figure, ...] = (
    Figure(
        "ratio", f"the right style's total validation loss divided by the left one's, after the last epoch; {WITHOUT}",
        "run", _ratio,
    ),
    Figure(
        "first_ratio",
        f"the right style's total validation loss divided by the left one's, after the first epoch; {WITHOUT}",
        "run", _first_ratio,
    ),
    Figure(
        "left_total", f"the left style's total validation loss after the last epoch; {WITHOUT}", "run", _left_total
    ),
    Figure(
        "right_total", f"the right style's total validation loss after the last epoch; {WITHOUT}", "run", _right_total
    ),
    Figure(
        "task_ratio",
        "the right style's validation loss of a task divided by the left one's (before weighting, the geometric mean "
        f"over the tasks), after the last epoch; {WITHOUT}",
        "run", _task_ratio,
    ),
    Figure(
        "task_difference",
        "the largest difference between both styles' validation losses of a task in any epoch, as a share of the "
        f"larger one; {WITHOUT}",
        "run", _task_difference,
    ),
    Figure(
        "head_ratio",
        "the right style's validation loss of that head, before weighting, divided by the left one's, after the last "
        f"epoch; {WITHOUT}",
        "run", _head_ratio, takes=(HEAD,),
    ),
    _figure(
        "training", "the training loss of that side after the last epoch: its total, or the loss of that head",
        lambda losses, head: _training(losses[-1], head),
    ),
    _figure(
        "validation", "the validation loss of that side after the last epoch: its total, or the loss of that head",
        lambda losses, head: _validation(losses[-1], head),
    ),
    Figure(
        "baseline_ratio",
        "the validation loss of that side for that head divided by its baseline, after the last epoch: below 1, the "
        "network is better than a prediction that needs no network",
        "run", _to_baseline, takes=(_SIDE, HEAD),
    ),
    _figure(
        "gap", "the validation loss of that side divided by its training loss, after the last epoch", _gap
    ),
    _figure(
        "best_epoch", "the epoch with the lowest validation loss of that side", _best_epoch,
    ),
    _figure(
        "validation_rise",
        "by which share the validation loss of that side lies above its lowest one, after the last epoch", _rise,
    ),
    Figure(
        "dead_units",
        "the number of units in the shared Dense layers with ReLU of that side that are 0 for every training sequence, "
        "after the last epoch",
        "run", _of_side(_dead), takes=(_SIDE,),
    ),
    Figure(
        "cosine",
        "the cosine between the gradients of two heads in the shared layers, over all training sequences (the median "
        "over the epochs); a measurement of its own, in the style on the right",
        "gradients", _cosine, takes=(HEAD, HEAD),
    ),
    Figure(
        "conflict_share", "the share of the batches of that training in which the gradients of two heads conflict",
        "gradients", _conflict_share, takes=(HEAD, HEAD),
    ),
)  # fmt: skip
