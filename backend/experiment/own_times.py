"""The times of a visitor's rows: as text, as steps, and where a step is longer or shorter than the usual one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backend.words import counted

#: Names of durations in milliseconds, the longest first.
_DURATIONS = (("week", 604_800_000), ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000))


@dataclass(frozen=True)
class Steps:
    """Times as numbers of one unit, `ticks` (n,), the usual difference `step` of neighbours, and its name in `words`.

    The unit is a month if all times are on one day of the month, or on the last one. It is a weekday if all of them are
    Mondays to Fridays, one after another. So neighbours that are as far apart as a calendar has it have equal steps.
    """

    ticks: np.ndarray
    step: int
    words: str


def steps(times: np.ndarray) -> Steps:
    """The steps of at least two ascending times, which are datetimes in milliseconds."""
    days = times.astype("M8[D]")
    if not (days == times).all():
        return _usual(times.astype(int), _duration)
    months, next_day = days.astype("M8[M]"), days + np.timedelta64(1, "D")
    if len(np.unique(days - months.astype("M8[D]"))) == 1 or (next_day.astype("M8[M]") > months).all():
        return _usual(months.astype(int), lambda step: _multiple(step, ("year", 12), ("month", 1)))
    found = _usual(times.astype(int), _duration)
    if found.words == "1 day" and np.is_busday(days).all():
        weekdays = np.busday_count(np.datetime64("1970-01-01"), days)
        return _usual(weekdays, lambda step: counted(step, "weekday"))
    return found


def texts(times: np.ndarray) -> list[str]:
    """Times as text: only dates if all are at midnight, and no more digits than are needed; empty for unknown ones."""
    known = times[~np.isnat(times)]
    unit = next(each for each in ("D", "m", "s", "ms") if (known.astype(f"M8[{each}]") == known).all())
    written = np.datetime_as_string(times, unit=unit)  # type: ignore[call-overload]
    return ["" if text == "NaT" else text.replace("T", " ") for text in written.tolist()]


def _usual(ticks: np.ndarray, words: Callable[[int], str]) -> Steps:
    differences, counts = np.unique(np.diff(ticks), return_counts=True)
    step = int(differences[np.argmax(counts)])
    return Steps(ticks, step, words(step))


def _duration(step: int) -> str:
    return _multiple(step, *_DURATIONS, ("millisecond", 1))


def _multiple(step: int, *units: tuple[str, int]) -> str:
    name, size = next((name, size) for name, size in units if step % size == 0)
    return counted(step // size, name)
