"""The next step of each page: true for its settings, and a link that opens exactly what it says."""

import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS, THREAD_SGD
from backend.experiment.training import Training
from backend.experiment.url import read_query
from backend.guide import next_steps
from backend.lessons import load
from backend.lessons.library import SHIPPED
from tests.builders.strategies import experiments

LESSON = load(SHIPPED).lessons[0]


def trained(experiment=None, **training):
    return next_steps.after_train(
        (experiment or Experiment()).model_copy(update={"training": Training(**training)}), True
    )


def changed(step, experiment=None):
    """The settings of the training that the link changes."""
    before, after = (each.training.model_dump() for each in (experiment or Experiment(), step.experiment))
    return {key: value for key, value in after.items() if before[key] != value}


@given(experiments())
def test_each_link_opens_its_settings_and_every_sentence_ends(experiment):
    steps = [
        next_steps.after_compare(experiment),
        *(next_steps.after_train(experiment, seen) for seen in (False, True)),
        next_steps.after_claims(experiment, [(LESSON, 0)]),
        next_steps.after_speed(experiment),
        next_steps.after_topologies(experiment),
        next_steps.after_own(),
        next_steps.after_lab(experiment, ("mean", "pcgrad")),
        next_steps.after_lessons(experiment, [(LESSON, 0)]),
        next_steps.after_room(experiment, LESSON),
        next_steps.after_runs(2),
    ]
    for step in steps:
        assert step.sentence[-1] in ".?"
        query = step.query()
        if query is not None:
            assert query, "an empty query would change nothing"
            there, notices = read_query({key: text for key, text in query.items() if key not in step.options})
            assert there == step.experiment
            assert not notices


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "lion"])
def test_after_an_optimizer_that_cancels_the_factor_comes_sgd_and_then_the_mean(optimizer):
    first = trained(optimizer=optimizer)
    assert "Functional’s total loss is 2 times as large, but " in first.sentence
    sgd = PRESETS[THREAD_SGD].training
    assert changed(first) == {"optimizer": "sgd", "learning_rate": sgd.learning_rate}
    second = next_steps.after_train(first.experiment, True)
    assert "makes the steps of SGD 2 times as long from the same weights" in second.sentence
    assert changed(second, first.experiment) == {"combine": "mean"}
    third = next_steps.after_train(second.experiment, True)
    assert (third.page, third.experiment) == ("claims", None)
