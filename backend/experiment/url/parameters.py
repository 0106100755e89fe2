"""The keys of an experiment in a query, and the settings whose texts have a form of their own: heads and tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from backend.experiment import Experiment
from backend.experiment.architecture import Head
from backend.experiment.experiment import usual
from backend.experiment.names import present_name
from backend.experiment.own_table import look_up
from backend.experiment.sources import OWN, SYNTHETIC, OwnData, Source, usual_data
from backend.experiment.tasks import OWN_TASKS, TASKS
from backend.experiment.url.fields import Path, Raw, raw, schema_at, text_of

HEAD = "head"
#: The key of the source of the sequences. A link with it alone means the default experiment of that source.
DATA = "data"
#: The beginning of the keys of the right side's settings.
RIGHT = "right_"
_OF_HEAD = ("units", "hidden", "activation", "loss", "label")


def _parameters() -> Iterable[tuple[str, Path]]:
    """Each key with the path of its value in an experiment. Most keys are the names of fields."""
    renamed = {("architecture", "own"): OWN.key, ("sequences", "seed"): "data_seed"}
    for group, field in Experiment.model_fields.items():
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            yield group, (group,)
            continue
        for name in field.annotation.model_fields:
            if name != "heads":
                yield renamed.get((group, name), RIGHT * (group == "versus") + name), (group, name)


#: The path of the value in an experiment, by the key in a query, except for the heads.
PARAMETERS: dict[str, Path] = dict(_parameters())


def read_value(path: Path, text: str) -> Any:
    """The value at `path` of an experiment that a text of a query stands for, for pydantic."""
    return read_own(text) if path[-1] == "own" else raw(schema_at(Experiment, path), text)


def write_value(path: Path, value: Any) -> str:
    """The text of a value at `path` of a dumped experiment, from which `read_value` reads it. It may be invalid."""
    if path[-1] != "own" or value is None:
        return text_of(value)
    columns = "-".join(str(column + 1 if isinstance(column, int) else column) for column in value["columns"])
    return f"{value['table'].id}.{columns}" + (f".{value['horizon']}" if str(value["horizon"]) != "1" else "")


def read_own(text: str) -> Raw:
    """A choice from `id.columns.horizon`. Columns count from 1; if they are left out, the usual ones are chosen."""
    id, columns, horizon = [*text.split(".", 2), "", ""][:3]
    table, _ = look_up(id)
    positions: list[Any] = [int(part) - 1 if part.isascii() and part.isdigit() else part for part in columns.split("-")]
    if not columns and table:
        positions = list(usual_data(table).columns)
    return {"table": table, "columns": positions, "horizon": horizon or 1}


def read_head(text: str) -> Raw:
    """A head from `name.task.units.hidden.activation.loss.label`; what is left out has the default of the task."""
    name, task, *more = (text.split(".", 6) + [""] * 7)[:7]
    task = present_name(task or name, TASKS)
    written: Raw = {"task": task, **dict(zip(_OF_HEAD, more, strict=True))}
    written["hidden"] = written["hidden"].split("-") if written["hidden"] else None
    return default_head(task) | {"name": name} | {key: value for key, value in written.items() if value}


def write_head(head: Raw) -> str:
    """The shortest text from which `read_head` makes the head."""
    default = default_head(head["task"])
    texts = {key: "-".join(map(str, value)) if key == "hidden" else str(value) for key, value in head.items()}
    values = [head["name"], "" if head["task"] == head["name"] else head["task"]]
    values += ["" if head[key] == default[key] else texts[key] for key in _OF_HEAD]
    return ".".join(values).rstrip(".") if not head["label"] else ".".join(values)


def default_head(task: str) -> Raw:
    """The default head for `task`, or for the level if there is no such task."""
    known = task in TASKS or task in OWN_TASKS
    return Head.for_task(task if known else "level", name="usual").model_dump()


def source_of(heads: Iterable[Any], own: Any = None) -> Source:
    """The source of unchecked heads: that of a visitor's table, or else of the first head whose task is known."""
    if table := own.table if isinstance(own, OwnData) else own["table"] if own else None:
        return usual_data(table).source
    tasks = (TASKS.get(str(head.get("task"))) for head in heads if isinstance(head, dict))
    return next((task.source for task in tasks if task), SYNTHETIC)


def defaults(source: Source) -> Raw:
    """The settings of the usual experiment of a source."""
    return usual(source).model_dump()
