"""The keys of a query: each with its path in the experiment and how its value is read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from backend.experiment.architecture import Head
from backend.experiment.experiment import usual
from backend.experiment.names import present_name
from backend.experiment.own_table import Table, look_up
from backend.experiment.sources import OWN, SYNTHETIC, OwnData, Source, usual_data
from backend.experiment.tasks import OWN_TASKS, TASKS

Raw = dict[str, Any]
#: Where a value is in nested settings. An integer is a position in a list.
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Parameter:
    """A key of the query, the path of its value in the experiment, and how the value is read and written."""

    key: str
    path: tuple[str, str] | tuple[str]
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(value: float) -> str:
    """The shortest text from which the same number is read."""
    return repr(value).removesuffix(".0")


def _join(values: Iterable[Any]) -> str:
    return ",".join(map(_number, values))


def _if_given(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """A function that writes a setting of the right side: empty if the right side has none of its own."""
    return lambda value: "" if value is None else write(value)


def _read_weights(text: str) -> list[str]:
    """The weights, or `none`: an empty value would be lost in a link."""
    return [] if text.strip() == "none" else _list(text)


def _read_dense(text: str) -> list[Raw]:
    if text.strip() in ("", "none"):
        return []
    layers = [part.partition(":") for part in _list(text)]
    return [{"units": units, "activation": activation if colon else "linear"} for units, colon, activation in layers]


def write_dense(layers: Iterable[Raw]) -> str:
    """`units:activation` for each layer, or only `units` if it is linear; `none` without layers."""
    parts = [str(d["units"]) + ("" if d["activation"] == "linear" else f":{d['activation']}") for d in layers]
    return ",".join(parts) or "none"


def read_head(text: str) -> Raw:
    """A head from `name.task.units.hidden.activation.loss.label`; what is left out has the default of the task."""
    name, task, units, hidden, activation, loss, label = (text.split(".", 6) + [""] * 7)[:7]
    task = present_name(task or name, TASKS)
    written: Raw = {
        "task": task,
        "units": units,
        "hidden": hidden.split("-") if hidden else None,
        "activation": activation,
        "loss": loss,
        "label": label,
    }
    return default_head(task) | {"name": name} | {key: value for key, value in written.items() if value}


def default_head(task: str) -> Raw:
    """The default head for `task`, or for the level if there is no such task."""
    known = task in TASKS or task in OWN_TASKS
    return Head.for_task(task if known else "level", name="usual").model_dump()


def write_head(head: Raw) -> str:
    """The shortest text from which `read_head` makes the head."""
    default = default_head(head["task"])
    values = [head["name"], "" if head["task"] == head["name"] else head["task"]]
    for key in ("units", "hidden", "activation", "loss", "label"):
        value = "-".join(map(str, head[key])) if key == "hidden" else head[key]
        values.append("" if head[key] == default[key] else str(value))
    return ".".join(values).rstrip(".") if not head["label"] else ".".join(values)


def read_own(text: str) -> Raw:
    """A choice from `id.columns.horizon`. Columns count from 1; if they are left out, the usual ones are chosen."""
    id, columns, horizon = [*text.split(".", 2), "", ""][:3]
    positions: list[Any] = [int(part) - 1 if part.isascii() and part.isdigit() else part for part in columns.split("-")]
    table, _ = look_up(id)
    if not columns and table:
        positions = list(usual_data(table).columns)
    return {"table": table, "columns": positions, "horizon": horizon or 1}


def _write_own(own: Raw | None) -> str:
    """The text from which `read_own` reads this choice, which may be invalid; empty if there is none."""
    if own is None:
        return ""
    columns = "-".join(str(column + 1 if isinstance(column, int) else column) for column in own["columns"])
    return f"{own['table'].id}.{columns}" + (f".{own['horizon']}" if str(own["horizon"]) != "1" else "")


PARAMETERS = (
    Parameter(OWN.key, ("architecture", "own"), read_own, _write_own),
    Parameter("timesteps", ("architecture", "timesteps")),
    Parameter("features", ("architecture", "features")),
    Parameter("lstm", ("architecture", "lstm"), _list, _join),
    Parameter("dense", ("architecture", "dense"), _read_dense, write_dense),
    Parameter("left", ("left",)),
    Parameter("right", ("right",)),
    Parameter("samples", ("sequences", "samples")),
    Parameter("relatedness", ("sequences", "relatedness"), write=_number),
    Parameter("noise", ("sequences", "noise"), _list, _join),
    Parameter("scale", ("sequences", "scale"), _list, _join),
    Parameter("data_seed", ("sequences", "seed")),
    Parameter("optimizer", ("training", "optimizer")),
    Parameter("learning_rate", ("training", "learning_rate"), write=_number),
    Parameter("batch", ("training", "batch")),
    Parameter("epochs", ("training", "epochs")),
    Parameter("validation", ("training", "validation"), write=_number),
    Parameter("combine", ("training", "combine")),
    Parameter("weights", ("training", "weights"), _list, _join),
    Parameter("same_start", ("training", "same_start"), write=lambda value: str(value).lower()),
    Parameter("seed", ("training", "seed")),
    Parameter("seeds", ("training", "seeds")),
    Parameter("right_optimizer", ("versus", "optimizer"), write=_if_given(str)),
    Parameter("right_learning_rate", ("versus", "learning_rate"), write=_if_given(_number)),
    Parameter("right_batch", ("versus", "batch"), write=_if_given(str)),
    Parameter("right_combine", ("versus", "combine"), write=_if_given(str)),
    Parameter("right_weights", ("versus", "weights"), _read_weights, _if_given(lambda value: _join(value) or "none")),
    Parameter("right_dense", ("versus", "dense"), _read_dense, _if_given(write_dense)),
)
HEAD = "head"
#: The key of the source of the sequences. A link with it alone means the default experiment of that source.
DATA = "data"
BY_PATH = {parameter.path: parameter for parameter in PARAMETERS}


def source_of(heads: Iterable[Any], own: Any = None) -> Source:
    """The source of unchecked heads: that of a visitor's table, or else of the first head whose task is known."""
    if table := table_of(own):
        return usual_data(table).source
    tasks = (TASKS.get(str(head.get("task"))) for head in heads if isinstance(head, dict))
    return next((task.source for task in tasks if task), SYNTHETIC)


def table_of(own: Any) -> Table | None:
    """The table of an unchecked choice; None if there is none."""
    return own.table if isinstance(own, OwnData) else own.get("table") if isinstance(own, dict) else None


def defaults(source: Source) -> Raw:
    """The settings of the usual experiment of a source."""
    return usual(source).model_dump()


def at(settings: Any, path: Path) -> Any:
    """The value at `path` of nested dicts and tuples."""
    for step in path:
        settings = settings[step]
    return settings


def put(settings: Any, path: Path, value: Any) -> None:
    """Set the value at `path` of nested dicts and tuples, in place. Tuples on the way become lists."""
    for step in path[:-1]:
        inner = settings[step]
        if isinstance(inner, tuple):
            inner = settings[step] = list(inner)
        settings = inner
    settings[path[-1]] = value
