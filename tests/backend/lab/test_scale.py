"""Question 1: its verdict on any evidence, what it reads of the visitor's network, and its bounds."""

import math

import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.questions.lab import QUESTIONS
from backend.questions.lab.scale import OPTIONS, Arm, ScaleEvidence, ScaleSettings

QUESTION = QUESTIONS["scale"]
CLASSES = Head.for_task("spike")
OWN = ScaleSettings(problem="own")


def network(*heads):
    return Experiment(architecture=Architecture(heads=heads))


def evidence(settings=None, seeds=8, **ratios):
    """Both heads have the loss 1 alone. The ratios of head b differ a little from seed to seed."""
    settings = settings or ScaleSettings(seeds=seeds)
    losses = {"alone": [1.0] * seeds}
    for arm in settings.arms[1:]:
        losses[arm] = [ratios.get(arm, 1.0) * (1 + 0.001 * seed) for seed in range(seeds)]
    arms = tuple(Arm(key=arm, losses=tuple((1.0, each) for each in found)) for arm, found in losses.items())
    return ScaleEvidence(settings=settings, arms=arms, sigmas=((10.0, 1.0),) * seeds)


@pytest.mark.parametrize(
    ("ratios", "answer"),
    [
        ({"sum": 1.0}, OPTIONS[0]),
        ({"sum": 0.5}, OPTIONS[0]),
        ({"sum": 1.04}, OPTIONS[0]),  # above its loss alone, but by less than 5 %
        ({"sum": 1.048}, None),  # its interval contains 5 %
        ({"sum": 1.5, "uw": 1.0, "gradnorm": 4.0}, OPTIONS[1]),
        ({"sum": 1.5, "uw": 1.5, "gradnorm": 1.3}, OPTIONS[2]),
        ({"sum": 1.5, "uw": 1.4, "gradnorm": 1.3}, OPTIONS[3]),
        ({"sum": 1.5, "uw": 1.5, "gradnorm": 4.0}, OPTIONS[4]),
        ({"sum": 1.5, "uw": math.nan, "gradnorm": math.inf}, OPTIONS[4]),
        ({"sum": math.nan}, None),
        ({"sum": math.inf, "uw": 1.0}, None),
    ],
)
def test_the_answer_follows_from_the_intervals(ratios, answer):
    verdict = QUESTION.test(evidence(**ratios))
    assert verdict.answer == answer
    assert ("cannot tell" in verdict.finding) == (answer is None)


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        ((Head(name="level"),), "one head"),
        ((CLASSES, Head.for_task("spike", name="again")), "no such head"),
        (tuple(Head(name=f"h{n}") for n in range(17)), "17 heads, and this question takes at most 16"),
        ((CLASSES, Head(name="level")), None),
        (tuple(Head(name=f"h{n}") for n in range(16)), None),
    ],
)
def test_a_network_that_cannot_be_asked_gets_a_sentence(heads, words):
    refusal = QUESTION.refuse(OWN.on(network(*heads)))
    assert refusal is None if words is None else words in refusal
    assert QUESTION.refuse(ScaleSettings().on(network(*heads))) is None, "the toy has its own heads"
    QUESTION.seconds(OWN.on(network(*heads)))


def test_visitors_share_what_does_not_depend_on_their_network():
    mine = network(Head(name="level", label="Mine"), Head(name="trend", task="trend"))
    assert ScaleSettings().on(mine) == ScaleSettings()
    assert ScaleSettings(experiment=mine).on(mine) == ScaleSettings()
    changed = Experiment.model_validate(mine.model_dump() | {"left": "functional", "training": {"optimizer": "sgd"}})
    assert OWN.on(mine) == OWN.on(changed)
    assert OWN.on(mine).experiment.architecture.heads[0].label == ""
    assert OWN.on(mine) != OWN.on(network(Head(name="level"), Head(name="last", task="last")))
    assert OWN.on(mine).on(mine) == OWN.on(mine)


def test_only_the_first_regression_head_is_scaled():
    settings = OWN.on(network(CLASSES, Head(name="level"), Head(name="last", task="last")))
    (scaled,) = [line for line in QUESTION.script(settings).splitlines() if line.endswith("* factor),")]
    assert scaled.lstrip().startswith("(level_target, ")
