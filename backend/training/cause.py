"""Why two trainings differ or agree, as far as arithmetic says: the scale of the losses, and the initial weights."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sides import titles_of
from backend.training.loss_ratio import expected_ratio, larger_total, trained_alike, zero_weights_sentence


def cause(experiment: Experiment, agree: bool) -> str:
    """Why the losses of the tasks agree, or do not (`agree`), in a few sentences; empty if arithmetic gives no cause.

    Two styles compute the same functions. From the same initial weights and on the same batches, they can differ only
    by how they weight the losses of the heads, and by round-off.
    """
    if idle := zero_weights_sentence(experiment) or trained_alike(experiment):
        return idle
    if experiment.other is not None:
        return "Only the setting differed, not the initial weights or the sequences and their order."
    ratio, same_start = expected_ratio(experiment), experiment.training.same_start
    start = "" if same_start or agree else "The styles started from different weights. "
    methods = [experiment.method_of(style) for style in experiment.styles()]
    if (method := methods[0] or methods[1]) and not all(methods):
        one, other = titles_of(experiment)[:: 1 if methods[0] else -1]
        return f"{start}{one} combines its heads by {method.title}, while {other} minimizes the mean over all units."
    if ratio == 1:
        same = "Both train in the same way"
        if not same_start:
            return start and f"{same}, but they started from different weights."
        rest = "" if agree else ", so the difference is round-off that training amplified"
        return f"{same} from the same weights{rest}."
    optimizer, larger = OPTIMIZERS[experiment.training.optimizer], larger_total(experiment)
    if larger is None:
        return f"{start}The two totals weight the tasks differently."
    side, times = larger
    if not optimizer.why_cancelled:
        steps = f"makes the steps of {optimizer.title} {times} times as long from the same weights"
        return f"{start}{side}'s total loss {steps}."
    scale = f"{start}For equal predictions, {side}'s total loss is {times} times as large"
    return f"{scale}, but {optimizer.why_cancelled}." if agree else f"{scale}. {optimizer.on_a_factor}"
