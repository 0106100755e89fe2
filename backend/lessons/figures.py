"""The figures that an `expect` may name: each is a function of what a step shows, such as a run.

A figure has one value for each seed. A figure of a question of the Lab has one for the recorded evidence, and one for
the evidence that the check measures. `docs/lessons.md` lists the figures; a test compares the list with this one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backend.experiment import Experiment
from backend.lessons.figure import SEPARATOR, Argument, Figure
from backend.lessons.lab_figures import LAB_FIGURES
from backend.lessons.run_figures import RUN_FIGURES
from backend.questions.claims import CLAIMS
from backend.questions.topologies import TOPOLOGIES

_CLAIM = Argument("key", "the key of a claim", tuple(key for key, claim in CLAIMS.items() if claim.measured))
_TOPOLOGY = Argument("key", "the key of a topology", tuple(TOPOLOGIES))


def _parameters(experiment: Experiment, evidence: Any, _: str) -> float:
    counts = set(evidence.parameters.values())
    return float(counts.pop()) if len(counts) == 1 else math.nan


def _connections(experiment: Experiment, evidence: Any, _: str) -> float:
    counts = {sum(heads.values()) for heads in evidence.connected.values()}
    return float(counts.pop()) if len(counts) == 1 else math.nan


def _output_difference(experiment: Experiment, evidence: Any, _: str) -> float:
    return max(float(batch.difference / batch.output) for batch in evidence.batches.values())


def _loss_ratio(experiment: Experiment, evidence: Any, _: str) -> float:
    return float(evidence.yours.loss)


def _gradient_ratio(experiment: Experiment, evidence: Any, _: str) -> float:
    ratios = [row.ratio for row in evidence.yours.gradients.values() if math.isfinite(row.ratio)]
    return float(np.median(ratios)) if ratios else math.nan


def _step_ratio(experiment: Experiment, evidence: Any, _: str) -> float:
    seconds = {key: timing.seconds for key, timing in evidence.styles.items()}
    if "sequential" not in seconds:
        return math.nan
    pairs = zip(seconds["functional"], seconds["sequential"], strict=True)
    return float(np.median([above / below for above, below in pairs]))


def _claim(experiment: Experiment, evidence: Any, key: str) -> str:
    return CLAIMS[key].judge(experiment, evidence).kind


def _answer(experiment: Experiment, evidence: Any, key: str) -> float:
    claim = CLAIMS[key]
    answer = claim.judge(experiment, evidence).answer
    return claim.options.index(answer) + 1.0 if answer in claim.options else math.nan


def _refused(experiment: Experiment, inspection: Any, key: str) -> str:
    return "false" if inspection.error is None else "true"


FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        *RUN_FIGURES,
        Figure(
            "parameters", "the number of trainable parameters that Keras counts in every style", "claim", _parameters,
            of="parameters",
        ),
        Figure(
            "connections", "the connected pairs of neuron and output unit, equal in every style", "claim", _connections,
            of="fully_connected",
        ),
        Figure(
            "output_difference",
            "the largest difference in what both styles return with equal weights, as a share of the largest number",
            "claim", _output_difference, of="same_function",
        ),
        Figure(
            "loss_ratio", "Functional's total loss divided by Sequential's, at the same weights", "claim", _loss_ratio,
            of="averaged_summed",
        ),
        Figure(
            "gradient_ratio", "the same for the gradients of the trunk (the median over its variables)", "claim",
            _gradient_ratio, of="averaged_summed",
        ),
        Figure(
            "step_ratio", "the time of a train step in Functional divided by that in Sequential (the median)", "claim",
            _step_ratio, of="speed",
        ),
        Figure(
            "claim", "the verdict on the claim with that key", "claim", _claim,
            words=("true", "false", "undecided"), takes=(_CLAIM,),
        ),
        Figure(
            "answer", "the measured answer to the question of the claim with that key: 1 for its first option, 2 for "
            "its second", "claim", _answer, takes=(_CLAIM,),
        ),
        Figure(
            "refused", "whether Keras refuses the Sequential attempt at the topology with that key", "topology",
            _refused, words=("true", "false"), takes=(_TOPOLOGY,),
        ),
        *LAB_FIGURES,
    )
}  # fmt: skip


def find(name: str, argument: str = "") -> Figure:
    """The figure of that name. Raises KeyError, with a sentence, for an unknown name, or an argument that is wrong."""
    figure = FIGURES.get(name)
    if figure is None:
        raise KeyError(f"there is no figure “{name[:40]}”; the figures are {', '.join(FIGURES)}.")
    arguments = argument.split(SEPARATOR) if argument else []
    for position, expected in enumerate(figure.takes):
        given = arguments[position] if position < len(arguments) else ""
        if expected.optional and not given:
            continue
        if not given and not expected.known:
            raise KeyError(f"{name} takes {expected.words}, as in {figure.written}.")
        if expected.known and given not in expected.known:
            instead = f"“{given[:40]}”" if given else "nothing"
            raise KeyError(f"{name} takes {expected.words} ({', '.join(expected.known)}), not {instead}.")
    if len(arguments) > len(figure.takes):
        what = f"only {figure.written}" if figure.takes else "nothing between parentheses"
        raise KeyError(f"{name} takes {what}.")
    return figure
