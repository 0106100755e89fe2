"""The button that makes a picture of a run, once it has ended."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.words import counted
from components.layout import page, share_card
from components.train import answer, question
from components.train.run import ShownRun


def show(experiment: Experiment, shown: ShownRun) -> None:
    """Draw the button if the page shows a run of the visitor's settings that has ended and has something to show."""
    if shown.differences or shown.awaited or shown.run.running or not shown.run.epochs:
        return
    epochs = experiment.training.epochs
    finding, _, rest = answer.answer_sentence(shown).removeprefix("**").partition("**")
    share_card.show(
        share_card.Card(
            place=f"Train · {page.in_short(experiment.architecture)}, {counted(epochs, 'epoch')}",
            title=finding,
            finding=rest,
            chart="curves.total",
            prediction=question.prediction(experiment, shown),
        ),
        key="train.run",
    )
