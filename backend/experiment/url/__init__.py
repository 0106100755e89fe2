"""Writes an experiment as a URL query and reads it back, with a notice for each value that it had to replace.

A query contains only what differs from the default. Values of widgets are repaired by the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Head, InvalidSetting, usable_name
from backend.experiment.experiment import usual
from backend.experiment.names import present_name
from backend.experiment.own_table import look_up
from backend.experiment.sources import OWN, SOURCES, SYNTHETIC, OwnData, Source, usual_data
from backend.experiment.tasks import OWN_TASKS, TASKS, tasks_of
from backend.experiment.url.fields import (
    Fields,
    Notice,
    Path,
    Query,
    Raw,
    at,
    cut,
    put,
    raw,
    repetition_notices,
    shorten,
    text_of,
)  # fmt: skip
from backend.words.schema import bounds_of, reason, schema_at

__all__ = [
    "DATA", "HEAD", "PARAMETERS", "RIGHT", "UNKNOWN", "Fields", "Notice", "Path", "Query", "at", "bounds", "put",
    "read_query", "repair", "repetition_notices", "shorten", "text_of", "write_query", "write_value",
]  # fmt: skip

HEAD = "head"
#: The key of the source of the sequences. A link with it alone means the default experiment of that source.
DATA = "data"
#: The beginning of the keys of the right side's settings.
RIGHT = "right_"
_OF_HEAD = ("units", "hidden", "activation", "loss", "label")
#: The reason of a notice about a key that is no setting.
UNKNOWN = "Two Heads has no such setting"
#: The settings that are ignored if the table that the link names is no longer stored.
_OF_TABLE = frozenset({OWN.key, DATA, HEAD})
#: Each round repairs at least one value, and there are fewer values than this.
_ROUNDS = 1000


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
_KEYS = {path: key for key, path in PARAMETERS.items()}


def write_query(experiment: Experiment) -> Query:
    """The query of an experiment: key → values, for settings that differ from the default."""
    settings = experiment.model_dump()
    source = experiment.architecture.source
    default = defaults(source)
    query: Query = {DATA: [source.key]} if source.recorded and source.own is None else {}
    for key, path in PARAMETERS.items():
        value = at(settings, path)
        if value != at(default, path) or (value and key == OWN.key):
            query[key] = [write_value(path, value)]
    heads = settings["architecture"]["heads"]
    if heads != default["architecture"]["heads"]:
        query[HEAD] = [write_head(head) for head in heads]
    return query


def read_query(query: Mapping[str, list[str]]) -> tuple[Experiment, list[Notice]]:
    """The experiment that a query describes, and a notice for each value that was replaced. Never raises.

    A query can be half a megabyte of anything, so surplus heads and the ends of long values are dropped before
    anything is parsed or validated.
    """
    query, source, notices = _source(query)
    raw = defaults(source)
    for key, values in query.items():
        if not values or key == DATA:
            continue
        last = shorten(values[-1])
        if key == HEAD:
            heads, notices_of_heads = first_heads(values)
            raw["architecture"]["heads"] = [read_head(shorten(head)) for head in heads]
            notices += notices_of_heads
        elif key in PARAMETERS:
            put(raw, PARAMETERS[key], read_value(PARAMETERS[key], last))
            notices += repetition_notices(key, values)
        else:
            notices.append(Notice(cut(shorten(key)), cut(last), UNKNOWN, "It is ignored."))
    experiment, repaired = repair(raw)
    used = experiment.architecture.source
    if used.key != source.key:
        reason = f"the first head is about {used.sequences}, and all heads read the same sequences"
        notices.append(Notice(DATA, source.key, reason, f"Used {used.key} in its place."))
    return experiment, notices + repaired


def _source(query: Mapping[str, list[str]]) -> tuple[Mapping[str, list[str]], Source, list[Notice]]:
    """The source that a query names, or else that of its heads; and a notice if there is none of that name.

    The query is returned without what belongs to a table that is no longer stored.
    """
    if query.get(OWN.key):
        return _own_source(query)
    values = query.get(DATA)
    if not values:
        return query, source_of(map(read_head, map(shorten, query.get(HEAD, [])))), []
    given = shorten(values[-1])
    if given in SOURCES:
        return query, SOURCES[given], repetition_notices(DATA, values)
    reason = f"it takes one of {', '.join(SOURCES)}"
    return query, SYNTHETIC, [Notice(DATA, cut(given), reason, f"Used {SYNTHETIC.key} in its place.")]


def _own_source(query: Mapping[str, list[str]]) -> tuple[Mapping[str, list[str]], Source, list[Notice]]:
    given = shorten(query[OWN.key][-1])
    id = given.partition(".")[0]
    table, reason = look_up(id)
    if table is None:
        kept = {key: values for key, values in query.items() if key not in _OF_TABLE}
        used = f"Used {SYNTHETIC.title.lower()} in its place."
        return kept, SYNTHETIC, [Notice(OWN.key, cut(id), reason, used)]
    kept = {key: values for key, values in query.items() if key != DATA}
    try:
        return kept, OwnData.model_validate(read_own(given)).source, []
    except ValidationError:
        return kept, usual_data(table).source, []  # `repair` says what is wrong


def bounds(path: Path) -> tuple[Any, Any]:
    """The least and the largest value of the number at that path of an experiment, or the fewest and the most items.

    They are integers if the number is one.
    """
    return bounds_of(schema_at(Experiment, path))


def repair(raw: Raw) -> tuple[Experiment, list[Notice]]:
    """Validate raw settings. Each invalid value is replaced and gets a notice."""
    raw["architecture"]["heads"], counted = first_heads(raw["architecture"]["heads"])
    notices = {notice.key: notice for notice in counted}
    for _ in range(_ROUNDS):
        try:
            return Experiment.model_validate(raw), list(notices.values())
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                # Pydantic counts only the valid heads; the invalid ones are repaired one by one.
                if error["loc"] != ("architecture", "heads"):
                    notice = _repair_value(raw, error)
                    notices.setdefault(notice.key, notice)
    return Experiment(), [
        *notices.values(),
        Notice("link", "…", "its settings contradict each other", "Used all defaults in their place."),
    ]


def first_heads(heads: Sequence[Any]) -> tuple[list[Any], list[Notice]]:
    """As many of `heads` as are allowed, the default heads if there are none; and a notice if that changes them."""
    fewest, most = bounds(("architecture", "heads"))
    if fewest <= len(heads) <= most:
        return list(heads), []
    used = f"Used the first {most}." if heads else "Used the two default heads."
    notice = Notice("heads", str(len(heads)), f"there can be {fewest} to {most}", used)
    return list(heads[:most] or defaults(SYNTHETIC)["architecture"]["heads"]), [notice]


def _repair_value(raw: Raw, error: Any) -> Notice:
    """Replace the value that pydantic's `error` is about, in place."""
    invalid = error.get("ctx", {}).get("error")
    where, use = list(error["loc"]), None
    if isinstance(invalid, InvalidSetting):
        where, use = where + list(invalid.path), invalid.use
    source = source_of(raw["architecture"]["heads"], raw["architecture"]["own"])
    if where[:2] == ["architecture", "heads"]:
        what = str(where[3]) if where[3:] else "task"
        why = reason(error, schema_at(Experiment, (*where[:3], what)))
        return _repair_head(raw["architecture"]["heads"], source, int(where[2]), what, why, use)
    path = next(path for path in (tuple(where[:2]), tuple(where[:1])) if path in _KEYS)
    given, used = at(raw, path), at(defaults(source), path) if use is None else use
    put(raw, path, used.model_dump() if isinstance(used, BaseModel) else used)
    replaced = "the default" if used is None or used == () else write_value(path, at(raw, path))
    why = reason(error, schema_at(Experiment, path))
    return Notice(_KEYS[path], cut(write_value(path, given)), why, f"Used {replaced} in its place.")


def _repair_head(heads: list[Raw], source: Source, index: int, what: str, why: str, use: Any) -> Notice:
    """Replace the invalid value `what` of a head, in place: by `use`, its default, or a task by the usual one."""
    head = dict(heads[index])
    given = head.get(what, "")
    if what == "name":
        head["name"] = _free_name(head["name"], index, heads)
        used = f"Used {head['name']} in its place."
    elif what == "label":
        head["label"] = str(head["label"])[:60]
        used = "Used its first 60 characters."
    elif what in ("units", "hidden", "activation", "loss"):
        head[what] = use if use is not None else default_head(head["task"])[what]
        used = f"Used {head[what] or 'no hidden layers'} in its place."
    else:
        if str(given) not in TASKS and str(given) not in OWN_TASKS:
            why += f"; the tasks on {source.sequences} are {', '.join(tasks_of(source))}"
        task = use or source.tasks[0]
        head |= {key: default_head(task)[key] for key in ("task", "units", "activation", "loss")}
        used = f"Used the task {task} in its place."
    heads[index] = head
    given_text = "-".join(map(str, given)) if isinstance(given, list | tuple) else str(given)
    return Notice(f"head {index + 1}, {what}", cut(given_text), why, used)


def _free_name(wanted: str, index: int, heads: list[Raw]) -> str:
    """A valid name that no other head has: the beginning of `wanted` with a number, or `head_<n>`."""
    stem = wanted[:27] if usable_name(wanted[:27]) else f"head_{index + 1}"
    taken = {head["name"] for head in heads}
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 70))) if name not in taken)


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
