"""Makes an experiment from unchecked settings: replaces each invalid value and gives a notice of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import InvalidSetting, usable_name
from backend.experiment.sources import SYNTHETIC, Source
from backend.experiment.tasks import OWN_TASKS, TASKS, tasks_of
from backend.experiment.url.allowed import reason, schema_at
from backend.experiment.url.parameters import (
    BY_PATH,
    Raw,
    at,
    default_head,
    defaults,
    put,
    source_of,
    write_dense,
)

#: Each round repairs at least one value, and there are fewer values than this.
_ROUNDS = 1000
_SHOWN = 40


@dataclass(frozen=True)
class Notice:
    """A value that was replaced: its key, what was given, why it is invalid and what is allowed, and what was used."""

    key: str
    given: str
    reason: str
    used: str

    @property
    def sentence(self) -> str:
        """The notice for a visitor, as plain text."""
        return f"{self.key} = “{self.given}”: {self.reason}. {self.used}"


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
    schema = schema_at(["architecture", "heads"])
    fewest, most = schema["minItems"], schema["maxItems"]
    if fewest <= len(heads) <= most:
        return list(heads), []
    used = f"Used the first {most}." if heads else "Used the two default heads."
    notice = Notice("heads", str(len(heads)), f"there can be {fewest} to {most}", used)
    return list(heads[:most] or defaults(SYNTHETIC)["architecture"]["heads"]), [notice]


def _repair_value(raw: Raw, error: Any) -> Notice:
    """Replace the value that pydantic's `error` is about, in place."""
    where = list(error["loc"])
    invalid = error.get("ctx", {}).get("error")
    if isinstance(invalid, InvalidSetting):
        where += invalid.path
    if where[:2] == ["architecture", "heads"]:
        source = source_of(raw["architecture"]["heads"], raw["architecture"]["own"])
        return _repair_head(raw["architecture"]["heads"], source, int(where[2]), where[3:], error)
    parameter = BY_PATH.get(tuple(where[:2])) or BY_PATH[tuple(where[:1])]
    default = defaults(source_of(raw["architecture"]["heads"], raw["architecture"]["own"]))
    given, used = at(raw, parameter.path), at(default, parameter.path)
    if isinstance(invalid, InvalidSetting) and invalid.use is not None:
        used = invalid.use.model_dump() if isinstance(invalid.use, BaseModel) else invalid.use
    put(raw, parameter.path, used)
    given_text = ", ".join(map(str, given)) if isinstance(given, list | tuple) else str(given)
    if parameter.path[-1] == "own" and isinstance(given, dict):
        given_text = parameter.write(given)
    if parameter.path[-1] == "dense" and isinstance(given, list | tuple):
        given_text = write_dense(given)
    used_text = parameter.write(used) or "the default"
    return Notice(
        parameter.key, cut(given_text), reason(error, list(parameter.path)), f"Used {used_text} in its place."
    )


def _repair_head(heads: list[Raw], source: Source, index: int, field: list[Any], error: Any) -> Notice:
    """Replace the invalid value of a head, in place: by its default, or an invalid task by the usual one."""
    head = dict(heads[index])
    what = str(field[0]) if field else "task"
    why = reason(error, ["architecture", "heads", index, what])
    given = head.get(what, "")
    invalid = error.get("ctx", {}).get("error")
    use = invalid.use if isinstance(invalid, InvalidSetting) else None
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


def cut(text: str) -> str:
    """The beginning of a given value, short enough for a sentence."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
