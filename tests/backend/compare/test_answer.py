"""The answer follows architecture, styles and loss settings."""

from __future__ import annotations

import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.network.neurons import head_edges
from backend.network.parameters import parameters
from backend.questions.compare.answer import Part, answer
from backend.questions.speed.findings import recorded_difference
from tests.builders.strategies import experiments

THREAD = Experiment()


def words(parts: tuple[Part, ...]) -> list[str]:
    return [part.words for part in parts]


def test_the_thread_s_question_is_answered() -> None:
    found = answer(THREAD)
    assert found.verdict == "same"
    assert words(found.equal) == ["4,762 parameters", "same 16 connections into the heads"]
    _, step = recorded_difference(2) or pytest.fail("the recorded sweep found no difference")
    assert words(found.different) == [
        "the shape of the outputs",
        "the scale of the loss (Functional's is ×2)",
        "the range of the initial weights",
        f"the time of a step (Functional's was ×{step.median:.2f} with 2 heads)",
    ]


@pytest.mark.parametrize("left", STYLES)
@pytest.mark.parametrize("right", STYLES)
def test_every_pair_of_styles_has_an_answer(left: str, right: str) -> None:
    found = answer(THREAD.model_copy(update={"left": left, "right": right}))
    assert found.verdict == ("twice" if left == right else "same")
    assert bool(found.different) == (left != right)


@given(experiments())
def test_the_numbers_are_those_of_the_arithmetic(experiment: Experiment) -> None:
    found = answer(experiment)
    left, right = experiment.styles()
    assert f"{parameters(experiment.architecture, left):,} parameters" == found.equal[0].words
    assert parameters(experiment.architecture, left) == parameters(experiment.architecture, right)
    assert head_edges(experiment.architecture, left) == head_edges(experiment.architecture, right)
    assert (found.verdict == "impossible") == bool(found.note)
    assert len({part.words for part in found.different}) == len(found.different)
    if left.key == right.key:
        assert not found.different
