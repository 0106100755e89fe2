"""The next step of each page: true for its settings, and a link that opens exactly what it says."""

import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.presets import PRESETS, THREAD_SGD
from backend.experiment.training import Training
from backend.experiment.url import read_query
from backend.guide import next_steps
from backend.lessons import load
from backend.lessons.library import SHIPPED
from tests.builders.strategies import experiments
from two_heads.weightings import AGGREGATORS, MOST_HEADS

ONE_HEAD = Experiment(architecture=Architecture(heads=(Head.for_task("level"),)))
UNEQUAL = Experiment(
    architecture=Architecture(heads=(Head.for_task("level"), Head.for_task("level", name="two", units=2)))
)
LESSON, OTHER = load(SHIPPED).lessons[:2]


def trained(experiment=None, **training):
    return next_steps.after_train(
        (experiment or Experiment()).model_copy(update={"training": Training(**training)}), "finished"
    )


def changed(step, experiment=None):
    """The settings of the training that the link changes."""
    before, after = (each.training.model_dump() for each in (experiment or Experiment(), step.experiment))
    return {key: value for key, value in after.items() if before[key] != value}


def many(heads, **styles):
    return Experiment(
        architecture=Architecture(heads=tuple(Head.for_task("level", name=f"h{i}") for i in range(heads))), **styles
    )


@given(experiments())
def test_each_link_opens_its_settings_and_every_sentence_ends(experiment):
    steps = [
        next_steps.after_compare(experiment),
        *(next_steps.after_train(experiment, seen) for seen in ("none", "running", "finished")),
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
    second = next_steps.after_train(first.experiment, "finished")
    assert "makes the steps of SGD 2 times as long from the same weights" in second.sentence
    assert changed(second, first.experiment) == {"combine": "mean"}
    third = next_steps.after_train(second.experiment, "finished")
    assert (third.page, third.experiment) == ("claims", None)


def test_totals_that_weight_the_heads_differently_or_not_at_all_lead_to_the_mean():
    for step, words in (
        (trained(combine="own", weights=(1, 3)), "weight the heads differently"),
        (trained(UNEQUAL), "weight the heads differently"),
        (trained(combine="own", weights=(0, 0)), "The total loss of Functional is 0"),
        (trained(combine="own", weights=(1e-39, 1e-39)), "The total loss of Functional is 0"),
    ):
        assert words in step.sentence
        assert step.experiment.training.combine == "mean"
        assert "With the mean" not in next_steps.after_train(step.experiment, "finished").sentence


def test_a_method_leads_to_the_lab_or_to_the_sum():
    step = trained(combine="upgrad")
    assert (step.page, step.options) == ("lab", {"methods": "upgrad"})
    rule = trained(combine="uw")
    assert (rule.page, rule.experiment.training.combine) == ("train", "sum")
    unused = trained(Experiment(right="functional_fused"), combine="upgrad")
    assert unused.page == "claims", "no style here has several losses"


def test_the_lab_leads_to_the_first_method_shown_where_heads_can_be_combined():
    lab = next_steps.after_lab
    assert changed(lab(Experiment(), ("mean", "mgda", "pcgrad"))) == {"combine": "mgda"}
    assert changed(lab(Experiment(), ("mean",))) == {"combine": "mean"}
    assert AGGREGATORS["mgda"].title in lab(Experiment(), ("mgda",)).label
    fused = lab(Experiment(right="functional_fused"), ("pcgrad",))
    assert (fused.experiment.right, fused.experiment.training.combine) == ("functional", "pcgrad")
    assert lab(ONE_HEAD, ("pcgrad",)).page == ""
    assert lab(many(MOST_HEADS), ("pcgrad",)).page == "train"
    assert lab(many(MOST_HEADS + 1), ("pcgrad",)).page == ""


def test_claims_and_learn_lead_to_the_first_lesson_with_open_questions():
    steps = len(LESSON.steps)
    for after in (next_steps.after_claims, next_steps.after_lessons):
        assert after(Experiment(), [(LESSON, 0), (OTHER, 0)]).options == {"lesson": LESSON.id}
        assert after(Experiment(), [(LESSON, steps), (OTHER, 1)]).options == {"lesson": OTHER.id}
    assert "has 1 question that" in next_steps.after_lessons(Experiment(), [(LESSON, steps - 1)]).sentence
    assert next_steps.after_lessons(Experiment(), [(LESSON, steps)]).page == "room"
    assert next_steps.after_lessons(Experiment(), []).page == ""
    assert next_steps.after_claims(Experiment(), []).page == "learn"
