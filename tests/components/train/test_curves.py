"""Curves from epochs: what is drawn, how it is named, and that nothing is made up where nothing came."""

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
    """A warning of NumPy would go to the server's log at each redraw."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
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
def test_validation_is_named_where_there_is_any(validation):
    figure = curves.total(epochs(2, validation=validation), STYLES, log=True)
    assert ("validation" in figure.layout.yaxis.title.text) == (validation is not None)


def test_a_total_has_both_styles_told_apart_by_pattern_and_named_once():
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
    assert figure.layout.meta == "After epoch 3: Sequential 0.3333, Functional 0.6667"


def test_one_style_on_both_sides_is_told_apart_by_side():
    drawn = lines(curves.total(epochs(2), ("functional", "functional"), log=False))
    assert {"Functional (left)", "Functional (right)"} <= set(drawn)
    assert drawn["Functional (left)"].line.dash != drawn["Functional (right)"].line.dash


def test_before_a_run_the_axes_stand_empty():
    for figure in (
        curves.total([], STYLES, log=True),
        curves.ratio([], 2.0, curves.ratio_title([], Experiment())),
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


def test_several_seeds_are_a_median_in_a_band_also_while_one_is_behind():
    ran = epochs(3, seed=0) + epochs(3, seed=1, ratio=4.0) + epochs(1, seed=2, ratio=9.0)
    figure = curves.total(ran, STYLES, log=False)
    assert list(lines(figure)["Functional"].y) == [4.0, 1.5, 1.0], "medians of 2, 4, 9; of 1, 2; of 2/3, 4/3"
    bands = [trace for trace in figure.data if not trace.name]
    assert [list(trace.y) for trace in bands if trace.y[0] in (2.0, 9.0)] == [[2, 1, 2 / 3], [9, 2, 4 / 3]]
    assert [trace.fill for trace in bands] == [None, "tonexty"] * 4
    assert {trace.mode for trace in bands} == {"lines"}, "no points on the edges of a band"
    assert figure.layout.meta.startswith("After epoch 3: "), "the first seed's"


def test_an_earlier_run_stays_faintly_and_without_validation():
    figure = curves.total(epochs(2), STYLES, log=True, before=epochs(5))
    drawn = lines(figure)
    assert list(drawn)[:2] == ["Sequential, before", "Functional, before"]
    assert len(drawn["Sequential, before"].x) == 5
    assert drawn["Sequential, before"].line.color == translucent(NEUTRAL, 0.28)


def test_a_task_has_its_hue_its_own_loss_and_its_name_as_text():
    head = Head(name="trend", task="trend", loss="mae", label="*steep* $x$")
    figure = curves.task(epochs(2), STYLES, head, 1, log=False)
    assert list(lines(figure)["Functional"].y) == [1.0, 0.5]
    assert lines(figure)["Sequential"].line.color == translucent(task_hue(1), 1)
    assert figure.layout.yaxis.title.text == "mae"
    assert figure.layout.meta == r"\*steep\* \$x\$"


def test_the_ratio_says_its_finding_beside_what_equal_outputs_give():
    ran, whole = epochs(4, ratio=2.1), Experiment(training=Training(epochs=4))
    figure = curves.ratio(ran, 2.0, curves.ratio_title(ran, whole))
    assert figure.layout.meta == "Functional ends at 2.10 times Sequential's total"
    assert [note.text for note in figure.layout.annotations] == ["equal outputs: 2"]
    assert np.allclose(lines(figure)["ratio"].y, 2.1)
    low, high = figure.layout.yaxis.range
    assert (low, high > 2.1) == (0, True)

    same = Experiment(training=Training(combine="mean", epochs=4))
    assert curves.ratio_title(epochs(4, ratio=1.0), same) == "Functional and Sequential end with the same total"


def test_only_a_whole_run_ends_at_a_ratio():
    """One that still runs, was cancelled or was stopped has come to an epoch."""
    title = curves.ratio_title(epochs(7, ratio=2.1), Experiment())
    assert title == "Functional is at 2.10 times Sequential's total after epoch 7"


def test_the_ratio_of_several_seeds_is_their_median_and_says_so():
    three = Experiment(training=Training(epochs=4, seeds=3))
    ran = [*epochs(4, seed=0, ratio=1.5), *epochs(4, seed=1, ratio=2.5), *epochs(2, seed=2, ratio=3.5)]
    so_far = "Functional is at 2.00 times Sequential's total after epoch 4 (median of 2 of 3 seeds)"
    assert curves.ratio_title(ran, three) == so_far
    whole = [*ran[:8], *epochs(4, seed=2, ratio=3.5)]
    assert curves.ratio_title(whole, three) == "Functional ends at 2.50 times Sequential's total (median of 3 seeds)"


def test_a_ratio_without_numbers_is_a_gap():
    ran = epochs(2)
    ran[0].left.total = 0.0
    figure = curves.ratio(ran, 2.0)
    assert np.isnan(lines(figure)["ratio"].y[0])
    assert np.isfinite(figure.layout.yaxis.range).all()


def test_nothing_jumps_between_two_looks():
    looks = [curves.total(epochs(count), STYLES, log=True) for count in (0, 1, 7)]
    assert len({(look.layout.height, look.layout.uirevision) for look in looks}) == 1
