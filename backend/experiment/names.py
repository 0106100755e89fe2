"""The names of heads: which ones are identifiers that nothing else uses."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection
from typing import Annotated

from pydantic import Field

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,30}\Z")
_WORDS = "a lowercase letter, then up to 30 lowercase letters, digits or underscores"
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$", json_schema_extra={"words": _WORDS})]

_AUTO_NAME = re.compile(r"^(input_layer|lstm|dense)(_\d+)?$")
_RESERVED = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins)) | {
    "keras", "layers", "inputs", "outputs", "model", "x", "self", "kwargs", "np", "loss", "val", "total",
}  # fmt: skip

#: Tasks that had another name before, by that name. A head is often named after its task.
_FORMER = {"mean": "level"}


def present_name(name: str, known: Collection[str]) -> str:
    """What a task or head is called now among those `known`. Links, lessons and runs of before name it otherwise."""
    return name if name in known else _FORMER.get(name, name)


def first_name(task: str) -> str:
    """What a task was called first. Keys of results contain this name, so that they stay as they were."""
    return next((former for former, present in _FORMER.items() if present == task), task)


def usable_name(name: str) -> bool:
    """Whether a head can have this name: an identifier that Python, Keras, our sources and runs do not use."""
    return bool(_NAME.match(name)) and name not in _RESERVED and not _AUTO_NAME.match(name)
