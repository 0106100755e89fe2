"""Makes an experiment from unchecked settings: replaces each invalid value and gives a notice of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import InvalidSetting, usable_name
from backend.experiment.sources import SYNTHETIC, Source
from backend.experiment.tasks import OWN_TASKS, TASKS, tasks_of
from backend.experiment.url.fields import Notice, Path, Raw, at, bounds_of, cut, put, reason, schema_at
from backend.experiment.url.parameters import PARAMETERS, default_head, defaults, source_of, write_value

#: Each round repairs at least one value, and there are fewer values than this.
_ROUNDS = 1000
_KEYS = {path: key for key, path in PARAMETERS.items()}


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
