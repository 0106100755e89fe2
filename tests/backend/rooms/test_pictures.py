"""The pictures of a class as data: what a phone reads of them is what was measured."""

from __future__ import annotations

import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.lessons import parse
from backend.rooms import pictures
from backend.rooms.class_result import SeedRun, judge
from harness.phone import curves_of
from tests.builders.lessons import GOLDEN

STEP = parse(GOLDEN).steps[0]
values = st.one_of(st.floats(-1e6, 1e6), st.just(math.nan), st.just(math.inf))


@given(st.lists(st.tuples(values, values, values), min_size=1, max_size=12))
def test_each_line_stands_where_its_values_are_and_those_beyond_the_axis_at_its_ends(rows) -> None:
    runs = tuple(SeedRun(n, n, (1, 2, 3), row, (row[-1],)) for n, row in enumerate(rows, 1))
    result = judge(STEP, runs)
    assert result is not None
    data = pictures.runs("room", runs, result, verdict=False)
    finite = [value for row in rows for value in row if math.isfinite(value)]
    assert (data is None) == (not finite)
    if data is None:
        return
    shared = json.loads(data["shared"])
    low, high = shared["range"]
    drawn = np.array(curves_of(shared))
    expected = np.where(np.isfinite(rows), np.clip(np.array(rows), low, high), np.nan)
    np.testing.assert_allclose(drawn, expected, atol=(high - low) / 65_000)
