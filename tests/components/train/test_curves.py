"""Curves from epochs: which lines are drawn, how they are named, and gaps where there is no value."""

import warnings
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from backend.experiment.architecture import Head
from components.charts.figure import SerializedFigure
from components.theme import chip, pattern, style_colour, translucent
from components.train import curves
from tests.components.train.run import STYLES, epochs, lines

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


def test_a_line_has_its_styles_colour_and_pattern_and_its_name_at_its_end():
    figure = curves.total(epochs(3), STYLES, log=True)
    drawn = lines(figure)
    assert list(drawn) == ["Sequential", "Functional", "Sequential, validation", "Functional, validation"]
    assert list(drawn["Sequential"].y) == [1, 1 / 2, 1 / 3]
    assert list(drawn["Functional"].x) == [1, 2, 3]
    for name, style in (("Sequential", "sequential"), ("Functional", "functional")):
        thin = drawn[f"{name}, validation"].line
        assert {drawn[name].line.dash, thin.dash} == {pattern(style)}
        assert {drawn[name].line.color, thin.color} == {translucent(style_colour(style), 1)}
        assert drawn[name].line.width > thin.width
    assert figure.layout.showlegend is False
    assert labels(figure) == ["Sequential", "both sides, validation, identical", "Functional"]
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.meta == "After epoch 3, validation loss: Sequential 0.5, Functional 0.5"
    go.Figure(figure.to_dict())  # Plotly's own validation


def test_captions_say_what_the_titles_said_when_the_run_was_at_that_epoch():
    two_seeds = [*epochs(3), *epochs(3, seed=1, ratio=3)]
    before, *after = curves.captions(two_seeds, STYLES, [LEVEL], [0, 1, 3])
    assert before == ["Before training", "before training"]
    for (total, level), frame in zip(after, (1, 3), strict=True):
        so_far = [epoch for epoch in two_seeds if epoch.epoch <= frame]
        assert total == curves.total(so_far, STYLES, log=True).layout.meta
        assert level
        assert curves.task(so_far, STYLES, LEVEL, 0, log=True).layout.meta.endswith(f" · {level}")


def test_an_earlier_run_has_the_names_and_looks_of_its_own_sides():
    sides = ("batch=32", "batch=8")
    drawn = lines(curves.total(epochs(3), sides, log=True, before=epochs(2), styles_before=STYLES))
    assert {"Sequential, earlier run", "Functional, earlier run", "Batch 32", "Batch 8"} <= set(drawn)
    assert drawn["Functional, earlier run"].line.dash == pattern("functional")


def test_labels_keep_their_distance_and_are_joined_to_their_lines():
    figure = curves.total(epochs(3, validation=0.334, ratio=1.05), STYLES, log=True)
    notes = [note for note in figure.layout.annotations if note.showarrow]
    assert [note.arrowcolor for note in notes] == [
        style_colour(style) for style in ("sequential", "functional", "functional")
    ]
    assert {note.x for note in notes} == {3}
    low, high = figure.layout.yaxis.range
    tall = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    middles = [tall * (note.y - low) / (high - low) - note.ay for note in notes]
    for (one, below), (other, above) in pairwise(zip(notes, middles, strict=True)):
        assert above - below >= 7 * (one.text.count("<br>") + other.text.count("<br>") + 2), "half of each label"
    assert min(middles) >= 0
    assert max(middles) <= tall


@pytest.mark.parametrize(
    ("ratio", "log", "said"),
    [
        (1.0, True, ["both sides, identical"]),
        (1.0004, True, ["both sides, identical within 0.04%"]),
        (1.00041, True, ["both sides, identical within 0.05%"]),
        (1.0004, False, ["both sides, identical within 4 × 10⁻⁴"]),
        (1.5, True, ["Sequential", "Functional"]),
    ],
)
def test_lines_that_hide_each_other_have_one_label_that_says_within_what_they_agree(ratio, log, said):
    figure = curves.total(epochs(4, validation=None, ratio=ratio), STYLES, log=log)
    assert labels(figure) == said


def test_a_line_that_ends_early_says_why():
    ran = epochs(4, validation=None)
    ran[2].right.total, ran[3].right.total = float("inf"), float("nan")
    for log in (True, False):
        figure = curves.total(ran, STYLES, log=log)
        assert labels(figure)[-1] == "Functional (epoch 3: NaN or infinite)"
        assert np.isfinite(figure.layout.yaxis.range).all()
        assert "NaN" not in str(SerializedFigure(figure).to_dict()["data"])
    assert figure.layout.meta == "After epoch 4, training loss: Sequential 0.25, Functional NaN or infinite"


def test_a_seed_that_diverged_counts_in_the_median():
    ran = [
        *epochs(2, seed=0, validation=None),
        *epochs(2, seed=1, validation=None),
        *epochs(2, seed=2, validation=None),
    ]
    ran[1].left.total = ran[3].left.total = float("nan")
    figure = curves.total(ran, STYLES, log=True)
    assert list(lines(figure)["Sequential"].y) == [1, np.inf], "two of three seeds diverged"


def test_a_loss_of_zero_is_named_where_the_axis_has_no_place_for_it():
    ran = epochs(2, validation=None)
    for epoch in ran:
        epoch.right.total = 0.0
    figure = curves.total(ran, STYLES, log=True)
    assert "Functional: 0, not on a logarithmic axis" in [note.text for note in figure.layout.annotations]
    assert labels(figure) == ["Sequential"]
    assert labels(curves.total(ran, STYLES, log=False)) == ["Functional", "Sequential"]


def test_the_axis_of_epochs_is_fixed_from_the_start():
    figures = [curves.total(epochs(count), STYLES, True, (), 20) for count in (0, 1, 7, 20)]
    assert {tuple(figure.layout.xaxis.range) for figure in figures} == {tuple(curves.x_range(20))}
    low, high = curves.x_range(20)
    assert 0 < low < 1
    assert 20 < high < 21
    assert {figure.layout.margin.l for figure in figures} == {curves.MARGIN["l"]}
    beside = curves.total(epochs(2), STYLES, True, epochs(30), 20)
    assert list(beside.layout.xaxis.range) == curves.x_range(30), "an earlier run may be longer"


def test_one_epoch_is_a_point():
    figure = curves.total(epochs(1), STYLES, True, (), 1)
    assert {trace.mode for trace in figure.data if trace.name} == {"markers"}


def test_the_same_style_on_both_sides_is_named_by_side():
    drawn = lines(curves.total(epochs(2), ("functional", "functional"), log=False))
    assert {"Functional (left)", "Functional (right)"} <= set(drawn)
    assert drawn["Functional (left)"].line.dash != drawn["Functional (right)"].line.dash


def test_before_a_run_the_axes_are_empty():
    for figure in (curves.total([], STYLES, log=True), curves.task([], STYLES, LEVEL, 0, log=True)):
        assert all(len(trace.x) == 0 for trace in figure.data)
        assert figure.layout.height
        assert figure.layout.meta
        assert len(figure.layout.yaxis.tickvals) == 0, "no invented range"


@pytest.mark.parametrize("seeds", [1, 3])
def test_without_validation_there_is_no_validation_line(seeds):
    ran = [epoch for seed in range(seeds) for epoch in epochs(3, seed, validation=None)]
    for figure in (curves.total(ran, STYLES, log=True), curves.task(ran, STYLES, LEVEL, 0, log=True)):
        assert list(lines(figure)) == ["Sequential", "Functional"]


def test_several_seeds_are_drawn_as_a_median_in_a_band_even_if_one_has_fewer_epochs():
    ran = epochs(3, seed=0) + epochs(3, seed=1, ratio=4.0) + epochs(1, seed=2, ratio=9.0)
    figure = curves.total(ran, STYLES, log=False)
    assert list(lines(figure)["Functional"].y) == [4.0, 1.5, 1.0], "medians of 2, 4, 9; of 1, 2; of 2/3, 4/3"
    bands = [trace for trace in figure.data if not trace.name]
    assert [list(trace.y) for trace in bands if trace.y[0] in (2.0, 9.0)] == [[2, 1, 2 / 3], [9, 2, 4 / 3]]
    assert [trace.fill for trace in bands] == [None, "tonexty"] * 4
    assert {trace.mode for trace in bands} == {"lines"}, "no points on the edges of a band"
    assert figure.layout.meta.startswith("After epoch 3, validation loss, median of 2 seeds: ")
    assert "band: smallest to largest of 3 seeds" in figure.layout.annotations[0].text


def test_an_earlier_run_is_drawn_faintly_and_without_validation():
    figure = curves.total(epochs(2), STYLES, log=True, before=epochs(5))
    drawn = lines(figure)
    assert list(drawn)[:2] == ["Sequential, earlier run", "Functional, earlier run"]
    assert len(drawn["Sequential, earlier run"].x) == 5
    assert drawn["Sequential, earlier run"].line.color == translucent(style_colour("sequential"), 0.35)
    assert "Functional, earlier run" in labels(figure)


def test_a_task_is_named_in_the_title_with_its_hue_and_its_title_is_plain_text():
    head = Head(name="trend", task="trend", loss="mae", label="*steep* $x$")
    figure = curves.task(epochs(2), STYLES, head, 1, log=False)
    assert list(lines(figure)["Functional"].y) == [1.0, 0.5]
    assert lines(figure)["Sequential"].line.color == translucent(style_colour("sequential"), 1)
    assert figure.layout.annotations[0].text == "mae"
    assert figure.layout.meta == chip(1) + r" \*steep\* \$x\$ · validation loss: Sequential 0.5, Functional 0.5"


def test_the_height_of_a_figure_stays_the_same_while_it_grows():
    looks = [curves.total(epochs(count), STYLES, log=True) for count in (0, 1, 7)]
    assert len({(look.layout.height, look.layout.uirevision) for look in looks}) == 1
