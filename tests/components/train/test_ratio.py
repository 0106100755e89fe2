"""The ratio of the totals: its number, how it varied, and its chart."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.training import Training
from components.train import ratio
from tests.components.train.run import epochs, lines


def varied(*ratios):
    ran = epochs(len(ratios), validation=None)
    for epoch, value in zip(ran, ratios, strict=True):
        epoch.right.total = value * epoch.left.total
    return ran


def test_a_steady_ratio_is_a_number_and_a_varying_one_a_chart():
    steady = varied(2.0, 2.02, 1.99, 2.0)
    assert ratio.latest(steady) == ("2.00", "After epoch 4")
    assert ratio.variation_sentence(steady) == "In all 4 epochs the ratio is within 1% of this value."
    assert not ratio.ratio_varies(steady)

    assert ratio.variation_sentence(varied(2.0, 2.0)) == "The ratio is the same in all 2 epochs."

    wild = varied(2.0, 1.5, 2.5, 2.4)
    assert ratio.latest(wild) == ("2.40", "After epoch 4")
    assert ratio.latest(wild, ended=True) == ("2.40", "At the end, after epoch 4")
    assert ratio.variation_sentence(wild) == "It varies from 1.5 to 2.5."
    assert ratio.ratio_varies(wild)


@pytest.mark.parametrize("values", [(), (2.0,), (0.0, 0.0), (float("nan"), float("inf"))])
def test_a_ratio_without_two_values_does_not_vary(values):
    ran = varied(*values)
    assert not ratio.ratio_varies(ran)
    assert ratio.variation_sentence(ran) == ""
    assert (ratio.latest(ran) is None) == (not values)


@pytest.mark.parametrize("last", [float("nan"), float("inf")])
@pytest.mark.parametrize("before", [2.0, 2.01])
def test_a_last_ratio_that_is_not_finite_is_no_value_to_compare_others_with(before, last):
    ran = varied(before, 2.0, last)
    assert ratio.latest(ran) == ("none", "After epoch 3")
    assert ratio.variation_sentence(ran) == "The ratio is finite in 2 of 3 epochs."


def test_the_ratio_is_drawn_with_the_ratio_for_equal_outputs():
    figure = ratio.ratio(epochs(4, validation=None, ratio=2.1), 2.0)
    assert [note.text for note in figure.layout.annotations] == ["equal predictions: 2"]
    assert np.allclose(lines(figure)["ratio"].y, 2.1)
    low, high = figure.layout.yaxis.range
    assert (low, high > 2.1) == (0, True)


def page(experiment, ran):
    from components.charts.figure import Keyed
    from components.train import ratio

    ratio.show(experiment, Keyed("a run", tuple(ran)))


def test_the_page_says_of_how_many_seeds_the_ratio_is_the_median():
    three = Experiment(training=Training(epochs=4, seeds=3, validation=0))
    ran = [
        *epochs(4, seed=0, validation=None, ratio=1.5), *epochs(4, seed=1, validation=None, ratio=2.5),
        *epochs(2, seed=2, validation=None, ratio=3.5),
    ]  # fmt: skip
    for seen, value, words in (
        (ran, "2.00", "At the end, after epoch 4 (median of 2 of 3 seeds)."),
        (
            [*ran[:8], *epochs(4, seed=2, validation=None, ratio=3.5)],
            "2.50",
            "At the end, after epoch 4 (median of 3 seeds).",
        ),
    ):
        app = AppTest.from_function(page, kwargs={"experiment": three, "ran": seen}).run()
        assert not app.exception
        assert [metric.value for metric in app.metric] == [value]
        assert app.caption[0].value.startswith(words)


@pytest.mark.parametrize(
    ("validation", "name", "value"),
    [(0.2, "Total validation loss", "3.00"), (0, "Total training loss", "2.00")],
)
def test_the_ratio_is_that_of_the_validation_losses_if_there_are_any_and_its_name_says_so(validation, name, value):
    ran = epochs(4, validation=0.25 if validation else None, ratio=2.0)
    for epoch in ran if validation else ():
        epoch.right.val_total = 0.75
    setting = Experiment(training=Training(epochs=4, validation=validation))
    app = AppTest.from_function(page, kwargs={"experiment": setting, "ran": ran}).run()
    assert [(metric.label, metric.value) for metric in app.metric] == [(f"{name}, Functional ÷ Sequential", value)]


def test_an_undefined_ratio_is_a_gap_in_the_line():
    ran = epochs(2, validation=None)
    ran[0].left.total = 0.0
    figure = ratio.ratio(ran, 2.0)
    assert np.isnan(lines(figure)["ratio"].y[0])
    assert np.isfinite(figure.layout.yaxis.range).all()
