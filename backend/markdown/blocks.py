"""Reads a block of YAML as a pydantic model, and says what is wrong with it in sentences with lines.

Only texts are constructed: the model converts them to numbers, or its fields' descriptions say what they take. An alias
is refused, because a few lines of aliases can stand for millions of values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from backend.markdown.faults import Faults

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]
_FORM = (
    "write “key: value”, all keys in the same column and without tabs; a value with a colon or a comma stands between "
    "quotation marks, and each quotation mark, [ or { is closed"
)


class _BadBlock(ValueError):
    """A block that is no mapping of keys to values: `line` (from 1 in the file) and the reason in a sentence."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


@dataclass(frozen=True)
class Block:
    """The values of a block, and the line in the file of each value by its path. The path () is the block itself."""

    values: dict[str, Any]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def read(model: type[M], text: str, line: int, what: str, faults: Faults) -> tuple[M, Block] | None:
    """The block whose first line is `line` of the file, as a model; None if it has faults. `what` names it."""
    try:
        block = _block(text, line)
        return model.model_validate(block.values), block
    except _BadBlock as bad:
        faults.add(bad.line, f"{what[0].upper()}{what[1:]} cannot be read: {bad.reason}")
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            faults.add(block.line(error["loc"]), _sentence(model, what, error))
    return None


def _sentence(model: Any, what: str, error: Mapping[str, Any]) -> str:
    """What is wrong with a value, and what is allowed."""
    *outer, key = (each for each in error["loc"] if isinstance(each, str))
    for what in outer:
        model = model.model_fields[what].annotation
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    if error["type"] == "extra_forbidden":
        return f"“{key[:40]}” is not a key of {what}; it has {', '.join(fields)}."
    if error["type"] == "missing":
        return f"The key “{key}” is missing in {what}."
    given = error["input"]
    text = ", ".join(map(str, given)) if isinstance(given, list) else str(given)
    return f"“{key}” takes {fields[key].description}, not “{text[:40]}”."


def _block(text: str, line: int) -> Block:
    """The block whose first line is `line` of the file. Raises _BadBlock."""
    lines: dict[Path, int] = {(): line}
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise _BadBlock(line, "it uses an alias (*name), which a lesson may not.")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = {} if node is None else _value(node, (), line, lines)
    except (yaml.YAMLError, RecursionError) as error:
        # An open quotation mark or bracket is found at the end of the block; its fault is where it begins.
        ends = "end of stream" in str(getattr(error, "problem", ""))
        mark = getattr(error, "context_mark" if ends else "problem_mark", None)
        raise _BadBlock(
            line + (mark.line if mark else 0), f"this line or the one above is not YAML: {_FORM}."
        ) from None
    if not isinstance(values, dict):
        raise _BadBlock(line, "it has no keys; write lines of the form “key: value”.")
    return Block(values, lines)


def _value(node: Any, path: Path, first: int, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, first + node.start_mark.line)
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), first, lines) for i, item in enumerate(node.value)]
    values: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "…"
        lines[(*path, name)] = first + key.start_mark.line
        if name in values:
            raise _BadBlock(lines[(*path, name)], f"the key “{name[:40]}” is there twice.")
        values[name] = _value(value, (*path, name), first, lines)
    return values
