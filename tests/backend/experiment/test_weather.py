"""Windows of a recording: the split by time, how numbers are standardised, and the targets."""

import csv
from datetime import date, timedelta

from backend.experiment.sources import WEATHER
from backend.experiment.windows import read_weather

ROWS = list(csv.DictReader(WEATHER.file.open()))
DAYS = read_weather(str(WEATHER.file))


def test_the_file_has_a_row_for_each_day_and_every_column_is_read():
    days = [date(*map(int, row["date"].split("/"))) for row in ROWS]
    assert days == [date(2012, 1, 1) + timedelta(i) for i in range(WEATHER.rows)]
    assert DAYS.shape == (WEATHER.rows, len(WEATHER.columns) + 1)
    for i in (0, 17, 1460):
        row, types = ROWS[i], ("drizzle", "fog", "rain", "snow", "sun")
        numbers = [float(row[name]) for name in ("temp_max", "wind", "precipitation", "temp_min")]
        rained, kind = float(row["precipitation"]) > 0, types.index(row["weather"])
        assert DAYS[i].tolist() == [*numbers, rained, *(row["weather"] == name for name in types), kind]
