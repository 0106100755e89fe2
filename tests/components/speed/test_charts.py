"""The figures of a sweep: hollow dots within noise, one line per style, axes that do not move."""

import pytest

from backend.speed.sweep import MODES
from components.speed.charts import CONTROL_NAME, counts, ratios, times
from components.theme import NEUTRAL, pattern, style_colour
from tests.backend.speed.points import point

POINTS = [point(1, 1.0), point(2, 1.2), point(8, 1.5), point(2, 1.4, mode="steps")]
KS = [1, 2, 8, 32]


def named(figure, name):
    (trace,) = [trace for trace in figure.data if trace.name == name]
    return trace


def test_a_dot_is_hollow_within_noise_and_filled_beyond_it():
    figure = ratios(POINTS, "fit", KS)
    trace = named(figure, MODES["fit"].title)
    assert tuple(trace.x) == (1, 2, 8)
    assert tuple(trace.marker.symbol) == ("circle-open", "circle", "circle")
    assert min(trace.error_y.array) > 0
    assert tuple(named(figure, MODES["steps"].title).x) == (2,)
    assert tuple(named(figure, CONTROL_NAME).y) == pytest.approx((1, 1, 1), abs=0.01)
    assert "within noise at 1 head" in figure.layout.meta


def test_each_style_has_its_colour_and_pattern_and_a_line_of_medians():
    figure = times(POINTS, "fit", KS, "train")
    for title, style, last in (("Functional", "functional", 1.5), ("Functional, fused", "functional_fused", 1.0)):
        trace = named(figure, title)
        assert (trace.line.dash, trace.line.color) == (pattern(style), style_colour(style))
        assert trace.y[-1] == pytest.approx(last, rel=0.01)  # ms
    assert len(figure.data) == 3 * 3, "a line and two edges of a band for each style"


def test_times_above_a_second_are_in_seconds():
    assert times(POINTS, "fit", KS, "first_call").layout.yaxis.title.text == "time (s)"
    assert times(POINTS, "fit", KS, "train").layout.yaxis.title.text == "time (ms)"


def test_counts_are_those_of_the_traced_graphs():
    figure = counts(POINTS, "fit", KS, lambda figures: figures.operations, "operations")
    assert tuple(named(figure, "Functional").y) == (700, 850, 1750)
    assert tuple(named(figure, "Functional, fused").y) == (700, 700, 700)


@pytest.mark.parametrize("points", [[], POINTS[:1], POINTS])
def test_the_axis_does_not_move_while_points_arrive(points):
    figures = [ratios(points, "fit", KS), times(points, "fit", KS, "infer"), times(points, "xla", KS, "build")]
    for figure in figures:
        assert tuple(figure.layout.xaxis.tickvals) == tuple(KS)
        assert figure.layout.xaxis.range == ratios([], "fit", KS).layout.xaxis.range


def test_the_modes_beside_the_chosen_one_have_lines_that_differ():
    modes = [point(k, 1.2, mode=mode) for mode in MODES for k in (2, 8)]
    for chosen in MODES:
        figure = ratios(modes, chosen, KS)
        others = [named(figure, MODES[mode].title).line for mode in MODES if mode != chosen]
        assert len({line.dash for line in others}) == len(others)
        assert {line.color for line in others} == {NEUTRAL}, "in its full contrast"
