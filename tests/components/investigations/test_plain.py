"""Pictures as plain data: whatever the numbers are, marks lie on their axes, and the data are JSON."""

from __future__ import annotations

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.questions.lab import QUESTIONS
from backend.questions.pictures import (
    Bar,
    Bars,
    Line,
    Lines,
    Readings,
    Reference,
    Spread,
    of_task,
)
from components.investigations import plain
from components.lab import lesson as lab
from components.theme import task_hue

NUMBERS = st.floats(-1e6, 1e6) | st.just(math.nan) | st.just(math.inf)
POSITIVE = st.floats(1e-6, 1e6) | st.just(math.nan) | st.just(math.inf)


def drawn(picture):
    """The picture as the browser gets it. JSON has neither NaN nor infinity."""
    return json.loads(json.dumps(plain.picture(picture), allow_nan=False))


def on_axis(values, axis):
    """Whether all of the values that can be drawn lie within the axis, up to the five digits of a value."""
    room = 1e-4 * (abs(axis["low"]) + abs(axis["high"]))
    known = [value for value in values if value is not None and not (axis["log"] and value <= 0)]
    assert all(axis["low"] - room <= value <= axis["high"] + room for value in known)
    assert all(axis["low"] - room <= value <= axis["high"] + room for value, _ in axis["ticks"])
    assert axis["low"] < axis["high"]


@given(st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_lines_lie_on_their_axes(values, log, filled):
    lines = [Line(f"line {i}", each, of_task(i)) for i, each in enumerate(values)]
    made = drawn(Lines("Title", [1, 2, 3], lines, filled=filled, log=log, x_name="epoch"))
    assert (made["title"], made["alt"], made["x_name"]) == ("Title", "Title", "epoch")
    assert [line["colour"] for line in made["lines"]] == [task_hue(i) for i in range(len(values))]
    on_axis([value for line in made["lines"] for value in line["values"]], made["y"])
    assert made["y"]["log"] == (log and any(0 < value < math.inf for each in values for value in each))
    on_axis([1, 2, 3], made["x_axis"])


@given(
    st.lists(st.tuples(st.lists(POSITIVE, max_size=4), POSITIVE), min_size=1, max_size=4),
    st.sampled_from(["ratios", "shares", "percent", "linear"]),
)
def test_rows_of_dots_lie_on_their_axis_with_its_reference(rows, scale):
    readings = [Readings("row", values, "", end / 2, end) for values, end in rows]
    made = drawn(Spread("Title", readings, Reference(1.0, "alone"), scale))
    marks = [value for row in made["rows"] for value in (*row["values"], row["low"], row["high"])]
    on_axis([*marks, 1.0], made["axis"])
    assert made["reference"] == [1.0, "alone"]
    if scale == "percent":
        assert all(words.endswith("%") for _, words in made["axis"]["ticks"])


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_bars_begin_at_zero_and_end_in_the_picture(values):
    made = drawn(Bars("Title", [Bar("bar", [(value, of_task(0)) for value in parts], "text") for parts in values]))
    assert made["low"] <= 0 <= made["high"]
    for parts in values:
        if math.isfinite(end := sum(parts)):
            assert made["low"] <= end <= made["high"]


@pytest.mark.parametrize("key", QUESTIONS)
def test_no_recorded_picture_tells_its_finding_before_it_may(key):
    """What a picture is called without its finding depends on the settings alone: not on what the runs gave."""
    found = lab.evidence(key)
    assert found is not None
    chart = QUESTIONS[key].draw(found)
    neutral = plain.picture(chart, finding=False)["title"]
    assert not re.search(r"\b(beats?|better than|leaves|times|No method)\b", neutral)
    telling = key in ("scale", "beat")
    assert (neutral != plain.picture(chart)["title"]) == telling
