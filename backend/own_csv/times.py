"""Finds the times of the rows in a visitor's file, and puts the rows in their order, with empty rows for gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backend.experiment.own_table import MOST_ROWS, steps_of
from backend.own_csv.cells import MISSING, Unreadable, quoted, where

_DATE, _CLOCK = r"\d{1,4}[-./]\d{1,2}.*", r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
#: How dates and times are written. In ISO 8601, either may be left out from the right.
_FORMATS = (
    "ISO8601",
    *(
        date + clock
        for date in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
        for clock in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
    ),
)


def take_times(cells: pd.DataFrame) -> tuple[str, np.ndarray]:
    """Remove the times from the columns of `cells`: their name and datetimes in milliseconds; or neither.

    They are in the first column of dates. The time of day may be in the next column. Raises `Unreadable`.
    """
    names = list(cells.columns)
    for name, following in zip(names, [*names[1:], ""], strict=True):
        if not cells[name].iloc[:1].str.fullmatch(_DATE).all():
            continue
        texts = cells[name]
        if following and cells[following].str.fullmatch(_CLOCK).all() and not texts.str.contains(":").any():
            texts = texts + " " + cells[following].str.replace(".", ":").str.replace(r"^(\d):", r"0\1:", regex=True)
        else:
            following = ""
        if (times := _times(name, texts)) is not None:
            cells.drop(columns=[name, *([following] if following else [])], inplace=True)
            return name, times
    return "", np.array([], "M8[ms]")


def _times(name: str, texts: pd.Series) -> np.ndarray | None:
    """The times of a column; None if its first cell is none. Raises `Unreadable` if only others are none."""
    fitting = [each for each in _FORMATS if _parsed(texts.iloc[:1], each).notna().all()]
    if not fitting:
        return None
    read = [_parsed(texts, each) for each in fitting]
    best = max(read, key=lambda each: each.notna().sum())
    if (wrong := best.isna()).any():
        at = int(np.argmax(wrong))
        row, text = texts.index[at], texts.iloc[at]
        cell = "no value" if text.lower() in MISSING else f"{quoted(text)}, which is no time"
        raise Unreadable(
            f"{where(row, name)} has {cell}. Each row needs one, written as in row {texts.index[0]}: "
            f"{quoted(texts.iloc[0])}."
        )
    if any(each.notna().all() and not each.equals(best) for each in read):
        raise Unreadable(
            f"The dates in column “{name}”, such as {quoted(texts.iloc[0])}, can begin with the day or with the month. "
            "Write them as 2026-01-31."
        )
    times: np.ndarray = best.dt.tz_localize(None).to_numpy("M8[ms]")
    if (again := pd.Series(times, texts.index).duplicated()).any():
        at = int(np.argmax(again))
        row, first = texts.index[at], texts.index[times == times[at]][0]
        raise Unreadable(
            f"Rows {first:,} and {row:,} have the same time in column “{name}”: {quoted(texts.iloc[at])}. Each time "
            "needs one row. If the file has several series, keep one of them."
        )
    return times


def _parsed(texts: pd.Series, format: str) -> pd.Series:
    return pd.to_datetime(texts, format=format, errors="coerce", utc=True)


def in_order(rows: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows and their times in the order of time. Rows of gaps without a time stand for those that are missing.

    There are as many as usual steps fit in. If that would be too many, or if the step is no multiple of the usual one,
    one row stands for all: windows do not cross it.
    """
    if len(times) < 2:
        return rows, times
    order = np.argsort(times)
    rows, times = rows[order], times[order]
    found = steps_of(times)
    differences = np.diff(found.ticks)
    missing = np.where(differences % found.step == 0, differences // found.step - 1, 1)
    if missing.sum() > MOST_ROWS:
        missing = np.minimum(missing, 1)
    after = np.repeat(np.arange(1, len(rows)), missing)
    return np.insert(rows, after, np.nan, axis=0), np.insert(times, after, np.datetime64("NaT"))
