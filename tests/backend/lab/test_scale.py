"""Question 1: its verdict on any evidence."""

import math

import pytest

from backend.questions.lab import QUESTIONS
from backend.questions.lab.scale import OPTIONS, Arm, ScaleEvidence, ScaleSettings

QUESTION = QUESTIONS["scale"]


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


def test_only_the_first_head_of_the_app_is_scaled():
    (scaled,) = [
        line for line in QUESTION.script(ScaleSettings(problem="app")).splitlines() if line.endswith("* factor),")
    ]
    assert scaled.lstrip().startswith("(level_target, ")
