"""Axes: decades, round steps, and numbers as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts.axes import linear_axis, log_axis, place, ratio_axis, tick

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1000, "1,000"), (1, "1"), (0.1, "0.1"), (0.0001, "0.0001"), (0, "0"), (-0.5, "−0.5"), (1e6, "10⁶"),
        (1e-5, "10⁻⁵"), (2e-5, "2 × 10⁻⁵"), (1e30, "10³⁰"),
    ],
)  # fmt: skip
def test_ticks_are_written_as_people_write_numbers(value, written):
    assert tick(value) == written


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0.0037, 1.2), ["0.01", "0.1", "1"]),
        ((0.5, 700), ["1", "10", "100", "1,000"]),
        ((0.02, 0.3), ["0.02", "0.05", "0.1", "0.2", "0.5"]),
        ((0.52, 0.55), ["0.5", "0.52", "0.54", "0.56", "0.58"]),
        ((2.0, 2.0), ["1.9", "1.95", "2", "2.05", "2.1"]),
        ((1e-6, 1e30), ["1", "10¹⁰", "10²⁰", "10³⁰"]),
    ],
)
def test_a_logarithmic_axis_has_decades_or_finer_steps_where_there_are_few(values, ticks):
    assert log_axis(values)["ticktext"] == ticks


@given(st.lists(st.floats(1e-30, 1e30), min_size=1, max_size=4))
def test_an_axis_holds_all_values_and_its_ticks(values):
    for axis, inverse in ((log_axis(values), lambda at: 10**at), (linear_axis(values), float)):
        assert all(-1e-6 <= place(axis, value) <= 1 + 1e-6 for value in values)
        low, high = map(inverse, axis["range"])
        assert all(low * (1 - 1e-6) <= each <= high * (1 + 1e-6) for each in axis["tickvals"])
        assert 1 <= len(axis["tickvals"]) <= 7
        assert axis["tickvals"] == sorted(set(axis["tickvals"]))


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0.11, 7.9), ["1/8", "1/4", "1/2", "1", "2", "4", "8"]),
        ((0.031, 16.0), ["1/32", "1/16", "1/8", "1/4", "1/2", "1", "2", "4", "8", "16"][1::2]),
        ((2.0, 3.0), ["1", "2"]),
        ((1e-4, 300.0), ["1/10,000", "1/1,000", "1/100", "1/10", "1", "10", "100"]),
        ((NAN, INF, 0.0), ["0.9", "1", "1.1"]),
    ],
)
def test_a_ratio_axis_has_a_tick_at_one(values, ticks):
    axis = ratio_axis(values)
    assert axis["ticktext"] == ticks
    assert 1.0 in axis["tickvals"]


@given(st.lists(st.floats(1e-30, 1e30), min_size=1, max_size=4))
def test_a_ratio_axis_holds_all_values_and_few_ticks(values):
    axis = ratio_axis(values)
    assert all(-1e-6 <= place(axis, value) <= 1 + 1e-6 for value in values)
    assert 1.0 in axis["tickvals"]
    assert len(axis["tickvals"]) <= 7


def test_values_without_a_place_do_not_move_an_axis():
    assert log_axis([NAN, INF, 0.0, 1.0, 10.0]) == log_axis([1.0, 10.0])
    assert linear_axis([NAN, INF, 1.0]) == linear_axis([1.0])
    for empty in (log_axis([0.0, NAN]), linear_axis([INF])):
        assert empty["tickvals"] == []
        assert all(math.isfinite(end) for end in empty["range"])
    assert linear_axis([0.0, 0.0])["range"] == [0, 1]
