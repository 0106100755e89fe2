"""The experiment as a URL query and back; whatever cannot be read is named, with what is allowed and what was used.

A query holds only what differs from the default. The same reading serves the values of widgets: one place checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from backend.architecture import Head, Misfit, usable_name
from backend.experiment import Experiment
from backend.tasks import TASKS

Query = dict[str, list[str]]
Raw = dict[str, Any]
_SHOWN = 40


@dataclass(frozen=True)
class Notice:
    """One value that could not be used: which, why (with what is allowed), and what was used in its place."""

    key: str
    given: str
    reason: str
    used: str

    @property
    def sentence(self) -> str:
        """The notice for a visitor, as plain text."""
        return f"{self.key} = “{self.given}”: {self.reason}. {self.used}"


@dataclass(frozen=True)
class Parameter:
    """One key of the query, where its value lives in the experiment, and how it is read and written."""

    key: str
    path: tuple[str, str] | tuple[str]
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(value: float) -> str:
    """The shortest text that reads back as the very same number."""
    return repr(value).removesuffix(".0")


def _join(values: Iterable[Any]) -> str:
    return ",".join(map(_number, values))


def _read_dense(text: str) -> list[Raw]:
    if text.strip() in ("", "none"):
        return []
    layers = [part.partition(":") for part in _list(text)]
    return [{"units": units, "activation": activation if colon else "linear"} for units, colon, activation in layers]


def _write_dense(layers: Iterable[Raw]) -> str:
    parts = [str(d["units"]) + ("" if d["activation"] == "linear" else f":{d['activation']}") for d in layers]
    return ",".join(parts) or "none"


def _read_head(text: str) -> Raw:
    """`name.task.units.hidden.activation.loss.label`; what is left out is usual for the task."""
    name, task, units, hidden, activation, loss, label = (text.split(".", 6) + [""] * 7)[:7]
    task = task or name
    given: Raw = {
        "task": task,
        "units": units,
        "hidden": hidden.split("-") if hidden else None,
        "activation": activation,
        "loss": loss,
        "label": label,
    }
    return _usual(task) | {"name": name} | {key: value for key, value in given.items() if value}


def _usual(task: str) -> Raw:
    """What a head on `task` has where nothing else is given; on the mean where there is no such task."""
    return Head.for_task(task if task in TASKS else "mean", name="usual").model_dump()


def _write_head(head: Raw) -> str:
    usual = _usual(head["task"])
    values = [head["name"], "" if head["task"] == head["name"] else head["task"]]
    for key in ("units", "hidden", "activation", "loss", "label"):
        value = "-".join(map(str, head[key])) if key == "hidden" else head[key]
        values.append("" if head[key] == usual[key] else str(value))
    return ".".join(values).rstrip(".") if not head["label"] else ".".join(values)


PARAMETERS = (
    Parameter("timesteps", ("architecture", "timesteps")),
    Parameter("features", ("architecture", "features")),
    Parameter("lstm", ("architecture", "lstm"), _list, _join),
    Parameter("dense", ("architecture", "dense"), _read_dense, _write_dense),
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
)
HEAD = "head"
_BY_PATH = {parameter.path: parameter for parameter in PARAMETERS}
_DEFAULT: Raw = Experiment().model_dump()
_SCHEMA = Experiment.model_json_schema()
#: Each round mends at least one value, and there are no more values than this.
_ROUNDS = 1000


def write_query(experiment: Experiment) -> Query:
    """The query of an experiment: key → values, only where they differ from the default."""
    settings = experiment.model_dump()
    query: Query = {}
    for parameter in PARAMETERS:
        value = _at(settings, parameter.path)
        if value != _at(_DEFAULT, parameter.path):
            query[parameter.key] = [parameter.write(value)]
    heads = settings["architecture"]["heads"]
    if heads != _DEFAULT["architecture"]["heads"]:
        query[HEAD] = [_write_head(head) for head in heads]
    return query


def read_query(query: Mapping[str, list[str]]) -> tuple[Experiment, list[Notice]]:
    """The experiment a query describes, and a notice for each value that had to be replaced. Never raises."""
    raw = Experiment().model_dump()
    known = {parameter.key: parameter for parameter in PARAMETERS}
    notices = []
    for key, given in query.items():
        values = [_sound(value) for value in given]
        if not values:
            continue
        if key == HEAD:
            raw["architecture"]["heads"] = [_read_head(value) for value in values]
        elif key in known:
            _put(raw, known[key].path, known[key].read(values[-1]))
        else:
            notices.append(
                Notice(_cut(_sound(key)), _cut(values[-1]), "Two Heads has no such setting", "It was left out.")
            )
    experiment, repaired = repair(raw)
    return experiment, notices + repaired


def repair(raw: Raw) -> tuple[Experiment, list[Notice]]:
    """Validate raw settings; put the default in the place of each value that does not fit, and say so."""
    raw["architecture"]["heads"] = list(raw["architecture"]["heads"])
    notices = {notice.key: notice for notice in _count_heads(raw)}
    for _ in range(_ROUNDS):
        try:
            return Experiment.model_validate(raw), list(notices.values())
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                # Pydantic counts the usable heads alone; those that are not are mended one by one.
                if error["loc"] != ("architecture", "heads"):
                    notice = _mend(raw, error)
                    notices.setdefault(notice.key, notice)
    return Experiment(), [*notices.values(), Notice("link", "…", "it does not hold together", "All defaults are used.")]


def _count_heads(raw: Raw) -> list[Notice]:
    """Bring the number of heads within its bounds, in place."""
    heads = raw["architecture"]["heads"]
    schema = _schema_at(["architecture", "heads"])
    fewest, most = schema["minItems"], schema["maxItems"]
    if fewest <= len(heads) <= most:
        return []
    raw["architecture"]["heads"] = heads[:most] or list(_DEFAULT["architecture"]["heads"])
    used = f"The first {most} are used." if heads else "The two default heads are used."
    return [Notice("heads", str(len(heads)), f"there can be {fewest} to {most}", used)]


def _mend(raw: Raw, error: Any) -> Notice:
    """Replace the value that `error` (of pydantic) is about, in place."""
    where = list(error["loc"])
    misfit = error.get("ctx", {}).get("error")
    if isinstance(misfit, Misfit):
        where += misfit.path
    if where[:2] == ["architecture", "heads"]:
        return _mend_head(raw["architecture"]["heads"], int(where[2]), where[3:], error)
    parameter = _BY_PATH.get(tuple(where[:2])) or _BY_PATH[tuple(where[:1])]
    given, used = _at(raw, parameter.path), _at(_DEFAULT, parameter.path)
    _put(raw, parameter.path, used)
    shown = ", ".join(map(str, given)) if isinstance(given, list | tuple) else str(given)
    if parameter.key == "dense" and isinstance(given, list | tuple):
        shown = _write_dense(given)
    used_text = parameter.write(used) or "the default"
    return Notice(parameter.key, _cut(shown), _reason(error, list(parameter.path)), f"Used {used_text} in its place.")


def _mend_head(heads: list[Raw], index: int, field: list[Any], error: Any) -> Notice:
    """Replace what does not fit in one head, in place: its usual value, or the mean for a task that it cannot have."""
    head = dict(heads[index])
    what = str(field[0]) if field else "task"
    reason = _reason(error, ["architecture", "heads", index, what])
    given = head.get(what, "")
    if what == "name":
        head["name"] = _free_name(head["name"], index, heads)
        used = f"It is called {head['name']} here."
    elif what == "label":
        head["label"] = str(head["label"])[:60]
        used = "Its beginning is used."
    elif what in ("units", "hidden", "activation", "loss"):
        head[what] = _usual(head["task"])[what]
        used = f"Used {head[what] or 'no hidden layers'} in its place."
    else:
        head |= {key: _usual("mean")[key] for key in ("task", "units", "activation", "loss")}
        used = "It learns the mean here."
    heads[index] = head
    shown = "-".join(map(str, given)) if isinstance(given, list | tuple) else str(given)
    return Notice(f"head {index + 1}, {what}", _cut(shown), reason, used)


def _free_name(wanted: str, index: int, heads: list[Raw]) -> str:
    """A valid name that no head has: the beginning of the wanted one, with a number, or `head_<n>`."""
    stem = wanted[:27] if usable_name(wanted[:27]) else f"head_{index + 1}"
    taken = {head["name"] for head in heads}
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 70))) if name not in taken)


def _reason(error: Any, where: list[Any]) -> str:
    """What is wrong and what is allowed, without a final full stop."""
    misfit = error.get("ctx", {}).get("error")
    if isinstance(misfit, Misfit):
        return str(misfit)
    return f"it takes {_allowed(_schema_at(where))}"


def _schema_at(where: list[Any]) -> Raw:
    schema: Raw = _SCHEMA
    for step in where:
        schema = _resolved(schema)
        schema = schema["items"] if isinstance(step, int) else schema["properties"].get(step, {})
    return _resolved(schema)


def _resolved(schema: Raw) -> Raw:
    if "$ref" in schema:
        named: Raw = _SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        return named
    return schema


def _allowed(schema: Raw) -> str:
    """What a JSON schema allows, in words."""
    kind = schema.get("type")
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if kind in ("integer", "number"):
        whole = "whole " if kind == "integer" else ""
        return f"a {whole}number from {_plain(schema['minimum'])} to {_plain(schema['maximum'])}"
    if kind == "array":
        fewest, most = schema.get("minItems", 0), schema["maxItems"]
        return f"{fewest} to {most} values, each {_allowed(_resolved(schema['items']))}"
    if kind == "boolean":
        return "true or false"
    if kind == "object":
        units, activation = schema["properties"]["units"], schema["properties"]["activation"]
        return f"{_allowed(units)} and, after a colon, {_allowed(activation)}"
    if "pattern" in schema:
        return "a small letter, then up to 30 small letters, digits or _"
    return f"at most {schema.get('maxLength', 60)} characters"


def _plain(number: float) -> str:
    """A bound without an exponent: 0.00001, 2,147,483,647."""
    return f"{Decimal(str(number)).normalize():,f}"


def _sound(text: str) -> str:
    """`text` without halves of characters, which no encoder takes."""
    return text.encode("utf-8", "replace").decode()


def _at(settings: Raw, path: tuple[str, ...]) -> Any:
    for step in path:
        settings = settings[step]
    return settings


def _put(settings: Raw, path: tuple[str, ...], value: Any) -> None:
    _at(settings, path[:-1])[path[-1]] = value


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
