"""Windows of a recording: the split by time, how numbers are standardised, and the targets."""

import csv
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences, generate
from backend.experiment.sources import WEATHER
from backend.experiment.tasks import tasks_of
from backend.experiment.weather import read_weather, split_windows

ROWS = list(csv.DictReader(WEATHER.file.open()))
DAYS = read_weather(str(WEATHER.file))
FOUR = Architecture(features=10, heads=tuple(Head.for_task(task) for task in tasks_of(WEATHER)))


def test_the_file_has_a_row_for_each_day_and_every_column_is_read():
    days = [date(*map(int, row["date"].split("/"))) for row in ROWS]
    assert days == [date(2012, 1, 1) + timedelta(i) for i in range(WEATHER.rows)]
    assert DAYS.shape == (WEATHER.rows, len(WEATHER.columns))
    for i in (0, 17, 1460):
        row, types = ROWS[i], ("drizzle", "fog", "rain", "snow", "sun")
        numbers = [float(row[name]) for name in ("temp_max", "wind", "precipitation", "temp_min")]
        rained = float(row["precipitation"]) > 0
        assert DAYS[i].tolist() == [*numbers, rained, *(row["weather"] == name for name in types)]


@given(
    timesteps=st.integers(1, 64),
    parts=st.lists(st.integers(0, 350), min_size=1, max_size=3).filter(lambda parts: parts[0]),
)
def test_no_window_straddles_a_split(timesteps, parts):
    known, predicted = split_windows(WEATHER.rows, timesteps, parts)
    assert len(predicted) == sum(parts)
    ends = np.cumsum([0, *parts])
    last_day = -1
    for start, end in pairwise(ends):
        inside = predicted[start:end]
        if len(inside):
            assert inside.tolist() == list(range(inside[0], inside[0] + len(inside))), "in the order of time"
            assert inside[0] - timesteps > last_day, "its inputs are later than all days of the part before"
            last_day = inside[-1]
    assert last_day == WEATHER.rows - 1
    assert (known.start, known.stop - 1) == (predicted[0] - timesteps, predicted[parts[0] - 1])


@given(st.integers(1, 30), st.integers(2, 700), st.integers(0, 600), st.data())
def test_the_training_part_alone_decides_how_numbers_are_standardised(timesteps, train, validate, data):
    architecture = FOUR.model_copy(update={"timesteps": timesteps})
    found = generate(architecture, Sequences(), (train, validate))
    known, predicted = split_windows(WEATHER.rows, timesteps, (train, validate))
    mean, spread = DAYS[known, :4].mean(axis=0), DAYS[known, :4].std(axis=0)
    spread[spread == 0] = 1  # some days without rain
    row = data.draw(st.integers(0, train + validate - 1))
    window = DAYS[predicted[row] - timesteps : predicted[row]]
    assert found.x[row, :, :4] == pytest.approx((window[:, :4] - mean) / spread, rel=1e-5, abs=1e-5)
    assert found.x[row, :, 4:].tolist() == window[:, 4:].tolist()
    target = DAYS[predicted[row]]
    assert found.y["temp_max"][row] == pytest.approx((target[0] - mean[0]) / spread[0], rel=1e-5, abs=1e-5)
    assert found.y["wind"][row] == pytest.approx((target[1] - mean[1]) / spread[1], rel=1e-5, abs=1e-5)
    assert (found.y["rain"][row].tolist(), found.y["weather"][row].tolist()) == ([target[4]], target[5:].tolist())
