"""The answer to "Which one trains better?", computed from the losses of each task."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.statistics.intervals import CONFIDENCE, FEWEST_PAIRS
from backend.training.cause import cause
from backend.training.comparison import SAME, Comparison, compare, compared_loss, ended_seeds
from backend.training.constant import FEWEST, baselines, comparable
from backend.training.result import SIDES, Epoch, Side
from backend.words import listed, short, shortened

#: The most ratios that are written out.
_MOST_RATIOS = 3
#: The most heads that are named.
_MOST_NAMES = 4
#: If all losses end within this share of each other, the answer gives their largest difference.
_CLOSE = 0.05


def answer(experiment: Experiment, epochs: Sequence[Epoch], stopped: str | None = None) -> str:
    """Which style learned faster on which tasks, on how many seeds, and the cause if arithmetic gives one.

    Only seeds that reached the last epoch count. `stopped` says why the run stopped early (`Run.stopped`). Totals are
    not compared.
    """
    seeds = ended_seeds(experiment, epochs)
    if not seeds:
        if stopped:
            return f"No answer, because the run stopped early. {_first_sentence(stopped)}"
        return f"No answer: no training reached epoch {experiment.training.epochs}."
    comparisons = compare(experiment, epochs)
    compared = [each for each in comparisons if each.compared]
    planned = experiment.training.seeds
    missing = f"Only {len(seeds)} of {planned} seeds ended." if len(seeds) < planned else ""
    why = _first_sentence(stopped) if stopped else ""
    agree = bool(compared) and all(each.winner == "same" for each in compared)
    return " ".join(
        sentence
        for sentence in (
            _finding_sentence(experiment, comparisons, compared, len(seeds)),
            _untrained_sentence(experiment, comparisons),
            _constant_sentence(experiment, comparisons),
            missing,
            why,
            cause(experiment, agree, _where_agreement_shows_anything(experiment, comparisons)),
        )
        if sentence
    )


def _where_agreement_shows_anything(experiment: Experiment, comparisons: Sequence[Comparison]) -> str | None:
    """On which tasks the agreement of both sides shows anything, as the end of a sentence.

    It is empty if that is no task, and None if the losses cannot tell.
    """
    shown = [each for each in comparisons if each.informative]
    if shown:
        return " here" if len(shown) == len(comparisons) else f" on {_tasks(shown, comparisons)}"
    if not any(each.changed for each in comparisons):
        return ""
    return "" if comparable(experiment) and experiment.training.epochs > 1 else None


def _first_sentence(text: str) -> str:
    return f"{text.split('. ')[0].rstrip('.')}."


def _finding_sentence(
    experiment: Experiment, comparisons: Sequence[Comparison], compared: Sequence[Comparison], seeds: int
) -> str:
    """Which side learned faster, on the tasks that both train (`compared`)."""
    titles = dict(zip(SIDES, side_titles(*side_keys(experiment)), strict=True))
    scope = "In this run" if seeds == 1 else f"Over {seeds} seeds"
    if not compared:
        return f"{scope}, there is no task that both {experiment.noun}s train."
    groups = {kind: [each for each in compared if each.winner == kind] for kind in ("left", "right", "same", "unclear")}
    if len(groups["same"]) == len(compared):
        return _no_difference_sentence(comparisons, compared, scope, experiment.noun)
    if len(groups["unclear"]) == len(compared):
        return _unclear_sentence(comparisons, compared, scope, titles, seeds, experiment.noun)
    parts = []
    for side in reversed(SIDES):
        if won := groups[side]:
            learned = "learned faster" if all(each.learned(side) for each in won) else "had the lower loss"
            parts.append(f"{titles[side]} {learned} on {_tasks(won, comparisons)}")
    alone = len(parts) == 1
    if groups["same"]:
        parts.append(f"on {_tasks(groups['same'], comparisons)} there was no difference")
    if groups["unclear"]:
        parts.append(f"on {_tasks(groups['unclear'], comparisons)} neither was clearly ahead")
    ahead: Side = "right" if groups["right"] else "left"
    detail = f". {_ratio_clause(experiment, groups[ahead], ahead, titles, seeds)}" if alone else ""
    return f"{scope}, {'; '.join(parts)}{detail}."


def _no_difference_sentence(
    comparisons: Sequence[Comparison], compared: Sequence[Comparison], scope: str, noun: str
) -> str:
    largest = max(each.difference for each in compared)
    task = "the task" if len(comparisons) == 1 else "each task"
    if len(compared) < len(comparisons):
        task = _tasks(compared, comparisons)
    if largest == 0:
        return f"{scope}, there was no difference: in every epoch, both {noun}s had exactly the same loss on {task}."
    return (
        f"{scope}, there was no difference: in every epoch, the losses of {task} agreed within "
        f"{_at_most(100 * largest)}%."
    )


def _unclear_sentence(
    comparisons: Sequence[Comparison],
    compared: Sequence[Comparison],
    scope: str,
    titles: dict[Side, str],
    seeds: int,
    noun: str,
) -> str:
    ahead, last = {_lower(each.average) for each in compared}, {_lower(each.end) for each in compared}
    for one, other in (SIDES, SIDES[::-1]):
        if seeds == 1 and (ahead, last) == ({one}, {other}):
            return (
                f"{scope}, neither {noun} was ahead throughout: on {_tasks(compared, comparisons)}, {titles[one]} had "
                f"the lower loss on average over the epochs, and {titles[other]} at the end."
            )
    difference = max(-math.expm1(-abs(math.log(each.end))) for each in compared)
    end = ""
    if difference == 0:
        end = ". At the end, their losses were equal"
    elif difference < _CLOSE:
        end = f". At the end, their losses differed by at most {_at_most(100 * difference)}%"
    return f"{scope}, neither {noun} was clearly ahead on {_any_of(compared, comparisons)}{end}."


def _lower(ratio: float) -> Side | None:
    """The side with the lower loss, by the right loss divided by the left one; None if they are equal."""
    return None if abs(ratio - 1) <= SAME else "right" if ratio < 1 else "left"


def _untrained_sentence(experiment: Experiment, comparisons: Sequence[Comparison]) -> str:
    """The tasks whose losses have no weight in the total of a side, which has others; empty if there are none."""
    left, right = ([each for each in comparisons if not each.weighted[side]] for side in SIDES)
    left, right = (tasks if len(tasks) < len(comparisons) else [] for tasks in (left, right))  # `cause` says the rest
    titles = side_titles(*side_keys(experiment))
    idle = list(filter(None, (left, right)))
    if not idle:
        return ""
    if left == right:
        who = f"Neither {experiment.noun} trains {_any_of(left, comparisons)}"
    else:
        who = ", and ".join(
            f"{title} does not train {_any_of(tasks, comparisons)}"
            for title, tasks in zip(titles, (left, right), strict=True)
            if tasks
        )
    one = len({each.head for tasks in idle for each in tasks}) == 1
    return f"{who}, because {'its loss has' if one else 'their losses have'} no weight."


def _constant_sentence(experiment: Experiment, comparisons: Sequence[Comparison]) -> str:
    """The tasks on which a side ended no better than a network that outputs the same for every sequence.

    Empty if there are none, or if the losses cannot tell. For a recording, the heads that beat their baselines.
    """
    if experiment.architecture.source.recorded:
        return _baseline_sentence(experiment, comparisons)
    if not comparable(experiment):
        return ""
    titles = side_titles(*side_keys(experiment))
    left, right = ([each for each in comparisons if each.is_like_constant(side)] for side in SIDES)
    better = "clearly better than a network with the same output for every sequence could"
    if left == right:
        return f"At the end, neither {experiment.noun} predicted {_any_of(left, comparisons)} {better}." if left else ""
    parts = [
        f"{title} did not predict {_any_of(idle, comparisons)}"
        for title, idle in zip(titles, (left, right), strict=True)
        if idle
    ]
    return f"At the end, {', and '.join(parts)}{',' * (len(parts) - 1)} {better}."


def _baseline_sentence(experiment: Experiment, comparisons: Sequence[Comparison]) -> str:
    """Which tasks of a recording were predicted better than without a network."""
    if not comparable(experiment):
        return f"With fewer than {FEWEST} validation sequences, no loss is compared with its baseline."
    found = baselines(experiment)
    said = shortened((f"{head} {short(each.loss, 3)} ({each.words})" for head, each in found.items()), _MOST_NAMES)
    titles = side_titles(*side_keys(experiment))
    left, right = (_beaten(comparisons, side) for side in SIDES)
    if left == right:
        where = f"either {experiment.noun}" if left.startswith("no ") else f"both {experiment.noun}s"
        verdict = f"{left} in {where}"
    else:
        verdict = f"{left} in {titles[0]}, and {right} in {titles[1]}"
    return f"At the end, {verdict}. The validation loss of the baselines: {said}."


def _beaten(comparisons: Sequence[Comparison], side: Side) -> str:
    """Which heads beat their baselines on that side."""
    better = [each.head for each in comparisons if each.beats_baseline(side)]
    if not better:
        return "no head clearly beats its baseline"
    if len(better) == len(comparisons):
        return "every head clearly beats its baseline"
    names = shortened(better, _MOST_NAMES)
    return f"only {names} clearly {'beats its baseline' if len(better) == 1 else 'beat their baselines'}"


def _ratio_clause(
    experiment: Experiment, won: Sequence[Comparison], side: Side, titles: dict[Side, str], seeds: int
) -> str:
    """The loss of the side that won, as a multiple of the other's, and how sure that is."""
    other = titles["left" if side == "right" else "right"]
    sign = 1 if side == "right" else -1
    ratios = [each.average**sign for each in won]
    if len(experiment.architecture.heads) == 1:
        figures = short(ratios[0])
    elif len(won) <= _MOST_RATIOS:
        figures = listed(f"{short(ratio)} ({each.head})" for ratio, each in zip(ratios, won, strict=True))
    else:
        figures = f"{short(min(ratios))} to {short(max(ratios))}"
    kind, epochs = compared_loss(experiment), experiment.training.epochs
    verb = f"On average over the {epochs} epochs, its {kind} was" if epochs > 1 else f"Its {kind} was"
    times = f"{verb} {figures} times {other}'s"
    if seeds == 1:
        return times
    if seeds < FEWEST_PAIRS:
        return f"{times} (median; lower in all {seeds} seeds, which are too few for an interval)"
    return f"{times} (median; the {CONFIDENCE:.0%} interval excludes equal losses)"


def _tasks(some: Sequence[Comparison], every: Sequence[Comparison]) -> str:
    """Some of the tasks, in words: both tasks, all 8 tasks, mean and trend, 3 of 8 tasks."""
    if len(some) == len(every):
        return {1: "its one task", 2: "both tasks"}.get(len(every), f"all {len(every)} tasks")
    if len(some) <= 2:
        return listed(each.head for each in some)
    return f"{len(some)} of {len(every)} tasks"


def _any_of(some: Sequence[Comparison], every: Sequence[Comparison]) -> str:
    """Some of the tasks after a "neither": either task, any of the 8 tasks, mean or trend."""
    if len(some) == len(every):
        return {1: "its one task", 2: "either task"}.get(len(every), f"any of the {len(every)} tasks")
    if len(some) <= 2:
        return " or ".join(each.head for each in some)
    return f"{len(some)} of the {len(every)} tasks"


def _at_most(value: float) -> str:
    """`value` rounded up to one significant digit."""
    power = 10.0 ** math.floor(math.log10(value))
    return short(math.ceil(round(value / power, 9)) * power, 1)
