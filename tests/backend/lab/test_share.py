"""Question 6: equal sizes, the changes and their intervals, and the verdict for every evidence."""

import math

import numpy as np
import pytest

from backend.lab.sharing.models import MODELS, TOLERANCE, sizes
from backend.lab.sharing.problem import pair_of_tasks
from backend.questions.lab import share as share
from backend.statistics.intervals import interval
from tests.backend.lab.shared import evidence, spoiled

ALWAYS, RELATED, NO = share.OPTIONS


@pytest.mark.parametrize("units", range(8, 33))
def test_all_networks_have_as_many_parameters_within_five_percent(units):
    found = sizes(units)
    counts = {key: model.parameters(found[key]) for key, model in MODELS.items()}
    assert list(counts) == list(found)
    assert all(abs(count / counts["separate"] - 1) <= TOLERANCE for count in counts.values())


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda key, rho: -0.2, ALWAYS),
        (lambda key, rho: -0.3 if rho == 1 else 0.1, RELATED),
        (lambda key, rho: -0.3 * rho + 0.1, RELATED),
        (lambda key, rho: 0.2, NO),
        (lambda key, rho: -0.3 if key != "hard" else 0.2, NO),
        (lambda key, rho: -0.3 if rho == 0 else 0.1, None),
        (lambda key, rho: {0.0: -0.1, 0.5: -0.2, 1.0: -0.3}[rho], ALWAYS),
        (lambda key, rho: {0.0: -0.01, 0.5: -0.02, 1.0: -0.03}[rho], NO),
        (lambda key, rho: {0.0: 0.0, 0.5: -0.01, 1.0: -0.03}[rho], NO),
        (lambda key, rho: {0.0: 0.1, 0.5: 0.3, 1.0: -0.2}[rho], RELATED),
        (lambda key, rho: {0.0: -0.2, 0.5: 0.2, 1.0: -0.2}[rho], None),
    ],
)
def test_the_answer_is_that_of_hard_sharings_intervals(change, answer):
    assert share.judge(evidence(change)).answer == answer


def test_the_change_is_the_mean_of_both_heads_with_an_interval_over_the_seeds():
    found = evidence(lambda key, rho: -0.4, head_b=0.5)
    (change, *_) = found.changes("hard")
    assert change.median == np.median(change.values) == pytest.approx(-0.3, abs=0.02)
    assert change.interval == interval(change.values)


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_diverged_network_beside_hard_sharing_has_no_interval_and_changes_no_answer(loss):
    verdict = share.judge(spoiled(evidence(lambda key, rho: -0.2), "mmoe", 1.0, loss))
    assert verdict.answer == ALWAYS


def test_the_relatedness_is_that_of_the_clean_targets():
    def correlation(rho):
        _, _, _, y = pair_of_tasks(64, 4000, 10, 2, rho, 1.0, 3)
        return np.corrcoef(y["a"][:, 0], y["b"][:, 0])[0, 1]

    assert correlation(1.0) == pytest.approx(1)
    assert correlation(0.5) == pytest.approx(0.5, abs=0.15)
    assert abs(correlation(0.0)) < 0.15
