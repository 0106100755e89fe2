"""The figures of a sweep: hollow dots within noise, axes that do not move."""

import pytest

from backend.questions.speed.sweep import MODES
from components.speed.charts import CONTROL_NAME, ratios, times
from tests.backend.questions.speed.points import point

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
    assert "takes 1.50 times" in figure.layout.meta


@pytest.mark.parametrize("points", [[], POINTS[:1], POINTS])
def test_the_axis_does_not_move_while_points_arrive(points):
    figures = [ratios(points, "fit", KS), times(points, "fit", KS, "infer"), times(points, "xla", KS, "build")]
    for figure in figures:
        assert tuple(figure.layout.xaxis.tickvals) == tuple(KS)
        assert figure.layout.xaxis.range == ratios([], "fit", KS).layout.xaxis.range
