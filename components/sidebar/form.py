"""The form of the visitor's experiment. The key of a setting is its path, such as `architecture.lstm.0`."""

from __future__ import annotations

from typing import Any

from backend.experiment import Experiment
from backend.experiment.architecture import DenseLayer, Head
from backend.experiment.dataset import DEFAULT_NOISE, DEFAULT_SCALE
from backend.experiment.experiment import usual_head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sources import Source
from backend.experiment.tasks import task_of, tasks_of
from backend.experiment.url import Path, at, bounds
from backend.words.schema import Schema, schema_at
from components import help as helps
from components.session import state
from components.session.form import Form
from two_heads.weightings import METHODS

COMBINE_LABEL = "Combine the head losses by"
#: The titles of options in menus.
_TITLES = {
    **{key: optimizer.in_menu for key, optimizer in OPTIMIZERS.items()},
    **{"sum": "sum (Keras's default)", "mean": "mean (as in a fused output)", "own": "your own loss weights"},
    **{key: method.title for key, method in METHODS.items()},
}
#: The label of the length of a list, whose key ends in `count`, and the item that is added.
_LISTS: dict[str | int, tuple[str, Any]] = {
    "lstm": ("LSTM layers", 32),
    "dense": ("Dense layers", DenseLayer().model_dump()),
    "hidden": ("Hidden layers", 8),
    "heads": ("Number of heads", None),
}
#: The value of a head in a list that is shorter than the list of heads.
_USUAL: dict[str | int, float] = {"noise": DEFAULT_NOISE, "scale": DEFAULT_SCALE, "weights": 1.0}


def path_of(key: str) -> Path:
    """The path of a setting in an experiment, by its key."""
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


def _schema(key: str) -> Schema:
    path = path_of(key)
    if path[-1] == "count":
        fewest, most = bounds(path[:-1])
        return {"type": "integer", "minimum": fewest, "maximum": most, "title": _LISTS[path[-2]][0]}
    schema = schema_at(Experiment, path)
    if isinstance(path[-1], int):
        schema = schema | {"title": schema_at(Experiment, path[:-1])["title"]}
    layer, _, units = schema.get("title", "").rpartition(" ")
    if units != "units":
        return schema
    number = [step for step in path if isinstance(step, int)][-1]
    return schema | {"title": f"{layer} {number + 1} units"}


def _read(key: str) -> Any:
    path = path_of(key)
    if path[-1] == "count":
        return len(state.value(path[:-1]))
    return _up_to_head(path)[-1] if _is_of_head(path) else state.value(path)


def _write(key: str, value: Any) -> None:
    path = path_of(key)
    if path[-1] == "count":
        path, count = path[:-1], min(value, bounds(path[:-1])[1])
        value = list(at(state.experiment().model_dump(), path))[:count]
        while len(value) < count:
            value.append(_LISTS[path[-1]][1] or _new_head(value))
    elif _is_of_head(path):
        before, after = _up_to_head(path)[:-1], state.value(path[:-1])[int(path[-1]) + 1 :]
        path, value = path[:-1], [*before, value, *after]
    state.change(path, value)


def _new_head(heads: list[dict[str, Any]]) -> dict[str, Any]:
    """A head for a task that no head has."""
    source, tasks = state.experiment().architecture.source, [head["task"] for head in heads]
    offered = [task for task in tasks_of(source) if source.recorded or task_of(task).kind == "regression"]
    free = [task for task in offered if task not in tasks] or [source.tasks[0]]
    return new_head(source, free[0], [head["name"] for head in heads]).model_dump()


def new_head(source: Source, task: str, names: list[str]) -> Head:
    """The usual head for a task of a source, with a name that is not among `names`: if it must be, with a number."""
    head = usual_head(source, task)
    free = (name for name in (head.name, *(f"{head.name[:27]}_{n}" for n in range(2, 100))) if name not in names)
    return head.model_copy(update={"name": next(free)})


def _is_of_head(path: Path) -> bool:
    return len(path) > 1 and path[-2] in _USUAL


def _up_to_head(path: Path) -> list[float]:
    """The values of the heads up to the one whose value `path` leads to."""
    *to, head = path
    values = list(state.value(tuple(to)))[: int(head) + 1]
    return values + [_USUAL[to[-1]]] * (int(head) + 1 - len(values))


FORM = Form(_schema, _read, _write, helps.text, titles=_TITLES)
