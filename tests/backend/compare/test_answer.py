"""The answer follows architecture, styles and loss settings."""

from __future__ import annotations

import pytest
from hypothesis import given

from backend.compare.answer import Network, answer, compare
from backend.compare.parts import Part
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from backend.experiment.training import Training
from backend.experiment.versus import Versus
from backend.network.neurons import head_edges
from backend.network.parameters import parameters
from backend.speed.findings import recorded_difference
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


def test_other_settings_on_the_right_of_a_training_change_no_answer() -> None:
    assert answer(THREAD.model_copy(update={"versus": Versus(batch=8)})) == answer(THREAD)


def test_with_the_mean_the_loss_has_the_same_scale() -> None:
    mean = THREAD.model_copy(update={"training": Training(combine="mean")})
    assert not [part for part in answer(mean).different if "loss" in part.words]


def test_a_method_that_only_one_style_trains_with_is_a_difference() -> None:
    method = THREAD.model_copy(update={"training": Training(combine="pcgrad")})
    different = words(answer(method).different)
    assert different[1:3] == [
        "how a step combines the heads (PCGrad in Functional, the mean over all units in Sequential)",
        "the scale of the loss (Functional's is ×2)",
    ]
    both = method.model_copy(update={"left": "subclassing"})
    assert not [part for part in words(answer(both).different) if "combines" in part]


def test_two_functional_models_with_one_output_each_differ_in_nothing_but_the_way_they_are_written() -> None:
    one = Experiment(architecture=Architecture(heads=(Head.for_task("level", name="level"),)))
    assert words(answer(one).different) == ["the way it is written"]
    assert answer(one).equal[1].words == "same 8 connections into the head"


def test_one_style_twice_differs_in_nothing() -> None:
    twice = THREAD.model_copy(update={"left": "functional"})
    assert (answer(twice).verdict, answer(twice).different) == ("twice", ())


def test_a_style_that_cannot_express_the_network_is_named() -> None:
    heads = (Head.for_task("level", name="level"), Head.for_task("spike", name="spike"))
    found = answer(Experiment(architecture=Architecture(heads=heads)))
    assert found.verdict == "impossible"
    assert found.lead == "No: these heads need layers of their own"
    assert "Sequential" in found.note
    assert "activation" in found.note
    deep = Head(name="level", hidden=(8,))
    assert (
        answer(Experiment(architecture=Architecture(heads=(deep,)))).lead
        == "Not in Two Heads: this head has layers of its own"
    )


def test_different_networks_are_not_called_the_same() -> None:
    equal, unequal = compare(Network(2, {"a→b": 16}, 16, 20), Network(2, {"a→b": 8}, 8, 12))
    assert equal == ()
    assert words(unequal) == ["20 against 12 parameters", "16 against 8 connections into the heads"]


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
    assert head_edges(experiment.architecture, left) == head_edges(experiment.architecture, right)
    assert (found.verdict == "impossible") == bool(found.note)
    assert len({part.words for part in found.different}) == len(found.different)
    if left.key == right.key:
        assert not found.different


def test_the_first_dense_layer_may_have_one_neuron() -> None:
    narrow = Architecture(dense=(DenseLayer(units=1),), heads=(Head.for_task("level", name="level"),))
    assert answer(Experiment(architecture=narrow)).equal[1].words == "same connection into the head"
