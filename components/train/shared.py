"""The button that makes a picture of a run, once it has ended."""

from __future__ import annotations

from backend.experiment import Experiment
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
            place=f"Train · {page.in_short(experiment.architecture)}",
            title=finding,
            finding=rest,
            picture=run_panel("tasks", experiment, shown.run.epochs, False)[0].picture,
            prediction=question.prediction(experiment, shown),
        ),
        key="train.run",
        epoch="",  # the card shows the whole run
    )
