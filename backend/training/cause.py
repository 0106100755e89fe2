"""Why two trainings differ or agree, as far as arithmetic says: the scale of the losses, and the initial weights."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS, Cancels
from backend.experiment.sides import side_keys, side_titles
from backend.training.loss_ratio import expected_ratio, shares_of_sides, trained_alike
from backend.words import listed, short

_CANNOT_TELL = "Too little was learned here to tell whether that matters."


def cause(experiment: Experiment, agree: bool, where: str | None = " here") -> str:
    """Why the losses of the tasks agree, or do not (`agree`), in a few sentences; empty if arithmetic gives no cause.

    `where` says on which tasks agreement shows anything (`Comparison.informative`), as the end of a sentence. It is
    empty if that is no task, because two networks that learned nothing agree easily, and None if that is unknown.
    Two styles compute the same functions. From the same initial weights and on the same batches, they can differ only
    by how they weight the losses of the heads, and by round-off.
    """
    left, right = side_titles(*side_keys(experiment))
    shares = shares_of_sides(experiment)
    learns = [any(each) for each in shares]
    if experiment.other is not None:
        return _settings_sentence(experiment, agree, where) if all(learns) else _idle_sentence(learns, (left, right))
    if not all(learns):
        return _zero_weights_sentence(experiment, learns, (left, right))
    if experiment.method():
        return _method_sentence(experiment, agree, where, (left, right))
    ratio = expected_ratio(experiment)
    if ratio is None:
        return "" if agree else f"{_start_sentence(experiment)}The two totals weight the tasks differently."
    if abs(ratio - 1) < 1e-9:
        return _same_loss_sentence(experiment, agree)
    return _scale_sentences(experiment, agree, where, right_is_larger=ratio > 1, factor=max(ratio, 1 / ratio))


def _inconclusive(difference: str, where: str | None) -> str:
    return f"{difference}." if where is None else f"{difference}. {_CANNOT_TELL}"


def _start_sentence(experiment: Experiment) -> str:
    return "" if experiment.training.same_start else "The styles started from different weights. "


def _settings_sentence(experiment: Experiment, agree: bool, where: str | None) -> str:
    if alike := trained_alike(experiment):
        return alike
    if not agree:
        return "Initial weights, sequences and their order were the same; only the setting differed."
    return f"So the setting made no difference{where}." if where else _CANNOT_TELL if where == "" else ""


def _idle_sentence(learns: list[bool], titles: tuple[str, str]) -> str:
    idle = listed(title for title, learned in zip(titles, learns, strict=True) if not learned)
    return f"With {idle}, all loss weights are 0 in float32, so nothing is learned there."


def _same_loss_sentence(experiment: Experiment, agree: bool) -> str:
    if not experiment.training.same_start:
        return "" if agree else "Both minimize the same loss, but they started from different weights."
    both = "Both minimize the same loss from the same weights"
    return f"{both}." if agree else f"{both}, so the difference is round-off that training amplified."


def _method_sentence(experiment: Experiment, agree: bool, where: str | None, titles: tuple[str, str]) -> str:
    """The cause if a method combines the head losses of the styles that have several."""
    methods = [experiment.method_of(style) for style in experiment.styles()]
    same_start = experiment.training.same_start
    if not any(methods):
        return _same_loss_sentence(experiment, agree)
    if all(methods):
        both = f"Both combine the heads by {methods[0].title}"  # type: ignore[union-attr]
        if not same_start:
            return "" if agree else f"{both}, but they started from different weights."
        both = f"{both} from the same weights"
        return f"{both}." if agree else f"{both}, so the difference is round-off that training amplified."
    with_method, without = titles if methods[0] else reversed(titles)
    method = methods[0] or methods[1]
    assert method
    different = f"{with_method} combines its heads by {method.title}, while {without} minimizes the mean over all units"
    if agree:
        return f"{different}, which made no difference{where}." if where else _inconclusive(different, where)
    return f"{_start_sentence(experiment)}{different}."


def _scale_sentences(
    experiment: Experiment, agree: bool, where: str | None, *, right_is_larger: bool, factor: float
) -> str:
    """The cause if one total is `factor` times the other for equal predictions."""
    training = experiment.training
    times = short(factor, 3)
    style = experiment.styles()[right_is_larger]
    larger = side_titles(*side_keys(experiment))[right_is_larger]
    summed = "summed loss" if training.combine == "sum" else "weighted loss"
    total = "loss" if style.one_output(experiment.architecture) else summed
    optimizer = OPTIMIZERS[training.optimizer]
    if isinstance(optimizer.scaling, Cancels):
        scale = f"For equal predictions, {larger}'s {total} is {times} times as large"
        if agree and where:
            return f"{scale}, but {optimizer.scaling.clause(optimizer.title)}, so it made no difference{where}."
        if agree:
            return _inconclusive(scale, where)
        return f"{_start_sentence(experiment)}{scale}. {optimizer.on_a_factor} {optimizer.scaling.rest()}"
    steps = f"{larger}'s {total} makes the steps of {optimizer.title} {times} times as long from the same weights"
    if agree:
        return f"{steps}, which made no difference{where}." if where else _inconclusive(steps, where)
    mean = (
        f" If {larger} averaged its losses, both would take the same steps."
        if training.combine == "sum" and training.same_start
        else ""
    )
    return f"{_start_sentence(experiment)}{steps}.{mean}"


def _zero_weights_sentence(experiment: Experiment, learns: list[bool], titles: tuple[str, str]) -> str:
    """The effect of loss weights that are 0, or round to 0."""
    zero = "round to 0" if any(experiment.training.loss_weights(experiment.architecture)) else "are 0"
    if not any(learns):
        return f"All loss weights {zero}, so neither style can learn."
    return f"All loss weights {zero}, so {titles[0] if learns[1] else titles[1]} cannot learn."
