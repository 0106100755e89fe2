"""The panels of Train as parts for phones and the board: losses, ratio and answer of one run."""

from __future__ import annotations

from collections.abc import Sequence

from backend.experiment import Experiment
from backend.experiment.sides import is_style, side_keys
from backend.questions.pictures import Line, Lines, of_run, of_style, of_task
from backend.rooms.parts import Part
from backend.training.comparison import compared_loss
from backend.training.finding import answer
from backend.training.result import SIDES, Epoch
from components.investigations.parts import LATER, of_picture
from components.train import levels, ratio
from components.train.series import Pick, of_sides

#: The most tasks whose losses are drawn.
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
    if name == "ratio":
        value, words = ratio.of(epochs)
        return [Part((f"Ratio of the total {compared_loss(experiment)}es: **{value}**. {words}",))]
    if name == "answer":
        return [Part((str(answer(experiment, epochs)) if explained else LATER,))]
    return [Part((_ON_A_PAGE,))] if name == "player" else []


def _totals(experiment: Experiment, epochs: Sequence[Epoch]) -> Part:
    """The total loss of both sides; of a recording, with that of baselines."""
    sides = side_keys(experiment)
    colours = [of_style(key) if is_style(key) else of_run(i) for i, key in enumerate(sides)]
    series = of_sides(epochs, sides, lambda losses: losses.compared_total)
    lines = [Line(each.name, each.middle.tolist(), colours[each.side == SIDES[1]], each.dash) for each in series]
    across = levels.of_total(experiment)
    for (name, loss, _), colour in zip(across, colours if len(across) > 1 else [""], strict=False):
        lines.append(Line(name, [loss] * len(series[0].x), colour, "dot"))
    return _by_epoch(f"Total {compared_loss(experiment)}", lines)


def _tasks(experiment: Experiment, epochs: Sequence[Epoch], validated: bool) -> Part:
    """The loss of each task, on validation or training sequences. Baselines belong to the validation losses, if any."""
    lines = []
    for i, head in enumerate(head.name for head in experiment.architecture.heads[:_MOST_HEADS]):
        for each in of_sides(epochs, side_keys(experiment), _loss_of(head, validated)):
            lines.append(Line(f"{head}, {each.name}", each.middle.tolist(), of_task(i), each.dash))
        if validated or not experiment.parts[1]:
            for name, loss, _ in levels.of_task(experiment, head):
                lines.append(Line(f"{head}, {name}", [loss] * len(lines[0].values), of_task(i), "dot"))
    return _by_epoch(f"{'Validation' if validated else 'Training'} loss of each task", lines)


def _loss_of(head: str, validated: bool) -> Pick:
    return lambda losses: (losses.val_heads if validated else losses.heads)[head]


def _by_epoch(title: str, lines: Sequence[Line]) -> Part:
    return of_picture(Lines(title, range(1, len(lines[0].values) + 1), lines, log=True, x_name="epoch"))
