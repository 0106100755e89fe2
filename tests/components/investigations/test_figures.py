"""Every kind of picture is a valid figure, with a base or a reference, at the limits of what a claim can measure."""

import math

import plotly.graph_objects as go
import pytest

from backend.investigations.pictures import (
    Agreement,
    Bar,
    Bars,
    Line,
    Lines,
    Links,
    Points,
    Readings,
    Reference,
    Side,
    Spread,
    of_style,
    of_task,
)
from components.investigations.colours import hue
from components.investigations.figures import figure
from components.theme import NEUTRAL, task_hue


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


def test_a_split_bar_has_gaps_and_the_same_length():
    parts = ((9.0, of_task(0)), (9.0, of_task(1)))
    joined, split = Bar("joined", parts, "18"), Bar("split", parts, "18", ("9", "9"), split=True)
    one, two, left, right, _ = drawn(Bars("Bars", [joined, split]))["data"]
    assert one["base"][0] + one["x"][0] == two["base"][0]
    assert left["base"][0] + left["x"][0] < right["base"][0]
    assert right["base"][0] + right["x"][0] == pytest.approx(18, rel=0.01)
    assert one["marker"]["color"] == left["marker"]["color"] == task_hue(0)


def test_shares_far_apart_are_on_a_logarithmic_axis_with_decades():
    rows = [Readings("SGD", [0.4, 0.5]), Readings("Adam (yours)", [1e-4, 2e-4], emphasised=True)]
    found = drawn(Spread("Spread", rows, Reference(0.03, "limit"), scale="shares"))["layout"]
    assert found["xaxis"]["type"] == "log"
    assert found["xaxis"]["ticktext"] == ["0.01%", "0.1%", "1%", "10%"]
    assert found["annotations"][0]["x"] == pytest.approx(math.log10(0.03))
    assert found["shapes"][0]["x0"] == 0.03


def test_ratios_far_apart_have_a_tick_at_one():
    found = drawn(Spread("Spread", [Readings("one", [1 / 32, 16.0])], Reference(1.0, "equally fast")))["layout"][
        "xaxis"
    ]
    assert "1" in found["ticktext"]


@pytest.mark.parametrize(("scale", "value", "name"), [("shares", 0.03, "limit"), ("ratios", 1.0, "equally fast")])
@pytest.mark.parametrize("values", [[1e-9, 1e-6], [1e-6, 50.0], [10.0, 50.0]])
def test_the_axis_of_a_spread_has_room_for_the_name_of_its_reference(scale, value, name, values):
    """Plotly makes room for an annotation at an end of the axis, as wide as it is on the screen, if it may choose."""
    found = drawn(Spread("Spread", [Readings("one", values)], Reference(value, name), scale=scale))["layout"]
    assert "range" not in found["xaxis"]
    assert found["annotations"][0].get("xref", "x") == "x", "Plotly makes no room for what is at a place of the paper"


def test_ratios_close_together_are_on_a_linear_axis_with_their_reference():
    rows = [Readings("Functional", [1.1, 1.2], of_style("functional"), 1.05, 1.3), Readings("control", [1.0])]
    found = drawn(Spread("Spread", rows, Reference(1.0, "equally fast")))
    assert found["layout"].get("xaxis", {}).get("type") != "log"
    assert found["layout"]["shapes"][0]["x0"] == 1.0
    assert [trace["mode"] for trace in found["data"]] == ["markers", "lines+markers", "markers"]


def test_a_distribution_is_filled_from_the_zero_line():
    line = Line("one head", [50, 50, 0], of_style("functional"))
    found = drawn(Lines("Lines", [-1, 0, 1], [line], filled=True))
    (trace,) = found["data"]
    assert trace["x"] == [-1, -1, 0, 1]
    assert trace["y"] == [0, 50, 50, 0]
    assert trace["fill"] == "tozeroy"
    assert found["layout"]["yaxis"]["rangemode"] == "tozero"


def test_agreement_has_the_line_of_equal_values():
    points = Points("level", [0.1, math.nan], [0.1, 0.2], of_task(0))
    equal, level = drawn(Agreement("Agreement", [points]))["data"]
    assert equal["x"] == equal["y"] == [0.1, 0.2]
    assert level["marker"]["color"] == task_hue(0)


def test_links_draw_each_connection_once_and_a_box_round_each_layer():
    sides = [Side("Sequential: 6", [[(1, 0), (2, 1)]]), Side("Functional: 6", [[(1, 0)], [(2, 1)]])]
    found = drawn(Links("Links", 2, sides))
    lines = [trace for trace in found["data"] if trace["mode"] == "lines"]
    assert sum(trace["x"].count(None) for trace in lines) == 12
    assert [shape["type"] for shape in found["layout"]["shapes"]] == ["rect"] * 3


def test_colours_are_those_of_all_pages():
    assert hue(of_task(1)) == task_hue(1)
    assert hue("") == NEUTRAL
    assert hue(of_style("sequential")) != hue(of_style("functional"))
