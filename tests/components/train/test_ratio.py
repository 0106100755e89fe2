"""The ratio of the totals: its number, how it varied, and its chart."""

import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.training import Training
from components.train import curves, ratio
from tests.components.train.run import STYLES, epochs, lines


def varied(*ratios):
    ran = epochs(len(ratios))
    for epoch, value in zip(ran, ratios, strict=True):
        epoch.right.total = value * epoch.left.total
    return ran


def test_a_steady_ratio_is_a_number_and_a_varying_one_a_chart():
    steady = varied(2.0, 2.02, 1.99, 2.0)
    assert ratio.latest(steady) == ("2.00", "After epoch 4")
    assert ratio.variation_sentence(steady) == "In all 4 epochs the ratio is within 1% of this value."
    assert not curves.ratio_varies(steady)

    assert ratio.variation_sentence(varied(2.0, 2.0)) == "The ratio is the same in all 2 epochs."

    wild = varied(2.0, 1.5, 2.5, 2.4)
    assert ratio.latest(wild) == ("2.40", "After epoch 4")
    assert ratio.latest(wild, ended=True) == ("2.40", "At the end, after epoch 4")
    assert ratio.variation_sentence(wild) == "It varies from 1.5 to 2.5."
    assert curves.ratio_varies(wild)


@pytest.mark.parametrize("values", [(), (2.0,), (0.0, 0.0), (float("nan"), float("inf"))])
def test_a_ratio_without_two_values_does_not_vary(values):
    ran = varied(*values)
    assert not curves.ratio_varies(ran)
    assert ratio.variation_sentence(ran) == ""
    assert (ratio.latest(ran) is None) == (not values)


def test_the_ratio_is_drawn_with_its_finding_and_the_ratio_for_equal_outputs():
    ran, whole = epochs(4, ratio=2.1), Experiment(training=Training(epochs=4))
    figure = ratio.ratio(ran, STYLES, 2.0, ratio.ratio_title(ran, whole))
    assert figure.layout.meta == "The total loss of Functional ends at 2.1 times that of Sequential"
    assert [note.text for note in figure.layout.annotations] == ["equal outputs: 2"]
    assert np.allclose(lines(figure)["ratio"].y, 2.1)
    low, high = figure.layout.yaxis.range
    assert (low, high > 2.1) == (0, True)

    same = Experiment(training=Training(combine="mean", epochs=4))
    assert ratio.ratio_title(epochs(4, ratio=1.0), same) == (
        "Functional and Sequential end with the same total loss, within 0.5%"
    )


def test_only_a_complete_run_ends_at_a_ratio():
    """The title of a running, cancelled or stopped run names its latest epoch."""
    title = ratio.ratio_title(epochs(7, ratio=2.1), Experiment())
    assert title == "The total loss of Functional is 2.1 times that of Sequential after epoch 7"


def test_the_title_says_that_the_ratio_of_several_seeds_is_their_median():
    three = Experiment(training=Training(epochs=4, seeds=3))
    ran = [*epochs(4, seed=0, ratio=1.5), *epochs(4, seed=1, ratio=2.5), *epochs(2, seed=2, ratio=3.5)]
    so_far = "The total loss of Functional is 2 times that of Sequential after epoch 4 (median of 2 of 3 seeds)"
    assert ratio.ratio_title(ran, three) == so_far
    whole = [*ran[:8], *epochs(4, seed=2, ratio=3.5)]
    ended = "The total loss of Functional ends at 2.5 times that of Sequential (median of 3 seeds)"
    assert ratio.ratio_title(whole, three) == ended


def test_an_undefined_ratio_is_a_gap_in_the_line():
    ran = epochs(2)
    ran[0].left.total = 0.0
    figure = ratio.ratio(ran, STYLES, 2.0)
    assert np.isnan(lines(figure)["ratio"].y[0])
    assert np.isfinite(figure.layout.yaxis.range).all()
