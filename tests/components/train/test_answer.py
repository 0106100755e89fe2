"""The line below the title: the answer of the run that is shown, and whose settings it is of."""

import pytest

from backend.jobs import JobView
from backend.training.job import EpochEvent
from components.train.answer import answer_sentence
from components.train.run import RunView, ShownRun
from tests.builders.losses import FALLING, epochs, experiment, scaled

SGD = experiment(optimizer="sgd")
ROWS = epochs(FALLING, scaled(FALLING, 0.5))


def view(state="finished", rows=ROWS):
    events = tuple(EpochEvent(data=row) for row in rows)
    return RunView(SGD, JobView("id", "visitor", "train", 0.0, state=state, stored_events=events))


def test_the_answer_s_first_sentence_is_in_bold():
    assert answer_sentence(ShownRun(view())).startswith(
        "**In this run, Functional learned faster on level and trend.** Averaged over"
    )
    assert answer_sentence(ShownRun(view("cancelled", ROWS[:2]))) == "**No answer: no training reached epoch 4.**"


@pytest.mark.parametrize("differences", [(), ("batch 32",)])
def test_before_the_first_epoch_of_a_run_no_other_run_gives_the_answer(differences):
    shown = ShownRun(view(), differences, awaited=True)
    assert answer_sentence(shown) == (
        "**The answer follows when the training has ended.** Until its first epoch, the faint curves are those of "
        "another run."
    )
    assert shown.faint
