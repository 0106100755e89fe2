"""Axes: decades, round steps, and numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts.axes import linear_axis, log_axis, place, tick


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1000, "1,000"), (1, "1"), (0.1, "0.1"), (0.0001, "0.0001"), (0, "0"), (-0.5, "−0.5"), (1e6, "10⁶"),
        (1e-5, "10⁻⁵"), (2e-5, "2 × 10⁻⁵"), (1e30, "10³⁰"),
    ],
)  # fmt: skip
def test_ticks_are_written_as_people_write_numbers(value, written):
    assert tick(value) == written


@given(st.lists(st.floats(1e-30, 1e30), min_size=1, max_size=4))
def test_an_axis_holds_all_values_and_its_ticks(values):
    for axis, inverse in ((log_axis(values), lambda at: 10**at), (linear_axis(values), float)):
        assert all(-1e-6 <= place(axis, value) <= 1 + 1e-6 for value in values)
        low, high = map(inverse, axis["range"])
        assert all(low * (1 - 1e-6) <= each <= high * (1 + 1e-6) for each in axis["tickvals"])
        assert 1 <= len(axis["tickvals"]) <= 7
        assert axis["tickvals"] == sorted(set(axis["tickvals"]))
