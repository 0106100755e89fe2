"""Question 2: its verdict on any evidence, and what it reads of the visitor's network."""

import math

import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.questions.lab import QUESTIONS
from backend.questions.lab.conflict import OPTIONS, ConflictEvidence, ConflictSettings, Series

QUESTION = QUESTIONS["conflict"]
RELATED = (Head(name="first", task="related_a"), Head(name="last"), Head(name="second", task="related_b"))
OWN = ConflictSettings(problem="own")


def network(*heads, **sequences):
    return Experiment(architecture=Architecture(heads=heads), sequences=Sequences(**sequences))


def evidence(rates, rhos=(0.0, 1.0), **settings):
    """Two epochs: a start that does not count, and the rates, which differ a little from seed to seed."""
    settings = ConflictSettings(rhos=rhos, epochs=1, **settings)
    series = tuple(
        Series(
            heads=("a", "b"), rho=rho,
            rates=tuple((0.9, rate + 0.001 * seed) for seed in range(8)),
        )
        for rho, rate in zip(rhos, rates, strict=True)
    )  # fmt: skip
    return ConflictEvidence(settings=settings, series=series)


@pytest.mark.parametrize(
    ("rates", "rhos", "answer"),
    [
        ((0.5, 0.1), (0.0, 1.0), OPTIONS[0]),
        ((0.1, 0.5), (1.0, 0.0), OPTIONS[0]),  # in any order
        ((0.1, 0.5, 0.1), (-1.0, 0.0, 0.5), OPTIONS[0]),  # -1 has most in common
        ((0.5, 0.48), (0.0, 1.0), OPTIONS[1]),
        ((0.1, 0.5), (0.0, 1.0), OPTIONS[2]),
        ((0.1, 0.5), (-1.0, 1.0), None),  # as much in common
        ((0.5, 0.5), (0.9, 1.0), None),  # nearly as much in common
        ((0.5, 0.1), (0.0, 0.5), None),
        ((0.5, math.nan), (0.0, 1.0), None),
    ],
)
def test_the_answer_compares_the_least_related_tasks_with_the_most_related(rates, rhos, answer):
    verdict = QUESTION.test(evidence(rates, rhos))
    assert verdict.answer == answer
    assert ("cannot tell" in verdict.finding) == (answer is None)


@pytest.mark.parametrize(
    ("heads", "pairs", "words"),
    [
        ((Head(name="level"),), [], "one head"),
        (RELATED, [(0, 2)], None),
        ((Head(name="one"), Head(name="two"), Head(name="three")), [(0, 1), (0, 2), (1, 2)], None),
        (tuple(Head(name=f"h{n}") for n in range(9)), None, "takes at most 8"),
    ],
)
def test_the_related_pair_is_dialled_and_other_heads_are_compared_pair_by_pair(heads, pairs, words):
    settings = OWN.on(network(*heads))
    refusal = QUESTION.refuse(settings)
    assert refusal is None if words is None else words in refusal
    assert pairs is None or settings.pairs == pairs
    assert QUESTION.refuse(ConflictSettings().on(network(*heads))) is None
    assert QUESTION.seconds(settings) > 0
