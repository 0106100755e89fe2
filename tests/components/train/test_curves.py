"""Curves from epochs: which lines are drawn, how they are named, and gaps where there is no value."""

import warnings

import numpy as np
import plotly.graph_objects as go
import pytest

from backend.experiment.architecture import Head
from components.charts.figure import SerializedFigure
from components.theme import chip, pattern, style_colour, translucent
from components.train import curves
from tests.builders.epochs import STYLES, epochs, lines

LEVEL = Head(name="level")


@pytest.fixture(autouse=True)
def _no_warnings():
    """A warning from NumPy would go to the server's log at each redraw."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def labels(figure):
    """The texts at the lines' ends, from the lowest to the highest, each in one line."""
    return [note.text.replace("<br>", " ") for note in figure.layout.annotations if note.showarrow]


def apart(ran):
    """The same epochs, in which the right side's validation losses are 1.5 times the left side's."""
    for epoch in ran:
        right = epoch.right
        right.val_total *= 1.5
        right.val_heads = {head: 1.5 * loss for head, loss in right.val_heads.items()}
    return ran


def test_losses_that_agree_in_every_epoch_are_one_line():
    figure = curves.total(epochs(3), STYLES, log=True)
    assert list(lines(figure)) == ["Sequential, training", "Functional, training", "both sides"]
    ran = epochs(3, validation=None, ratio=1.0001)
    assert list(lines(curves.total(ran, STYLES, log=True))) == ["both sides"]
    assert labels(curves.total(ran, STYLES, log=True)) == ["both sides, within 0.01%"]
    ran[1].right.total = float("nan")
    assert list(lines(curves.total(ran, STYLES, log=True))) == ["Sequential", "Functional"]


def test_a_line_has_its_styles_colour_and_pattern_and_its_name_at_its_end():
    ran = apart(epochs(3))
    figure = curves.total(ran, STYLES, log=True)
    drawn = lines(figure)
    assert list(drawn) == ["Sequential, training", "Functional, training", "Sequential", "Functional"]
    assert list(drawn["Sequential, training"].y) == [1, 1 / 2, 1 / 3]
    assert list(drawn["Functional"].x) == [1, 2, 3]
    for name, style in (("Sequential", "sequential"), ("Functional", "functional")):
        thin = drawn[f"{name}, training"].line
        assert {drawn[name].line.dash, thin.dash} == {pattern(style)}
        assert {drawn[name].line.color, thin.color} == {translucent(style_colour(style), 1)}
        assert drawn[name].line.width > thin.width
    assert figure.layout.showlegend is False
    assert labels(figure) == ["Sequential", "Functional"], "training is named once"
    assert figure.layout.annotations[0].text == "total loss; thin: training"
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.meta == "Total validation loss after epoch 3: Sequential 0.5, Functional 0.75"
    go.Figure(figure.to_dict())  # Plotly's own validation


def test_a_line_that_becomes_nan_ends_there():
    ran = epochs(4, validation=None)
    ran[2].right.total, ran[3].right.total = float("inf"), float("nan")
    for log in (True, False):
        figure = curves.total(ran, STYLES, log=log)
        assert labels(figure)[-1] == "Functional"
        assert np.isfinite(figure.layout.yaxis.range).all()
        assert "NaN" not in str(SerializedFigure(figure).to_dict()["data"])
    assert figure.layout.meta == "Total training loss after epoch 4: Sequential 0.25, Functional NaN or infinite"


def test_a_seed_that_diverged_counts_in_the_median():
    ran = [
        *epochs(2, seed=0, validation=None),
        *epochs(2, seed=1, validation=None),
        *epochs(2, seed=2, validation=None),
    ]
    ran[1].left.total = ran[3].left.total = float("nan")
    figure = curves.total(ran, STYLES, log=True)
    assert list(lines(figure)["Sequential"].y) == [1, np.inf], "two of three seeds diverged"


@pytest.mark.parametrize("seeds", [1, 3])
def test_without_validation_there_is_no_validation_line(seeds):
    ran = [epoch for seed in range(seeds) for epoch in epochs(3, seed, validation=None)]
    for figure in (curves.total(ran, STYLES, log=True), curves.task(ran, STYLES, LEVEL, 0, log=True)):
        assert list(lines(figure)) == ["Sequential", "Functional"]


def test_several_seeds_are_drawn_as_a_median_in_a_band_even_if_one_has_fewer_epochs():
    ran = [
        *epochs(3, seed=0, validation=None), *epochs(3, seed=1, validation=None, ratio=4.0),
        *epochs(1, seed=2, validation=None, ratio=9.0),
    ]  # fmt: skip
    figure = curves.total(ran, STYLES, log=False)
    assert list(lines(figure)["Functional"].y) == [4.0, 1.5, 1.0], "medians of 2, 4, 9; of 1, 2; of 2/3, 4/3"
    bands = [trace for trace in figure.data if not trace.name]
    assert [list(trace.y) for trace in bands if trace.y[0] in (2.0, 9.0)] == [[2, 1, 2 / 3], [9, 2, 4 / 3]]
    assert [trace.fill for trace in bands] == [None, "tonexty"] * 2
    assert {trace.mode for trace in bands} == {"lines"}, "no points on the edges of a band"
    assert figure.layout.meta.startswith("Total training loss after epoch 3, median of 2 seeds: ")
    assert "band: smallest to largest of 3 seeds" in figure.layout.annotations[0].text


def test_a_task_is_named_in_the_title_with_its_hue_and_its_title_is_plain_text():
    head = Head(name="trend", task="trend", loss="mae", label="*steep* $x$")
    figure = curves.task(apart(epochs(2)), STYLES, head, 1, log=False)
    assert list(lines(figure)["Functional, training"].y) == [1.0, 0.5]
    assert lines(figure)["Sequential"].line.color == translucent(style_colour("sequential"), 1)
    assert figure.layout.annotations[0].text == "mae"
    assert figure.layout.meta == chip(1) + (
        r" \*steep\* \$x\$, validation loss after epoch 2: Sequential 0.5, Functional 0.75"
    )
