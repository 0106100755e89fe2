"""The answer to "Which one trains better?", computed from the losses of each task; and which total loss ends lower.

A cause is given as far as arithmetic says one: the scale of the losses, and the initial weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sides import titles_of
from backend.statistics.intervals import CONFIDENCE, interval
from backend.training.comparison import SAME, Comparison, compare, compared_loss, ended_seeds
from backend.training.constant import comparable
from backend.training.loss_ratio import (
    expected_ratio,
    larger_total,
    trained_alike,
    zero_weights_sentence,
)
from backend.training.result import SIDES, Epoch, Side
from backend.words import listed, short

Lower = Literal["left", "right", "equal"]
#: A side whose title has more words is named by where it stands, so that the answer stays short.
_LONGEST = 3


class LowerTotal(NamedTuple):
    """The side whose total loss is lower after the last epoch, and the figures, in words."""

    lower: Lower
    words: str


class Answer(NamedTuple):
    """The answer in one sentence of at most 25 words with at most one figure, and all else that the run says of it."""

    sentence: str
    why: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.why}".strip()


def answer(experiment: Experiment, epochs: Sequence[Epoch], stopped: str | None = None) -> Answer:
    """Which style learned faster on which tasks, and why: on how many seeds, and the cause if arithmetic gives one.

    Only seeds that reached the last epoch count. `stopped` says why the run stopped early (`Run.stopped`). Totals are
    not compared, nor are tasks that a side does not train.
    """
    end, seeds = f"{stopped.split('. ')[0].rstrip('.')}." if stopped else "", ended_seeds(experiment, epochs)
    if not seeds:
        return Answer(f"No answer: no training reached epoch {experiment.training.epochs}.", end)
    comparisons = compare(experiment, epochs)
    compared = [each for each in comparisons if each.compared]
    agree = bool(compared) and all(each.winner == "same" for each in compared)
    planned = experiment.training.seeds
    sentence, *details = _finding(experiment, comparisons, compared, len(seeds))
    why = (
        *details,
        _baseline_sentence(experiment, comparisons),
        f"Only {len(seeds)} of {planned} seeds ended." if len(seeds) < planned else "",
        end,
        cause(experiment, agree),
    )
    return Answer(sentence, " ".join(filter(None, why)))


def _finding(
    experiment: Experiment, comparisons: Sequence[Comparison], compared: Sequence[Comparison], seeds: int
) -> list[str]:
    """Which side learned faster, on the tasks that both train (`compared`), with one figure; then the rest."""
    scope, noun = "In this run" if seeds == 1 else f"Over {seeds} seeds", experiment.noun
    if not compared:
        return [f"{scope}, there is no task that both {noun}s train."]
    named = zip(SIDES, titles_of(experiment), strict=True)
    titles = {side: title if len(title.split()) <= _LONGEST else f"the {side} side" for side, title in named}
    groups = {kind: [each for each in compared if each.winner == kind] for kind in ("left", "right", "same", "unclear")}
    if len(groups["same"]) == len(compared):
        largest = max(each.difference for each in compared)
        agreed = f"agreed within about {short(100 * largest)}%" if largest else "were exactly equal"
        tasks = _tasks(compared, comparisons)
        return [f"{scope}, there was no difference: in every epoch, the losses of {tasks} {agreed}."]
    alike = [f"there was no difference on {_tasks(groups['same'], comparisons)}"] * bool(groups["same"])
    if groups["unclear"]:
        alike.append(f"neither {noun} was clearly ahead on {_tasks(groups['unclear'], comparisons)}")
    won = [side for side in reversed(SIDES) if groups[side]]
    if not won:
        return [f"{scope}, {'; '.join(alike)}."]
    verbs = {side: _verb(all(each.learned(side) for each in groups[side])) for side in won}
    parts = [
        f"{titles[side]} {verbs[side]} on {_tasks(groups[side], comparisons)}"
        if verbs[side] != verbs[won[0]] or side == won[0]
        else f"{titles[side]} on {_tasks(groups[side], comparisons)}"
        for side in won
    ]
    details = [f"{(part := '; '.join(alike))[:1].upper()}{part[1:]}."] * bool(alike)
    if len(won) > 1:
        return [f"{scope}, {'; '.join(parts)}.", *details]
    first, *others = groups[won[0]]
    figure, how = _ratio_words(experiment, first, won[0], titles)
    on = f" on {first.head}," if others else ""
    return [f"{scope}, {parts[0]};{on} its loss averaged {figure}.", how, *details]


def _verb(learned: bool) -> str:
    return "learned faster" if learned else "had the lower loss"


def _baseline_sentence(experiment: Experiment, comparisons: Sequence[Comparison]) -> str:
    """The tasks on which a side ended no better than a prediction that needs no network.

    Empty if there are none, or if the losses cannot tell.
    """
    if not comparable(experiment):
        return ""
    guessed = ([each for each in comparisons if each.is_like_a_guess(side)] for side in SIDES)
    sides = [
        f"{title} was not clearly better on {_tasks(tasks, comparisons)}"
        for title, tasks in zip(titles_of(experiment), guessed, strict=True)
        if tasks
    ]
    return f"At the end, compared with a guess without a network, {', and '.join(sides)}." if sides else ""


def _ratio_words(experiment: Experiment, won: Comparison, side: Side, titles: dict[Side, str]) -> tuple[str, str]:
    """The loss of the side that won a task, as a multiple of the other's; and in a sentence, how that was measured."""
    ratios = [each if side == "right" else 1 / each for each in won.averages]
    within, seeds = interval(ratios), len(ratios)
    sure = f"; {CONFIDENCE:.0%} interval {short(within.low)} to {short(within.high)}" if within else ""
    seen = f" (median of {seeds} seeds{sure or ', too few for an interval'})" if seeds > 1 else ""
    times = f"{short(float(np.median(ratios)))} times {titles['left' if side == 'right' else 'right']}'s"
    return times, f"The average is over the epochs, of the {compared_loss(experiment)}{seen}."


def _tasks(some: Sequence[Comparison], every: Sequence[Comparison]) -> str:
    """Some of the tasks, in words: level and trend, all 8 tasks, 3 of 8 tasks."""
    if len(some) <= 2:
        return listed(each.head for each in some)
    return f"{'all' if len(some) == len(every) else f'{len(some)} of'} {len(every)} tasks"


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


def lower_total(experiment: Experiment, epochs: Sequence[Epoch]) -> LowerTotal | None:
    """Compare the totals after the last epoch by their ratio, the median over the seeds that ended.

    None if no seed has ended, or if a total is 0. Totals that differ by at most 0.5% are equal. The exported
    script of two settings prints the same figures.
    """
    seeds = ended_seeds(experiment, epochs)
    last = [epoch for epoch in epochs if epoch.epoch == experiment.training.epochs and epoch.seed in seeds]
    ratios = [epoch.ratio for epoch in last]
    if not ratios or not all(ratio > 0 for ratio in ratios):
        return None
    ratio = float(np.median(ratios))
    lower: Lower = "equal" if abs(ratio - 1) <= SAME else "right" if ratio < 1 else "left"
    titles, total = titles_of(experiment), f"total {compared_loss(experiment)}"
    first = f"{titles[lower == 'right']} has the lower {total}"
    if lower == "equal":
        first = f"The {total}es are equal within 0.5%"
    within = interval(ratios)
    sure = f", {CONFIDENCE:.0%} interval {short(within.low, 3)} to {short(within.high, 3)}" if within else ""
    seen = f" (median of {len(ratios)} seeds{sure})" if len(ratios) > 1 else ""
    figure = f"{titles[1]} ÷ {titles[0]} = {short(ratio, 3)}{seen}"
    return LowerTotal(lower, f"{first}: {figure}.")
