"""The form of the visitor's experiment. The key of a setting is its path, such as `architecture.lstm.0`."""

from __future__ import annotations

from typing import Any

from backend.experiment import Experiment
from backend.experiment.architecture import DenseLayer
from backend.experiment.dataset import DEFAULT_NOISE, DEFAULT_SCALE
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.url import Path, at, bounds
from backend.words.schema import Schema, bounds_of, schema_at
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
#: An item that is added to a list. The key of the length of a list ends in `count`.
_NEW: dict[str | int, Any] = {"lstm": 32, "dense": DenseLayer().model_dump(), "hidden": 8}
#: The value of a head in a list that is shorter than the list of heads.
_USUAL: dict[str | int, float] = {"noise": DEFAULT_NOISE, "scale": DEFAULT_SCALE, "weights": 1.0}


def path_of(key: str) -> Path:
    """The path of a setting in an experiment, by its key."""
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


def _schema(key: str) -> Schema:
    path = path_of(key)
    if path[-1] == "count":
        layers = schema_at(Experiment, path[:-1])
        fewest, most = bounds_of(layers)
        title = layers["title"].replace("units", "layers")
        return {"type": "integer", "minimum": fewest, "maximum": most, "title": title}
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
        path = path[:-1]
        items = list(at(state.experiment().model_dump(), path))
        value = (items + [_NEW[path[-1]]] * bounds(path)[1])[:value]
    elif _is_of_head(path):
        before, after = _up_to_head(path)[:-1], state.value(path[:-1])[int(path[-1]) + 1 :]
        path, value = path[:-1], [*before, value, *after]
    state.change(path, value)


def _is_of_head(path: Path) -> bool:
    return len(path) > 1 and path[-2] in _USUAL


def _up_to_head(path: Path) -> list[float]:
    """The values of the heads up to the one whose value `path` leads to."""
    *to, head = path
    values = list(state.value(tuple(to)))[: int(head) + 1]
    return values + [_USUAL[to[-1]]] * (int(head) + 1 - len(values))


FORM = Form(_schema, _read, _write, helps.text, titles=_TITLES)
