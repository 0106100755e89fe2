"""The answer of the run that is shown, and whose settings it is of."""

import pytest

from backend.jobs import JobView
from backend.training.job import EpochEvent
from components.train.answer import answer_of
from components.train.run import RunView, ShownRun
from tests.builders.losses import FALLING, epochs, experiment, scaled

SGD = experiment(optimizer="sgd")
ROWS = epochs(FALLING, scaled(FALLING, 0.5))


def view(state="finished", rows=ROWS):
    events = tuple(EpochEvent(data=row) for row in rows)
    return RunView(SGD, JobView("id", "visitor", "train", 0.0, state=state, stored_events=events))


def test_the_answer_is_in_bold_and_its_reasons_are_apart():
    found = answer_of(ShownRun(view()))
    assert found.sentence == (
        "**In this run, Functional learned faster on level and trend; on level, its loss averaged 0.5 times "
        "Sequential's.**"
    )
    assert found.why.startswith("The average is over the epochs, of the training loss.")
    assert answer_of(ShownRun(view("cancelled", ROWS[:2]))).sentence == "**No answer: no training reached epoch 4.**"


def test_a_run_of_other_settings_does_not_answer_for_these():
    found = answer_of(ShownRun(view(), ("batch 32",)))
    assert found.sentence == ("**These settings have no result yet.** The faint curves are your run with batch 32.")
    assert found.why.startswith("Its result: In this run, Functional learned faster")


@pytest.mark.parametrize("differences", [(), ("batch 32",)])
def test_before_the_first_epoch_of_a_run_no_other_run_gives_the_answer(differences):
    shown = ShownRun(view(), differences, awaited=True)
    assert answer_of(shown) == (
        "**The answer follows when the training has ended.** Until its first epoch, the faint curves are those of "
        "another run.",
        "",
    )
    assert shown.faint
