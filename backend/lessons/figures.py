"""The figures that an `expect` may name: each is a function of what a step shows, such as a run.

A figure has one value for each seed. A figure of a question on the page `lab` has one, of the recorded evidence. The
two sides of a run are styles or settings. `docs/lessons.md` lists the figures; a test compares the list with this one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from backend.experiment import Experiment
from backend.experiment.names import present_name
from backend.lab.compass import Step, steps
from backend.lab.gradients import Gradients, Pair, read_pair
from backend.lab.presets import PRESETS
from backend.lessons.figure import SEPARATOR, Argument, BadExpectation, Domain, Figure, Value
from backend.questions.claims import CLAIMS
from backend.questions.lab import QUESTIONS
from backend.questions.lab.beat import BeatSettings as Beat
from backend.questions.lab.beat import Difference, differences
from backend.questions.lab.conflict import ConflictSettings as Conflict
from backend.questions.lab.scale import METHODS as SCALE_METHODS
from backend.questions.lab.scale import SMALL
from backend.questions.lab.share import Change
from backend.questions.lab.share import ShareSettings as Share
from backend.questions.lab.unstuck import UnstuckSettings as Unstuck
from backend.questions.topologies import TOPOLOGIES
from backend.training.comparison import Comparison, compare
from backend.training.constant import baselines
from backend.training.result import SIDES, Epoch, Losses
from two_heads.weightings import AGGREGATORS

Measure = Callable[[Experiment, Any, str], Value]
#: Ends what is said of a figure of the losses that pages compare (`Losses.compared_total`).
WITHOUT = "the training loss if there are no validation sequences"

_SIDE = Argument("side", SIDES)
#: `backend.lessons.parser.checks` compares it with the heads of the step.
_HEAD = Argument("head", ())
_OF_HEAD = Argument("head", (), optional=True)
_CLAIM = Argument("key", tuple(key for key, claim in CLAIMS.items() if claim.measured))
_TOPOLOGY = Argument("key", tuple(TOPOLOGIES))
_QUESTION = Argument("key", tuple(QUESTIONS))
_NETWORK = Argument("network", Share().keys[1:])
_LEVEL = Argument("ρ", tuple(f"{rho:g}" for rho in Share().levels))
_RHO = Argument("ρ", tuple(f"{rho:g}" for rho in Conflict().rhos))
_COMPARED = Argument("method", Beat().methods)
_ARM = Argument("method", ("sum", *SCALE_METHODS))
_UNSTUCK = Argument("method", ("mean", *Unstuck().methods))
_SITUATION = Argument("situation", tuple(PRESETS))
_METHOD = Argument("method", tuple(AGGREGATORS))


def _from(low: float, high: float = math.inf) -> Callable[[str], Domain]:
    """The domain of a figure whose lowest and highest value no argument changes."""
    return lambda _: (low, high)


_ANY, _CHANGE, _NONE, _NUMBER = map(_from, (-math.inf, -1, 0, 1))
_SHARE, _COSINE = _from(0, 1), _from(-1, 1)


def _at_end(measure: Callable[[Experiment, list[Epoch], str], Value]) -> Measure:
    """A figure of the epochs in their order; NaN if the training was stopped before its last epoch."""

    def of(experiment: Experiment, epochs: Sequence[Epoch], argument: str) -> Value:
        ordered = sorted(epochs, key=lambda epoch: epoch.epoch)
        is_complete = bool(ordered) and ordered[-1].epoch == experiment.training.epochs
        return measure(experiment, ordered, argument) if is_complete else math.nan

    return of


def _of_tasks(measure: Callable[[Sequence[Comparison], str], float]) -> Measure:
    """A figure that compares the losses of each task on both sides; NaN if a total became NaN or infinite."""

    def of(experiment: Experiment, epochs: list[Epoch], head: str) -> float:
        if not math.isfinite(epochs[-1].left.total + epochs[-1].right.total):
            return math.nan
        return measure(compare(experiment, epochs), _of_now(head, experiment))

    return _at_end(of)


def _losses(epoch: Epoch, side: str) -> Losses:
    return epoch.left if side == SIDES[0] else epoch.right


def _total(side: str, experiment: Experiment, epochs: list[Epoch], _: str) -> float:
    return _losses(epochs[-1], side).compared_total


def _of_side(measure: Callable[[list[Losses], str], float]) -> Measure:
    """A figure of the losses of one side by epoch, of the total or of a head."""

    def of(experiment: Experiment, epochs: list[Epoch], argument: str) -> float:
        side, _, head = argument.partition(SEPARATOR)
        return measure([_losses(each, side) for each in epochs], _of_now(head, experiment))

    return _at_end(of)


def _of_now(head: str, experiment: Experiment) -> str:
    """The name that a head of the experiment has now; empty for none."""
    return present_name(head, [each.name for each in experiment.architecture.heads])


def _training(losses: Losses, head: str) -> float:
    return losses.heads.get(head, math.nan) if head else losses.total


def _validation(losses: Losses, head: str) -> float:
    value = losses.val_heads.get(head) if head else losses.val_total
    return math.nan if value is None else value


def _gap(losses: list[Losses], head: str) -> float:
    training = _training(losses[-1], head)
    return _validation(losses[-1], head) / training if training else math.nan


def _best_epoch(losses: list[Losses], head: str) -> float:
    """The epoch with the lowest validation loss, the first of equals; NaN without one that is finite."""
    values = [_validation(each, head) for each in losses]
    finite = [value for value in values if math.isfinite(value)]
    return values.index(min(finite)) + 1.0 if finite else math.nan


def _rise(losses: list[Losses], head: str) -> float:
    best = _best_epoch(losses, head)
    lowest = 0.0 if math.isnan(best) else _validation(losses[int(best) - 1], head)
    return _validation(losses[-1], head) / lowest - 1 if lowest else math.nan


def _dead(losses: list[Losses], _: str) -> float:
    return math.nan if losses[-1].dead is None else float(losses[-1].dead)


def _to_baseline(experiment: Experiment, epochs: list[Epoch], argument: str) -> float:
    side, _, name = argument.partition(SEPARATOR)
    head, known = _of_now(name, experiment), baselines(experiment)
    return _validation(_losses(epochs[-1], side), head) / known[head].loss if head in known else math.nan


def _of_pair(measure: Callable[[Gradients, Pair], float]) -> Measure:
    """A figure of the gradients of two heads; NaN if their training was stopped."""

    def of(experiment: Experiment, gradients: Gradients, argument: str) -> float:
        pair = read_pair(argument.replace(SEPARATOR, ","), gradients.heads)
        return measure(gradients, pair) if pair and not gradients.stopped else math.nan

    return of


def _cosine(gradients: Gradients, pair: Pair) -> float:
    known = [cosine for each in gradients.measurements if (cosine := each.cosine(pair)) is not None]
    return median(known) if known else math.nan


def _conflict_share(gradients: Gradients, pair: Pair) -> float:
    conflicting, comparable = gradients.counts([pair])
    return conflicting / comparable if comparable else math.nan


def _only(counts: set[int]) -> float:
    """The count, if it is the same for all styles."""
    return float(counts.pop()) if len(counts) == 1 else math.nan


def _step_ratio(experiment: Experiment, evidence: Any, _: str) -> float:
    ratio = evidence.points[0].ratio
    return ratio.median if ratio else math.nan


def _number_of(answer: str | None, options: Sequence[str]) -> float:
    """The number of an answer among the options, from 1."""
    return options.index(answer) + 1.0 if answer in options else math.nan


def _change(evidence: Any, argument: str) -> Change:
    network, rho = argument.split(SEPARATOR)
    change: Change = next(each for each in evidence.changes(network) if f"{each.relatedness:g}" == rho)
    return change


def _series(evidence: Any, rho: str) -> Any:
    return next(each for each in evidence.series if f"{each.rho:g}" == rho)


def _difference(evidence: Any, method: str) -> Difference:
    return next(each for each in differences(evidence) if each.entry.key == method)


def _word(outcome: str) -> str:
    """An outcome in one word, as an `expect` has it."""
    return outcome.replace(" ", "_")


def _step(argument: str) -> Step:
    """The step of a method in a situation of the compass."""
    situation, method = argument.split(SEPARATOR)
    return steps(PRESETS[situation].situation, [method])[0]


def _loss_of(head: int, experiment: Experiment, nothing: Any, argument: str) -> float:
    falls = _step(argument).falls
    return -falls[head] if head < len(falls) else math.nan


FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure(
            "ratio",
            f"the right style's total validation loss divided by the left one's, after the last epoch; {WITHOUT}",
            "run", _at_end(lambda _, epochs, __: epochs[-1].ratio),
        ),
        Figure(
            "first_ratio",
            f"the right style's total validation loss divided by the left one's, after the first epoch; {WITHOUT}",
            "run", lambda _, epochs, __: min(epochs, key=lambda epoch: epoch.epoch).ratio if epochs else math.nan,
        ),
        *(
            Figure(
                f"{side}_total", f"the {side} style's total validation loss after the last epoch; {WITHOUT}", "run",
                _at_end(partial(_total, side)),
            )
            for side in SIDES
        ),
        Figure(
            "task_ratio",
            "the right style's validation loss of a task divided by the left one's (before weighting, the geometric "
            f"mean over the tasks), after the last epoch; {WITHOUT}",
            "run", _of_tasks(lambda tasks, _: float(np.exp(np.mean(np.log([each.end for each in tasks]))))),
        ),
        Figure(
            "task_difference",
            "the largest difference between both styles' validation losses of a task in any epoch, as a share of the "
            f"larger one; {WITHOUT}",
            "run", _of_tasks(lambda tasks, _: max(each.difference for each in tasks)), domain=_NONE,
        ),
        Figure(
            "head_ratio",
            "the right style's validation loss of that head, before weighting, divided by the left one's, after the "
            f"last epoch; {WITHOUT}",
            "run", _of_tasks(lambda tasks, head: next((each.end for each in tasks if each.head == head), math.nan)),
            takes=(_HEAD,),
        ),
        Figure(
            "training", "the training loss of that side after the last epoch: its total, or the loss of that head",
            "run", _of_side(lambda losses, head: _training(losses[-1], head)), takes=(_SIDE, _OF_HEAD),
        ),
        Figure(
            "validation", "the validation loss of that side after the last epoch: its total, or the loss of that head",
            "run", _of_side(lambda losses, head: _validation(losses[-1], head)), takes=(_SIDE, _OF_HEAD),
        ),
        Figure(
            "baseline_ratio",
            "the validation loss of that side for that head divided by its baseline, after the last epoch: below 1, "
            "the network is better than a prediction that needs no network",
            "run", _at_end(_to_baseline), takes=(_SIDE, _HEAD),
        ),
        Figure(
            "gap", "the validation loss of that side divided by its training loss, after the last epoch", "run",
            _of_side(_gap), takes=(_SIDE, _OF_HEAD),
        ),
        Figure(
            "best_epoch", "the epoch with the lowest validation loss of that side", "run", _of_side(_best_epoch),
            takes=(_SIDE, _OF_HEAD), domain=_NUMBER,
        ),
        Figure(
            "validation_rise",
            "by which share the validation loss of that side lies above its lowest one, after the last epoch", "run",
            _of_side(_rise), takes=(_SIDE, _OF_HEAD), domain=_NONE,
        ),
        Figure(
            "dead_units",
            "the number of units in the shared Dense layers with ReLU of that side that are 0 for every training "
            "sequence, after the last epoch",
            "run", _of_side(_dead), takes=(_SIDE,), domain=_NONE,
        ),
        Figure(
            "cosine",
            "the cosine between the gradients of two heads in the shared layers, over all training sequences (the "
            "median over the epochs); a measurement of its own, in the style on the right",
            "gradients", _of_pair(_cosine), takes=(_HEAD, _HEAD), domain=_COSINE,
        ),
        Figure(
            "conflict_share", "the share of the batches of that training in which the gradients of two heads conflict",
            "gradients", _of_pair(_conflict_share), takes=(_HEAD, _HEAD), domain=_SHARE,
        ),
        Figure(
            "parameters", "the number of trainable parameters that Keras counts in every style", "claim",
            lambda _, evidence, __: _only({*evidence.parameters.values()}), of="parameters", domain=_NUMBER,
        ),
        Figure(
            "connections", "the connected pairs of neuron and output unit, equal in every style", "claim",
            lambda _, evidence, __: _only({sum(heads.values()) for heads in evidence.connected.values()}),
            of="fully_connected", domain=_NONE,
        ),
        Figure(
            "output_difference",
            "the largest difference in what both styles return with equal weights, as a share of the largest number",
            "claim",
            lambda _, evidence, __: max(float(each.difference / each.output) for each in evidence.batches.values()),
            of="same_function", domain=_NONE,
        ),
        Figure(
            "loss_ratio", "Functional's total loss divided by Sequential's, at the same weights", "claim",
            lambda _, evidence, __: float(evidence.yours.loss), of="averaged_summed",
        ),
        Figure(
            "gradient_ratio", "the same for the gradient of the trunk: the factor that fits best", "claim",
            lambda _, evidence, __: float(evidence.yours.gradient), of="averaged_summed",
        ),
        Figure(
            "step_ratio", "the time of a train step in Functional divided by that in Sequential (the median)", "claim",
            _step_ratio, of="speed",
        ),
        Figure(
            "claim", "the verdict on the claim with that key", "claim",
            lambda experiment, evidence, key: CLAIMS[key].judge(experiment, evidence).kind,
            words=("true", "false", "undecided"), takes=(_CLAIM,),
        ),
        Figure(
            "answer", "the measured answer to the question of the claim with that key: 1 for its first option, 2 for "
            "its second", "claim",
            lambda experiment, evidence, key: _number_of(
                CLAIMS[key].judge(experiment, evidence).answer, CLAIMS[key].options
            ),
            takes=(_CLAIM,),
            domain=lambda key: (1, len(CLAIMS[key].options)),
        ),
        Figure(
            "refused", "whether Keras refuses the Sequential attempt at the topology with that key", "topology",
            lambda _, inspection, __: "false" if inspection.error is None else "true", words=("true", "false"),
            takes=(_TOPOLOGY,),
        ),
        Figure(
            "recorded", "the answer to the question with that key: 1 for its first option, 2 for its "
            "second, and so on", "question",
            lambda _, evidence, key: _number_of(QUESTIONS[key].test(evidence).answer, QUESTIONS[key].options),
            takes=(_QUESTION,),
            domain=lambda key: (1, len(QUESTIONS[key].options)),
        ),
        Figure(
            "sharing", "how a network that shares compares with separate networks at that relatedness", "question",
            lambda _, evidence, argument: _word(_change(evidence, argument).finding), of="share",
            words=("better", "worse", "no_difference", "cannot_tell"), takes=(_NETWORK, _LEVEL),
        ),
        Figure(
            "sharing_change", "by which share its loss differs from that of separate networks (the median over the "
            "seeds); negative is better", "question", lambda _, evidence, argument: _change(evidence, argument).median,
            of="share", takes=(_NETWORK, _LEVEL), domain=_CHANGE,
        ),
        Figure(
            "conflicts", "the share of the batches in which two heads conflict at that relatedness, after the start "
            "(the median over the seeds)", "question",
            lambda _, evidence, rho: float(_series(evidence, rho).of_seeds.median), of="conflict",
            takes=(_RHO,), domain=_SHARE,
        ),
        Figure(
            "conflicts_at_start", "the same at the start of the training", "question",
            lambda _, evidence, rho: float(np.median([rates[0] for rates in _series(evidence, rho).rates])),
            of="conflict", takes=(_RHO,), domain=_SHARE,
        ),
        Figure(
            "against_weights", "how a method compares with tuned fixed weights", "question",
            lambda _, evidence, method: _word(_difference(evidence, method).outcome), of="beat",
            words=("better", "worse", "no_difference", "not_better", "cannot_tell"), takes=(_COMPARED,),
        ),
        Figure(
            "weights_change", "by which share the losses with that method differ from those with tuned fixed weights "
            "(the mean over the heads, the median over the seeds); negative is better", "question",
            lambda _, evidence, method: _difference(evidence, method).seeds.median, of="beat", takes=(_COMPARED,),
            domain=_CHANGE,
        ),
        Figure(
            "against_alone", "the loss of the head on the smaller scale, with that way of combining, divided by its "
            "loss when it trains alone (the median over the seeds)", "question",
            lambda _, evidence, method: float(evidence.ratio(method, SMALL).median), of="scale",
            takes=(_ARM,),
        ),
        Figure(
            "reached", "the number of starts from which that method gets unstuck and ends on the front", "question",
            lambda _, evidence, method: next(float(len(each.reached)) for each in evidence.runs if each.key == method),
            of="unstuck", takes=(_UNSTUCK,), domain=_NONE,
        ),
        Figure(
            "rises", "the number of heads whose loss rises with the method's step in that situation of the compass",
            "compass", lambda _, __, argument: float(_step(argument).signs().count(-1)), takes=(_SITUATION, _METHOD),
            domain=_NONE,
        ),
        *(
            Figure(
                f"loss_{head}", f"the change of head {head.upper()}'s loss there, to first order", "compass",
                partial(_loss_of, i), takes=(_SITUATION, _METHOD), domain=_ANY,
            )
            for i, head in enumerate("abc")
        ),
    )
}  # fmt: skip


def find(name: str, argument: str = "") -> Figure:
    """The figure of that name. Raises BadExpectation for an unknown name, or an argument that is wrong."""
    figure = FIGURES.get(name)
    if figure is None:
        raise BadExpectation(f"there is no figure “{name[:40]}”; the figures are {', '.join(FIGURES)}.")
    arguments = argument.split(SEPARATOR) if argument else []
    for position, expected in enumerate(figure.takes):
        given = arguments[position] if position < len(arguments) else ""
        if expected.optional and not given:
            continue
        if not given and not expected.known:
            raise BadExpectation(f"{name} takes a {expected.written}, as in {figure.written}.")
        if expected.known and given not in expected.known:
            instead = f"“{given[:40]}”" if given else "nothing"
            raise BadExpectation(f"{name} takes a {expected.written} ({', '.join(expected.known)}), not {instead}.")
    if len(arguments) > len(figure.takes):
        what = f"only {figure.written}" if figure.takes else "nothing between parentheses"
        raise BadExpectation(f"{name} takes {what}.")
    return figure
