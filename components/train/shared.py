"""The button that makes a picture of a run, once it has ended."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.words import counted, short
from components.layout import page, share_card
from components.train import answer, question
from components.train.run import ShownRun
from components.train.run_parts import run_panel


def show(experiment: Experiment, shown: ShownRun) -> None:
    """Draw the button if the page shows a run of the visitor's settings that has ended and has something to show."""
    if shown.differences or shown.awaited or shown.run.running or not shown.run.epochs:
        return
    finding, _, rest = answer.answer_sentence(shown).removeprefix("**").partition("**")
    share_card.show(
        share_card.Card(
            place=f"Train · {_settings(experiment)}, {page.in_short(experiment.architecture)}",
            title=finding,
            finding=rest,
            picture=run_panel("tasks", experiment, shown.run.epochs, False)[0].picture,
            prediction=question.prediction(experiment, shown),
        ),
        key="train.run",
        epoch="",  # the card shows the whole run
    )


def _settings(experiment: Experiment) -> str:
    """The settings that both sides have and that decide the finding most: "Adam 0.003, 20 epochs"."""
    training, versus = experiment.training, experiment.versus
    optimizer = None if versus.optimizer else OPTIMIZERS[training.optimizer].title
    rate = None if versus.learning_rate else f"{'' if optimizer else 'rate '}{short(training.learning_rate, 3)}"
    return f"{' '.join(filter(None, [optimizer, rate]))}, {counted(training.epochs, 'epoch')}".removeprefix(", ")
