"""The next step after a training: true for its settings, and it changes exactly what it says."""

import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS, THREAD_SGD
from backend.experiment.training import Training
from backend.guide import next_steps
from tests.builders.strategies import experiments


def trained(experiment=None, **training):
    return next_steps.after_train(
        (experiment or Experiment()).model_copy(update={"training": Training(**training)}), True
    )


def changed(step, experiment=None):
    """The settings of the training that the link changes."""
    before, after = (each.training.model_dump() for each in (experiment or Experiment(), step.experiment))
    return {key: value for key, value in after.items() if before[key] != value}


@given(experiments())
def test_each_step_of_train_leads_on_and_its_sentence_ends(experiment):
    for seen in (False, True):
        step = next_steps.after_train(experiment, seen)
        assert step.sentence[-1] in ".?"
        assert (step.experiment is not None) == (step.page == "train")


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "lion"])
def test_after_an_optimizer_that_cancels_the_factor_comes_sgd_and_then_the_mean(optimizer):
    first = trained(optimizer=optimizer)
    assert "Functional would take steps that are 2 times as long from the same weights" in first.sentence
    sgd = PRESETS[THREAD_SGD].training
    assert changed(first) == {"optimizer": "sgd", "learning_rate": sgd.learning_rate}
    second = next_steps.after_train(first.experiment, True)
    assert "makes the steps of SGD 2 times as long from the same weights" in second.sentence
    assert changed(second, first.experiment) == {"combine": "mean"}
    third = next_steps.after_train(second.experiment, True)
    assert (third.page, third.experiment) == ("claims", None)
