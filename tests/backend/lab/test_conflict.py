"""Question 2: its verdict on any evidence."""

import math

import pytest

from backend.questions.lab import QUESTIONS
from backend.questions.lab.conflict import OPTIONS, ConflictEvidence, ConflictSettings, Series

QUESTION = QUESTIONS["conflict"]


def evidence(rates, rhos=(0.0, 1.0)):
    """Two epochs: a start that does not count, and the rates, which differ a little from seed to seed."""
    settings = ConflictSettings(rhos=rhos, epochs=1)
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
