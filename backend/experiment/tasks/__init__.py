"""The tasks, one file each. A new task is a new file and one name in the tuple."""

from __future__ import annotations

from backend.experiment.sources import Source
from backend.experiment.tasks import (
    frequency,
    last,
    level,
    own,
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

_FILES = (level, last, trend, frequency, spike, waveform, related_a, related_b, temp_max, wind, rain, weather)

#: Every task by its name, in the order of the page's menu.
TASKS: dict[str, Task] = {file.TASK.name: file.TASK for file in _FILES}
#: The tasks on the columns of a visitor's own table, by name.
OWN_TASKS: dict[str, Task] = {task.name: task for task in own.TASKS}


def task_of(name: str) -> Task:
    """The task with that name. Raises KeyError."""
    return TASKS.get(name) or OWN_TASKS[name]


def tasks_of(source: Source) -> list[str]:
    """The names of the tasks of a source, in the order of the menu."""
    if source.own is not None:
        return list(source.own.choices)
    return [name for name, task in TASKS.items() if task.source is source]


def title_of(source: Source, task: str) -> str:
    """The title of a task of a source, as in the menu. It may contain a column's name: escape it in Markdown."""
    return source.own.choices[task].title if source.own is not None else task_of(task).title


def description_of(source: Source, task: str) -> str:
    """What a task of a source is about, in a sentence."""
    return source.own.choices[task].description if source.own is not None else task_of(task).description


__all__ = ["OWN_TASKS", "TASKS", "Task", "description_of", "task_of", "tasks_of", "title_of"]
