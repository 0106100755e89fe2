"""Writes an experiment as a URL query and reads it back, with a notice for each value that it had to replace.

A query contains only what differs from the default. Values of widgets are repaired by the same code. The JSON schema of
a field has its type and its bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Head, InvalidSetting, usable_name
from backend.experiment.experiment import usual
from backend.experiment.names import present_name
from backend.experiment.own_table import look_up
from backend.experiment.sources import OWN, SOURCES, SYNTHETIC, OwnData, Source, usual_data
from backend.experiment.tasks import OWN_TASKS, TASKS, tasks_of
from backend.words.schema import Schema, bounds_of, reason, schema_at

Raw = dict[str, Any]
Query = dict[str, list[str]]
#: Where a value is in nested settings. An integer is a position in a list.
Path = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

#: The most characters of a value that are read. The longest that we write, 64 numbers of 24 characters, has 1,599.
_MOST_CHARACTERS = 4000
#: The most characters of a value in a sentence, and of a number that is written without an exponent.
_SHOWN, _PLAIN = 40, 20

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

    Of several values for a key that takes one, the last is read.
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
        return query, SOURCES[given], []
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
    elif what in _OF_HEAD:
        head[what] = use if use is not None else default_head(head["task"])[what]
        used = f"Used {head[what] or 'none'} in its place."
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


class Notice(NamedTuple):
    """A value that was replaced: its key, what was given, why it is invalid and what is allowed, and what was used."""

    key: str
    given: str
    reason: str
    used: str

    @property
    def sentence(self) -> str:
        """The notice for a visitor, as plain text."""
        return f"{self.key} = “{self.given}”: {self.reason}. {self.used}"


class Fields(Generic[M]):
    """Fields of a model as texts, by their keys in a link. All of them have defaults."""

    def __init__(self, model: type[M], keys: Mapping[str, str]) -> None:
        """`keys` has the field of each key."""
        self._model, self.keys = model, dict(keys)
        #: The texts of the defaults.
        self.defaults = self.write(model())

    def write(self, settings: M) -> dict[str, str]:
        """The texts of the settings, by key."""
        return {key: text_of(getattr(settings, field)) for key, field in self.keys.items()}

    def read(self, texts: Mapping[str, str]) -> M:
        """The settings that these texts describe; a missing one is the default. Raises ValueError for a bad text."""
        known = {field: raw(self.schema(key), texts[key]) for key, field in self.keys.items() if key in texts}
        return self._model.model_validate(known)

    def refuse(self, key: str, text: str) -> str | None:
        """The values that `key` takes, if `text` is not one of them; None if it is one."""
        try:
            self.read({key: text})
        except ValidationError as invalid:
            return reason(invalid.errors()[0], self.schema(key))
        return None

    def present(self, key: str, text: str) -> str:
        """The text as `write` would write it. One that is refused stays as it is."""
        return text if self.refuse(key, text) else self.write(self.read({key: text}))[key]

    def schema(self, key: str) -> Schema:
        """The JSON schema of the field of a key."""
        return schema_at(self._model, (self.keys[key],))


def raw(schema: Schema, text: str) -> Any:
    """The value in a text, for pydantic. Several ones of a menu get its order. `none` is an empty list."""
    if schema.get("type") == "object":  # a layer: `units:activation`, or its units alone
        return dict(zip(schema["properties"], text.split(":", 1), strict=False))
    if schema.get("type") != "array":
        return text.strip()
    parts = [part.strip() for part in text.split(",") if part.strip() and text.strip() != "none"]
    parts, order = parts[: bounds_of(schema)[1] + 1], schema["items"].get("enum", ())  # one too many is refused
    parts = sorted(parts, key=lambda part: order.index(part) if part in order else len(order)) if order else parts
    return [raw(schema["items"], part) for part in parts]


def text_of(value: Any) -> str:
    """A value as a link has it: the shortest text from which it is read again. Commas separate several ones."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return (plain if len(plain) <= _PLAIN else repr(value)).removesuffix(".0")
    if isinstance(value, dict):  # a layer
        return ":".join(str(each) for each in value.values() if each != "linear")
    if isinstance(value, tuple | list):
        return ",".join(map(text_of, value)) or "none"
    return "" if value is None else str(value)


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


def shorten(text: str) -> str:
    """A value of a query, cut to the most characters that are read, without lone surrogates, which cannot be encoded.

    A cut value ends in an ellipsis, which no setting accepts, so it gets a notice like any other bad value.
    """
    text = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
    return text.encode("utf-8", "replace").decode()


def cut(text: str) -> str:
    """The beginning of a given value, short enough for a sentence."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
