"""Curves from epochs: which lines are drawn, how they are named, and gaps where there is no value."""

import warnings

import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Head
from backend.experiment.training import Training
from backend.training.result import Epoch, Losses
from components.theme import NEUTRAL, pattern, task_hue, translucent
from components.train import curves

STYLES = ("sequential", "functional")
MEAN = Head(name="mean")


@pytest.fixture(autouse=True)
def _no_warnings():
    """A warning from NumPy would go to the server's log at each redraw."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def losses(total, validation):
    heads = {"mean": total / 2, "trend": total / 2}
    val_heads = dict.fromkeys(heads, validation) if validation is not None else {}
    return Losses(total=total, heads=heads, val_total=validation, val_heads=val_heads)


def epochs(count, seed=0, validation=0.5, ratio=2.0):
    return [
        Epoch(
            seed=seed,
            epoch=epoch,
            left=losses(1 / epoch, validation),
            right=losses(ratio / epoch, validation),
            seconds=epoch,
        )
        for epoch in range(1, count + 1)
    ]


def lines(figure):
    """The drawn lines by name, without bands."""
    return {trace.name: trace for trace in figure.data if trace.name}


@pytest.mark.parametrize("validation", [0.5, None])
def test_the_axis_mentions_validation_only_where_there_is_some(validation):
    figure = curves.total(epochs(2, validation=validation), STYLES, log=True)
    assert ("validation" in figure.layout.yaxis.title.text) == (validation is not None)


def test_a_total_has_one_pattern_and_one_legend_entry_per_style():
    figure = curves.total(epochs(3), STYLES, log=True)
    drawn = lines(figure)
    assert list(drawn) == ["Sequential", "Sequential, validation", "Functional", "Functional, validation"]
    assert list(drawn["Sequential"].y) == [1, 1 / 2, 1 / 3]
    assert list(drawn["Functional"].x) == [1, 2, 3]
    for name, style in (("Sequential", "sequential"), ("Functional", "functional")):
        assert {drawn[name].line.dash, drawn[f"{name}, validation"].line.dash} == {pattern(style)}
        assert drawn[name].line.width > drawn[f"{name}, validation"].line.width
    assert [trace.name for trace in figure.data if trace.showlegend] == ["Sequential", "Functional"]
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.meta == "After epoch 3: Sequential 0.333, Functional 0.667"


def test_the_same_style_on_both_sides_is_named_by_side():
    drawn = lines(curves.total(epochs(2), ("functional", "functional"), log=False))
    assert {"Functional (left)", "Functional (right)"} <= set(drawn)
    assert drawn["Functional (left)"].line.dash != drawn["Functional (right)"].line.dash


def test_before_a_run_the_axes_are_empty():
    for figure in (
        curves.total([], STYLES, log=True),
        curves.ratio([], STYLES, 2.0, curves.ratio_title([], Experiment())),
        curves.task([], STYLES, MEAN, 0, log=True),
    ):
        assert all(len(trace.x) == 0 for trace in figure.data)
        assert figure.layout.height
        assert figure.layout.meta


@pytest.mark.parametrize("seeds", [1, 3])
def test_without_validation_there_is_no_validation_line(seeds):
    ran = [epoch for seed in range(seeds) for epoch in epochs(3, seed, validation=None)]
    for figure in (curves.total(ran, STYLES, log=True), curves.task(ran, STYLES, MEAN, 0, log=True)):
        assert list(lines(figure)) == ["Sequential", "Functional"]


def test_several_seeds_are_drawn_as_a_median_in_a_band_even_if_one_has_fewer_epochs():
    ran = epochs(3, seed=0) + epochs(3, seed=1, ratio=4.0) + epochs(1, seed=2, ratio=9.0)
    figure = curves.total(ran, STYLES, log=False)
    assert list(lines(figure)["Functional"].y) == [4.0, 1.5, 1.0], "medians of 2, 4, 9; of 1, 2; of 2/3, 4/3"
    bands = [trace for trace in figure.data if not trace.name]
    assert [list(trace.y) for trace in bands if trace.y[0] in (2.0, 9.0)] == [[2, 1, 2 / 3], [9, 2, 4 / 3]]
    assert [trace.fill for trace in bands] == [None, "tonexty"] * 4
    assert {trace.mode for trace in bands} == {"lines"}, "no points on the edges of a band"
    assert figure.layout.meta.startswith("After epoch 3 of seed 0: ")


def test_an_earlier_run_is_drawn_faintly_and_without_validation():
    figure = curves.total(epochs(2), STYLES, log=True, before=epochs(5))
    drawn = lines(figure)
    assert list(drawn)[:2] == ["Sequential, before", "Functional, before"]
    assert len(drawn["Sequential, before"].x) == 5
    assert drawn["Sequential, before"].line.color == translucent(NEUTRAL, 0.28)


def test_a_task_is_drawn_in_its_hue_with_its_own_loss_and_its_title_is_plain_text():
    head = Head(name="trend", task="trend", loss="mae", label="*steep* $x$")
    figure = curves.task(epochs(2), STYLES, head, 1, log=False)
    assert list(lines(figure)["Functional"].y) == [1.0, 0.5]
    assert lines(figure)["Sequential"].line.color == translucent(task_hue(1), 1)
    assert figure.layout.yaxis.title.text == "mae"
    assert figure.layout.meta == r"\*steep\* \$x\$"


def test_the_ratio_is_drawn_with_its_finding_and_the_ratio_for_equal_outputs():
    ran, whole = epochs(4, ratio=2.1), Experiment(training=Training(epochs=4))
    figure = curves.ratio(ran, STYLES, 2.0, curves.ratio_title(ran, whole))
    assert figure.layout.meta == "The total loss of Functional ends at 2.1 times that of Sequential"
    assert [note.text for note in figure.layout.annotations] == ["equal outputs: 2"]
    assert np.allclose(lines(figure)["ratio"].y, 2.1)
    low, high = figure.layout.yaxis.range
    assert (low, high > 2.1) == (0, True)

    same = Experiment(training=Training(combine="mean", epochs=4))
    assert curves.ratio_title(epochs(4, ratio=1.0), same) == (
        "Functional and Sequential end with the same total loss, within 0.5%"
    )


def test_only_a_complete_run_ends_at_a_ratio():
    """The title of a running, cancelled or stopped run names its latest epoch."""
    title = curves.ratio_title(epochs(7, ratio=2.1), Experiment())
    assert title == "The total loss of Functional is 2.1 times that of Sequential after epoch 7"


def test_the_title_says_that_the_ratio_of_several_seeds_is_their_median():
    three = Experiment(training=Training(epochs=4, seeds=3))
    ran = [*epochs(4, seed=0, ratio=1.5), *epochs(4, seed=1, ratio=2.5), *epochs(2, seed=2, ratio=3.5)]
    so_far = "The total loss of Functional is 2 times that of Sequential after epoch 4 (median of 2 of 3 seeds)"
    assert curves.ratio_title(ran, three) == so_far
    whole = [*ran[:8], *epochs(4, seed=2, ratio=3.5)]
    ended = "The total loss of Functional ends at 2.5 times that of Sequential (median of 3 seeds)"
    assert curves.ratio_title(whole, three) == ended


def test_an_undefined_ratio_is_a_gap_in_the_line():
    ran = epochs(2)
    ran[0].left.total = 0.0
    figure = curves.ratio(ran, STYLES, 2.0)
    assert np.isnan(lines(figure)["ratio"].y[0])
    assert np.isfinite(figure.layout.yaxis.range).all()


def test_the_height_of_a_figure_stays_the_same_while_it_grows():
    looks = [curves.total(epochs(count), STYLES, log=True) for count in (0, 1, 7)]
    assert len({(look.layout.height, look.layout.uirevision) for look in looks}) == 1


def test_the_ratio_names_both_styles_or_the_sides_where_both_are_one_style():
    assert curves.ratio(epochs(2), STYLES, None).layout.yaxis.title.text == "Functional ÷<br>Sequential"
    twins = curves.ratio(epochs(2), ("functional", "functional"), None)
    assert twins.layout.yaxis.title.text == "right ÷<br>left"
