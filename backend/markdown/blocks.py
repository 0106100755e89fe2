"""Reads a block of YAML as nested dicts, lists and texts, with the line of each key.

Only texts are constructed: the models of a lesson convert them to numbers, or explain why they cannot. An alias is
refused, because a few lines of aliases can stand for millions of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]
_FORM = (
    "write “key: value”, all keys in the same column and without tabs; a value with a colon or a comma stands between "
    "quotation marks, and each quotation mark, [ or { is closed"
)


class BadBlock(ValueError):
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


def read(text: str, line: int) -> Block:
    """The block whose first line is `line` of the file. Raises BadBlock."""
    lines: dict[Path, int] = {(): line}
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise BadBlock(line, "the block uses an alias (*name), which a lesson may not.")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = {} if node is None else _value(node, (), line, lines)
    except (yaml.YAMLError, RecursionError) as error:
        # An open quotation mark or bracket is found at the end of the block; its fault is where it begins.
        ends = "end of stream" in str(getattr(error, "problem", ""))
        mark = getattr(error, "context_mark" if ends else "problem_mark", None)
        raise BadBlock(line + (mark.line if mark else 0), f"this line or the one above is not YAML: {_FORM}.") from None
    if not isinstance(values, dict):
        raise BadBlock(line, "the block has no keys; write lines of the form “key: value”.")
    return Block(values, lines)


def _value(node: Any, path: Path, first: int, lines: dict[Path, int]) -> Any:
    lines[path] = max(lines.get(path, 0), first + node.start_mark.line)
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), first, lines) for i, item in enumerate(node.value)]
    return dict(_entries(node, path, first, lines))


def _entries(node: Any, path: Path, first: int, lines: dict[Path, int]) -> Iterator[tuple[str, Any]]:
    names: set[str] = set()
    for key, value in node.value:
        at = first + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            raise BadBlock(at, "a key of the block is not a word.")
        name = str(key.value)
        if name in names:
            raise BadBlock(at, f"the key “{name[:40]}” is there twice.")
        names.add(name)
        lines[(*path, name)] = at
        yield name, _value(value, (*path, name), first, lines)
        lines[(*path, name)] = at
