"""Bars begin at zero. That every picture can be drawn is tested in `tests/backend/questions`."""

import math

import plotly.graph_objects as go
import pytest

from backend.questions.pictures import (
    Bar,
    Bars,
    of_task,
)
from components.investigations.figures import figure


def drawn(picture):
    """The figure as plain data; Plotly validates it."""
    return go.Figure(figure(picture).to_dict()).to_dict()


def bars(*values):
    return Bars("Bars", [Bar(f"bar {i}", ((value, of_task(i)),), f"{value}") for i, value in enumerate(values)])


@pytest.mark.parametrize("values", [(1.0, 2.0), (0.0, -4.0), (0.0,), (-1.0, 1.0), (math.nan, 1.0)])
def test_bars_begin_at_a_zero_line_that_is_in_sight(values):
    found = drawn(bars(*values))
    low, high = found["layout"]["xaxis"]["range"]
    assert low <= 0 < high
    assert found["layout"]["xaxis"]["zeroline"]
    assert all(trace["base"] == [0] for trace in found["data"] if trace["type"] == "bar")
