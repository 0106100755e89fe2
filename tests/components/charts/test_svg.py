"""Pictures as SVG: whatever the numbers are, marks lie in the picture, and text that others wrote stays text."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.questions.lab import QUESTIONS
from backend.questions.pictures import Bar, Bars, Line, Lines, Links, Readings, Reference, Side, Spread, of_task
from backend.rooms.pictures import Option, Region, Runs, Votes
from components.charts import svg
from components.investigations.parts import of_picture
from components.lab import lesson as lab

NUMBERS = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf])
ROWS = st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=4)
NAME = "<b>&\"'"
LINKS = Links("Links", 3, [Side("one", [[(1, 0), (2, 1)]]), Side("two", [[(1, 0)], [(2, 1)]])])


def drawn(picture, frame=svg.HAND):
    """The picture as a tree. Each number of a place is finite and within the picture, with room for words."""
    tree = ElementTree.fromstring(svg.html(picture, frame))
    drawing = tree.find(".//svg[@viewBox]")
    if drawing is None:
        return tree
    _, _, width, height = map(float, drawing.get("viewBox").split())
    for mark in drawing.iter():
        for name in ("x", "cx", "x1", "y", "cy", "width", "height"):
            at = float(mark.get(name, 0))
            assert -1 <= at <= (width if name in ("x", "cx", "width") else height) + 1, (name, mark.attrib)
        assert "nan" not in mark.get("d", "")
        assert "inf" not in mark.get("d", "")
    return tree


def marks(tree, name):
    return [mark for mark in tree.iter() if name in mark.get("class", "").split()]


@given(ROWS, st.booleans(), st.booleans())
def test_lines_lie_in_the_picture(values, log, filled):
    lines = [Line(f"{NAME} {i}", each, of_task(i)) for i, each in enumerate(values)]
    for frame in (svg.HAND, svg.WALL, svg.HALF):
        tree = drawn(Lines(NAME, [1, 2, 3], lines, filled=filled, log=log, x_name="epoch"), frame)
        assert len(list(tree.iter("li"))) == len(values)
        assert marks(tree, "title")[0].text == NAME


@given(ROWS, st.sampled_from(["ratios", "shares", "percent", "whole", "linear"]))
def test_rows_of_dots_lie_in_the_picture_with_their_reference(values, scale):
    readings = [Readings(NAME, row, "", row[0], row[1]) for row in values]
    tree = drawn(Spread(NAME, readings, Reference(1.0, "alone"), scale, note="what it means"))
    assert "alone" in [text.text for text in tree.iter("text")]
    assert len(list(tree.iter("circle"))) == sum(math.isfinite(value) for row in values for value in row)


@given(ROWS, st.sampled_from([1, -1]))
def test_bars_lie_in_the_picture(values, sign):
    parts = [[(sign * abs(value), of_task(0)) for value in row] for row in values]
    bars = [Bar(NAME, each, "text", ["1"], split=True) for each in parts]
    for frame in (svg.HAND, svg.WALL):
        assert len(list(drawn(Bars("Title", bars), frame).iter("rect"))) == sum(map(len, values))


@given(ROWS, st.booleans())
def test_the_runs_of_a_class_lie_in_the_picture_one_path_each(values, judged):
    if not any(math.isfinite(value) for row in values for value in row):
        return
    regions = (Region("A", -math.inf, 2.0, (3, 4)), Region("B", 2.0, 5.0))
    curves = tuple(map(tuple, values))
    tree = drawn(Runs("Runs", (1, 2, 3), curves, regions, (2.0, math.inf) if judged else None))
    paths = " ".join(path.get("d") for path in marks(tree, "run")).split(" ")
    assert len(paths) == len(values), "a phone finds the run of its participant by position"
    assert len(marks(tree, "expected")) == judged
    assert {"A: 3 → 4", "B"} <= {text.text for text in tree.iter("text")}


def test_a_large_class_has_few_paths():
    runs = Runs("Runs", (1, 2), tuple((1.0, float(n)) for n in range(500)))
    found = [path.get("d") for path in marks(drawn(runs), "run")]
    assert len(found) <= 60
    assert len(" ".join(found).split(" ")) == 500


def test_a_value_between_two_gaps_is_a_dash():
    line = Line("a", [1.0, math.nan, 2.0, 3.0])
    paths = [path.get("d") for path in drawn(Lines("", [1, 2, 3, 4], [line])).iter("path")]
    assert any(re.fullmatch(r"M[\d.,]+h6M[\d.,]+l[\d.,-]+", path) for path in paths)


def test_connections_are_all_there():
    found = [path.get("d").count("M") for path in drawn(LINKS, svg.WALL).iter("path")]
    assert found == [3] * 6


def test_votes_are_bars_with_their_numbers():
    votes = Votes((Option("A", NAME, True, (1, 3)), Option("B", "b", False, (3, 1))), (4, 4))
    tree = drawn(votes)
    assert [bar.text for bar in tree.iter("span")][:2] == ["1 (25 %) before", "3 (75 %) after"]
    assert marks(tree, "right")[0].findtext("p") == f"✓ {NAME}"


@pytest.mark.parametrize("key", QUESTIONS)
def test_no_recorded_picture_tells_its_finding_before_it_may(key):
    """What a picture is called without its finding depends on the settings alone: not on what the runs gave."""
    found = lab.evidence(key)
    assert found is not None
    chart = QUESTIONS[key].draw(found)
    neutral = of_picture(chart, False).picture.title
    assert not re.search(r"\b(beats?|better than|leaves|times|No method)\b", neutral)
    assert (neutral != chart.title) == (key in ("scale", "beat"))
