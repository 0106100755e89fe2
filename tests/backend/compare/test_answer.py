"""The answer follows architecture, styles and loss settings."""

from __future__ import annotations

import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.experiment.training import Training
from backend.network.neurons import head_edges
from backend.network.parameters import parameters
from backend.questions.compare.answer import answer
from backend.questions.speed.findings import recorded_difference
from tests.builders.strategies import experiments

THREAD = Experiment()
#: The most words of a sentence that a page shows at rest.
MOST = 25


def training(**values: object) -> Experiment:
    return THREAD.model_copy(update={"training": Training.model_validate(values)})


def test_the_thread_s_question_is_answered() -> None:
    found = answer(THREAD)
    assert found.verdict == "same"
    assert "4,762 parameters" in found.lead
    assert "Functional's total loss is 2 times as large: Adam mostly cancels this" in found.training
    _, step = recorded_difference(2) or pytest.fail("the recorded sweep found no difference")
    why = " ".join(found.why)
    assert "the same 16 edges" in why
    assert f"Functional's was {step.median:.2f} times as long with 2 heads" in why


@pytest.mark.parametrize("left", STYLES)
@pytest.mark.parametrize("right", STYLES)
def test_every_pair_of_styles_has_an_answer(left: str, right: str) -> None:
    found = answer(THREAD.model_copy(update={"left": left, "right": right}))
    assert found.verdict == ("twice" if left == right else "same")
    assert bool(found.training) == (left != right)
    assert any(sentence.startswith("These differ") for sentence in found.why) == (left != right)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"combine": "mean"}, "both sides have the same total loss"),
        ({"combine": "own", "weights": (1, 3)}, "weight the heads differently"),
        ({"combine": "pcgrad"}, "PCGrad combines the heads of Functional"),
        ({"optimizer": "lion"}, "2 times as large: Lion cancels this, but SGD's steps"),
        ({"optimizer": "sgd"}, "2 times as large: SGD's steps become 2 times as long, but Adam"),
    ],
)
def test_training_differs_by_how_the_heads_are_combined(values: dict[str, object], words: str) -> None:
    assert words in answer(training(**values)).training


@given(experiments())
def test_an_answer_is_short_and_its_numbers_are_those_of_the_arithmetic(experiment: Experiment) -> None:
    found = answer(experiment)
    left, right = experiment.styles()
    architecture = experiment.architecture
    assert parameters(architecture, left) == parameters(architecture, right)
    assert head_edges(architecture, left) == head_edges(architecture, right)
    assert (found.verdict == "impossible") == bool(found.note)
    assert bool(found.note) or f"{parameters(architecture, left):,} parameters" in found.lead
    for sentence in (found.lead, found.training, found.choice):
        assert len(sentence.split()) <= MOST


@given(experiments())
def test_the_style_that_is_advised_can_express_the_network(experiment: Experiment) -> None:
    advised = [style for style in STYLES.values() if answer(experiment).choice.startswith(f"Choose {style.title},")]
    assert advised
    assert all(style.unsupported_reason(experiment.architecture) is None for style in advised)
