"""The tasks, one file each. A new task is a new file and one name in the tuple."""

from __future__ import annotations

from backend.experiment.sources import Source
from backend.experiment.tasks import (
    frequency,
    last,
    mean,
    rain,
    related_a,
    related_b,
    spike,
    temp_max,
    trend,
    waveform,
    weather,
    wind,
)
from backend.experiment.tasks.base import Task

_FILES = (mean, last, trend, frequency, spike, waveform, related_a, related_b, temp_max, wind, rain, weather)

#: Every task by its name, in the order of the page's menu.
TASKS: dict[str, Task] = {file.TASK.name: file.TASK for file in _FILES}


def tasks_of(source: Source) -> list[str]:
    """The names of the tasks of a source, in the order of the menu."""
    return [name for name, task in TASKS.items() if task.source is source]


__all__ = ["TASKS", "Task", "tasks_of"]
