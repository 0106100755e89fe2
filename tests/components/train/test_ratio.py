"""The ratio of the totals: its number, how it varied, and its chart."""

from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.training import Training
from components.train import ratio
from tests.builders.epochs import epochs


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
