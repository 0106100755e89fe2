"""The tasks, one file each. A new task is a new file and one name in the tuple."""

from __future__ import annotations

from backend.experiment.tasks import frequency, last, mean, related_a, related_b, spike, trend, waveform
from backend.experiment.tasks.base import Task

_FILES = (mean, last, trend, frequency, spike, waveform, related_a, related_b)

#: Every task by its name, in the order of the page's menu.
TASKS: dict[str, Task] = {file.TASK.name: file.TASK for file in _FILES}

__all__ = ["TASKS", "Task"]
