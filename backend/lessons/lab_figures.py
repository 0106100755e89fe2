"""The figures of the Lab: of the evidence of its questions, and of the compass."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from backend.experiment import Experiment
from backend.lab.compass import steps
from backend.lab.presets import PRESETS
from backend.lessons.figure import SEPARATOR, Argument, Figure, Value
from backend.questions.lab import QUESTIONS
from backend.questions.lab.beat.compare import differences
from backend.questions.lab.beat.evidence import Settings as Beat
from backend.questions.lab.conflict.evidence import Settings as Conflict
from backend.questions.lab.scale.evidence import METHODS as SCALE_METHODS
from backend.questions.lab.share.evidence import Change
from backend.questions.lab.share.evidence import Settings as Share
from backend.questions.lab.unstuck import Settings as Unstuck
from two_heads.weightings import AGGREGATORS

_QUESTION = Argument("key", "the key of a question of the Lab", tuple(QUESTIONS))
_NETWORK = Argument("network", "the key of a network", Share().keys[1:])
_LEVEL = Argument("ρ", "a relatedness", tuple(f"{rho:g}" for rho in Share().levels))
_RHO = Argument("ρ", "a relatedness", tuple(f"{rho:g}" for rho in Conflict().rhos))
_COMPARED = Argument("method", "the key of a method", Beat().methods)
_ARM = Argument("method", "a way of combining", ("sum", *SCALE_METHODS))
_UNSTUCK = Argument("method", "the key of a method", ("mean", *Unstuck().methods))
_SITUATION = Argument("situation", "the key of a situation", tuple(PRESETS))
_METHOD = Argument("method", "the key of a method", tuple(AGGREGATORS))


def _recorded(experiment: Experiment, evidence: Any, key: str) -> float:
    question = QUESTIONS[key]
    answer = question.judge(evidence).answer
    return question.options.index(answer) + 1.0 if answer in question.options else math.nan


def _change(evidence: Any, argument: str) -> Change:
    network, rho = argument.split(SEPARATOR)
    change: Change = next(each for each in evidence.changes(network) if f"{each.relatedness:g}" == rho)
    return change


def _sharing(experiment: Experiment, evidence: Any, argument: str) -> str:
    return _word(_change(evidence, argument).finding)


def _sharing_change(experiment: Experiment, evidence: Any, argument: str) -> float:
    return _change(evidence, argument).median


def _conflicts(experiment: Experiment, evidence: Any, rho: str) -> float:
    return float(np.median(_series(evidence, rho).of_seeds("rates")))


def _conflicts_at_start(experiment: Experiment, evidence: Any, rho: str) -> float:
    return float(np.median([rates[0] for rates in _series(evidence, rho).rates]))


def _series(evidence: Any, rho: str) -> Any:
    return next(each for each in evidence.series if f"{each.rho:g}" == rho)


def _against_weights(experiment: Experiment, evidence: Any, method: str) -> str:
    return _word(next(each.outcome for each in differences(evidence) if each.entry.key == method))


def _word(outcome: str) -> str:
    """An outcome in one word, as an `expect` has it."""
    return outcome.replace(" ", "_")


def _rises(experiment: Experiment, nothing: Any, argument: str) -> float:
    situation, method = argument.split(SEPARATOR)
    return float(steps(PRESETS[situation].situation, [method])[0].signs().count(-1))


def _loss_of(head: int) -> Callable[[Experiment, Any, str], Value]:
    def change(experiment: Experiment, nothing: Any, argument: str) -> Value:
        situation, method = argument.split(SEPARATOR)
        falls = steps(PRESETS[situation].situation, [method])[0].falls
        return -falls[head] if head < len(falls) else math.nan

    return change


def _against_alone(experiment: Experiment, evidence: Any, method: str) -> float:
    ratio = evidence.ratio(method, evidence.worst())
    return ratio.median if ratio else math.nan


def _weights_change(experiment: Experiment, evidence: Any, method: str) -> float:
    return next(each.median for each in differences(evidence) if each.entry.key == method)


def _reached(experiment: Experiment, evidence: Any, method: str) -> float:
    return float(next(len(each.reached) for each in evidence.runs if each.key == method))


LAB_FIGURES: tuple[Figure, ...] = (
    Figure(
        "recorded", "the answer to the question of the Lab with that key: 1 for its first option, 2 for its "
        "second, and so on", "question", _recorded, takes=(_QUESTION,),
    ),
    Figure(
        "sharing", "how a network that shares compares with separate networks at that relatedness", "question",
        _sharing, of="share", words=("better", "worse", "no_difference", "cannot_tell"), takes=(_NETWORK, _LEVEL),
    ),
    Figure(
        "sharing_change", "by which share its loss differs from that of separate networks (the median over the "
        "seeds); negative is better", "question", _sharing_change, of="share", takes=(_NETWORK, _LEVEL),
    ),
    Figure(
        "conflicts", "the share of the batches in which two heads conflict at that relatedness, after the start "
        "(the median over the seeds)", "question", _conflicts, of="conflict", takes=(_RHO,),
    ),
    Figure(
        "conflicts_at_start", "the same at the start of the training", "question", _conflicts_at_start,
        of="conflict", takes=(_RHO,),
    ),
    Figure(
        "against_weights", "how a method compares with tuned fixed weights", "question", _against_weights,
        of="beat", words=("better", "worse", "no_difference", "not_better", "cannot_tell"), takes=(_COMPARED,),
    ),
    Figure(
        "weights_change", "by which share the losses with that method differ from those with tuned fixed weights (the "
        "mean over the heads, the median over the seeds); negative is better", "question", _weights_change, of="beat",
        takes=(_COMPARED,),
    ),
    Figure(
        "against_alone", "the loss of the head that the sum harms most, with that way of combining, divided by its "
        "loss when it trains alone (the median over the seeds)", "question", _against_alone, of="scale",
        takes=(_ARM,),
    ),
    Figure(
        "reached", "the number of starts from which that method gets unstuck and ends on the front", "question",
        _reached, of="unstuck", takes=(_UNSTUCK,),
    ),
    Figure(
        "rises", "the number of heads whose loss rises with the method's step in that situation of the compass",
        "compass", _rises, takes=(_SITUATION, _METHOD),
    ),
    *(
        Figure(
            f"loss_{head}", f"the change of head {head.upper()}'s loss there, to first order", "compass",
            _loss_of(i), takes=(_SITUATION, _METHOD),
        )
        for i, head in enumerate("abc")
    ),
)  # fmt: skip
