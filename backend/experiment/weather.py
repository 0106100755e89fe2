"""Windows of the weather in Seattle. Exported scripts contain these functions, so they use only NumPy.

A window is some days in a row; its targets are about the day after them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.experiment.tasks.base import Target


def read_weather(path: str) -> np.ndarray:
    """A row for each day and ten columns, float64, from the CSV file.

    Four numbers (highest temperature, wind, precipitation, lowest temperature), whether it rained (1 or 0), and five
    columns with a 1 for the day's type of weather: drizzle, fog, rain, snow, sun.
    """
    names, *rows = np.loadtxt(path, str, delimiter=",")
    days = dict(zip(names.tolist(), np.transpose(rows), strict=True))
    numbers = [days[name].astype(float) for name in ("temp_max", "wind", "precipitation", "temp_min")]
    types = [days["weather"] == name for name in ("drizzle", "fog", "rain", "snow", "sun")]
    return np.stack([*numbers, numbers[2] > 0, *types], axis=1).astype(float)


def split_windows(whole: np.ndarray, timesteps: int, parts: Sequence[int]) -> tuple[slice, np.ndarray]:
    """The rows of the first part, and the row that each window predicts, as positions. `parts` are numbers of windows.

    `whole` says for each row whether it has no gap. The windows are the last ones that touch no gap, in the order of
    time. Each predicts the row after its `timesteps`. No part has a row of the part before, neither as an input nor as
    a target.
    """
    enough = np.convolve(whole, np.ones(timesteps + 1, int), "valid") == timesteps + 1
    left = np.flatnonzero(enough) + timesteps
    predicted: list[np.ndarray] = []
    for size in reversed([size for size in parts if size]):
        predicted.insert(0, left[-size:])
        left = left[left < predicted[0][0] - timesteps]
    return slice(predicted[0][0] - timesteps, predicted[0][-1] + 1), np.concatenate(predicted)


def draw_weather(
    days: np.ndarray, tasks: Sequence[tuple[Target, int, float]], parts: Sequence[int], timesteps: int, features: int
) -> tuple[np.ndarray, dict[str, np.ndarray], list[np.ndarray]]:
    """Windows (n, timesteps, features), their last day and the day after it, and the targets of each head.

    `days` are those of `read_weather`. The four numbers are standardised: from each, the mean of the days of the first
    part is subtracted, and the result is divided by their standard deviation, if it is not 0. The targets are numbers
    of that scale, or labels. A task is (target, units, scale); the scale multiplies its numbers.
    """
    known, predicted = split_windows(np.ones(len(days), int), timesteps, parts)
    days = days.copy()
    spread = days[known, :4].std(axis=0)
    days[:, :4] = (days[:, :4] - days[known, :4].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    x = days[predicted[:, None] + np.arange(-timesteps, 0), :features].astype(np.float32)
    factors = {"today": days[predicted - 1], "tomorrow": days[predicted]}
    rng = np.random.default_rng(0)  # tasks take one; these do not use it
    y = [np.asarray(scale * target(x, factors, units, rng, 0.0), np.float32) for target, units, scale in tasks]
    return x, factors, y
