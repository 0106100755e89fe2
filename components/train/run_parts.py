"""The panels of Train as parts for phones and the board: losses, ratio and answer of one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from backend.experiment import Experiment
from backend.experiment.sides import is_style, side_keys
from backend.questions.pictures import Line, Lines, of_run, of_style, of_task
from backend.rooms.parts import Part
from backend.training.comparison import compared_loss
from backend.training.constant import baselines
from backend.training.finding import answer
from backend.training.result import SIDES, Epoch
from backend.words import shortened
from components.investigations.parts import LATER, of_picture
from components.train import levels, ratio
from components.train.series import Pick, loss_lines

#: The most tasks whose losses are drawn, and the most heads that a sentence names.
_MOST_HEADS = 4
#: Stands in place of a panel that is too large for a phone.
_ON_A_PAGE = "The page Train has the predictions and weights after each epoch."


def run_panel(
    name: str, experiment: Experiment, epochs: Sequence[Epoch], explained: bool, *, trained: bool = False
) -> list[Part]:
    """A panel of Train, of a run that has ended; nothing for a panel that this module does not draw.

    Charts show the losses that pages compare (`Losses.compared_total`). With `trained`, the question is about the
    training loss of a task: `tasks` then has the training losses, too.
    """
    if not epochs:
        return []
    if name == "totals":
        return [_totals(experiment, epochs)]
    if name == "tasks":
        validated = experiment.parts[1] > 0
        return [_tasks(experiment, epochs, each) for each in (validated, *([False] if validated and trained else []))]
    if name == "ratio" and (last := ratio.latest(epochs, ended=True)):
        name = f"total {compared_loss(experiment)}es"
        return [Part((f"Ratio of the {name}: **{last[0]}**. {ratio.variation_sentence(epochs)}",))]
    if name == "answer":
        return [Part((answer(experiment, epochs) if explained else LATER,))]
    return [Part((_ON_A_PAGE,))] if name == "player" else []


def _totals(experiment: Experiment, epochs: Sequence[Epoch]) -> Part:
    """The total loss of both sides; of a recording, with that of baselines."""
    sides, across = side_keys(experiment), levels.of_total(experiment)
    colours = [of_style(key) if is_style(key) else of_run(i) for i, key in enumerate(sides)]
    series = loss_lines(epochs, sides, lambda losses: losses.compared_total)
    lines = [Line(each.name, each.middle.tolist(), colours[each.side == SIDES[1]], each.dash) for each in series]
    x = series[0].x if series else [0, 1]
    for i, (name, loss, _) in enumerate(across):
        lines.append(Line(name, [loss] * len(x), colours[i] if len(across) > 1 else "", "dot"))
    drawn = _by_epoch(f"Total {compared_loss(experiment)}", x, lines)
    return _with_baselines("the total of the baselines", experiment, drawn)


def _with_baselines(what: str, experiment: Experiment, drawn: Part) -> Part:
    """The chart; if the data are a recording, with words on its dotted lines."""
    if not experiment.architecture.source.recorded:
        return drawn
    heads: dict[str, list[str]] = defaultdict(list)
    for head, baseline in baselines(experiment).items():
        heads[baseline.words].append(head)
    each = "; ".join(f"{shortened(names, _MOST_HEADS)}: {words}" for words, names in heads.items())
    return replace(drawn, words=(f"Dotted: {what} ({each}).", *drawn.words))


def _tasks(experiment: Experiment, epochs: Sequence[Epoch], validated: bool) -> Part:
    """The loss of each task, on validation or training sequences. Baselines belong to the validation losses, if any."""
    level = validated or not experiment.parts[1]
    x: Sequence[float] = [0, 1]
    lines = []
    for i, head in enumerate(head.name for head in experiment.architecture.heads[:_MOST_HEADS]):
        for each in loss_lines(epochs, side_keys(experiment), _loss_of(head, validated)):
            x = each.x
            lines.append(Line(f"{head}, {each.name}", each.middle.tolist(), of_task(i), each.dash))
        for baseline in levels.of_task(experiment, head) if level else ():
            lines.append(Line(f"{head}, baseline", [baseline[1]] * len(x), of_task(i), "dot"))
    drawn = _by_epoch(f"{'Validation' if validated else 'Training'} loss of each task", x, lines)
    return _with_baselines("the baselines", experiment, drawn) if level else drawn


def _loss_of(head: str, validated: bool) -> Pick:
    return lambda losses: (losses.val_heads if validated else losses.heads).get(head)


def _by_epoch(title: str, x: Sequence[float], lines: Sequence[Line]) -> Part:
    return of_picture(Lines(title, x, lines, log=True, x_name="epoch"))
