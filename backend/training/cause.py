"""Why two trainings differ or agree, as far as arithmetic says: the scale of the losses, and the initial weights."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS, Cancels, Entry
from backend.experiment.sides import side_keys, side_titles
from backend.training.loss_ratio import expected_ratio, trained_alike, zero_weights_sentence
from backend.words import short


def cause(experiment: Experiment, agree: bool) -> str:
    """Why the losses of the tasks agree, or do not (`agree`), in a few sentences; empty if arithmetic gives no cause.

    Two styles compute the same functions. From the same initial weights and on the same batches, they can differ only
    by how they weight the losses of the heads, and by round-off.
    """
    if idle := zero_weights_sentence(experiment) or trained_alike(experiment):
        return idle
    difference, reason = _difference(experiment)
    same_start = experiment.training.same_start or experiment.other is not None
    if not difference:
        same = "Both train in the same way"
        if not same_start:
            return "" if agree else f"{same}, but they started from different weights."
        rest = "." if agree else ", so the difference is round-off that training amplified."
        return f"{same} from the same weights{rest}"
    if agree:
        return f"{difference}, but {reason}." if reason else f"{difference}."
    start = "" if same_start else "The styles started from different weights. "
    return f"{start}{difference}.{f' {_optimizer(experiment).on_a_factor}' if reason else ''}"


def _difference(experiment: Experiment) -> tuple[str, str]:
    """What differs between both sides, and why that has little effect, as parts of a sentence; empty for nothing."""
    left, right = side_titles(*side_keys(experiment))
    if experiment.other is not None:
        return "Only the setting differed, not the initial weights or the sequences and their order", ""
    methods = [experiment.method_of(style) for style in experiment.styles()]
    method = methods[0] or methods[1]
    if method and not all(methods):
        one, other = (left, right) if methods[0] else (right, left)
        return f"{one} combines its heads by {method.title}, while {other} minimizes the mean over all units", ""
    ratio = 1.0 if method or experiment.method() else expected_ratio(experiment)
    if ratio is None:
        return "The two totals weight the tasks differently", ""
    if abs(ratio - 1) < 1e-9:
        return "", ""
    larger, times = right if ratio > 1 else left, short(max(ratio, 1 / ratio), 3)
    optimizer = _optimizer(experiment)
    if isinstance(optimizer.scaling, Cancels):
        scale = f"For equal predictions, {larger}'s total loss is {times} times as large"
        return scale, optimizer.scaling.clause(optimizer.title)
    return f"{larger}'s total loss makes the steps of {optimizer.title} {times} times as long from the same weights", ""


def _optimizer(experiment: Experiment) -> Entry:
    return OPTIMIZERS[experiment.training.optimizer]
