"""Seattle's weather: the file has every day, and its columns of days with rain and of types agree with the others."""

import csv
from datetime import date, timedelta

from backend.experiment.sources import WEATHER
from backend.experiment.windows import read_csv


def test_the_file_has_a_row_for_each_day_and_every_column_is_read():
    rows = list(csv.DictReader(WEATHER.file.open()))
    assert [date.fromisoformat(row["date"]) for row in rows] == [
        date(2012, 1, 1) + timedelta(i) for i in range(WEATHER.rows)
    ]
    days = read_csv(str(WEATHER.file), times=1)
    assert days.shape == (WEATHER.rows, len(WEATHER.columns) + 1)
    assert list(rows[0])[1:4] == ["temp_max", "wind", "precipitation"]
    assert (days[:, 4] == (days[:, 2] > 0)).all()
    assert (days[:, 5:10].argmax(axis=1) == days[:, 10]).all()
    assert (days[:, 5:10].sum(axis=1) == 1).all()
    assert tuple(list(rows[0])[6:11]) == WEATHER.classes
