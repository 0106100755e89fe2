"""The card of a run: its answer, the settings that caused it, and the curves of which the answer speaks."""

from __future__ import annotations

from backend.experiment.differences import training_words
from components.layout import page, share_card
from components.train import answer, question
from components.train.run import ShownRun
from components.train.run_parts import run_panel


def of_run(shown: ShownRun) -> share_card.Card:
    """The card of a run that has ended and has epochs."""
    experiment = shown.run.experiment
    return share_card.Card(
        place=f"Train · {page.in_short(experiment.architecture)}",
        title=answer.answer_of(shown).sentence,
        finding="",
        settings=training_words(experiment),
        picture=run_panel("tasks", experiment, shown.run.epochs, False)[0].picture,
        prediction=question.prediction(experiment, shown),
    )
