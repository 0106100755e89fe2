"""Reads a block of YAML as nested dicts, lists and texts, with the line of each key.

Only texts are constructed: the models of a lesson convert them to numbers, or explain why they cannot. An alias is
refused, because a few lines of aliases can stand for millions of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]
#: A key with an unquoted value that has another colon, and is neither a list nor a block with keys of its own.
_COLON = re.compile(r"([\w-]+):\s+([^\s\"'\[{|>&*!%@`#][^\n]*:(?:\s.*)?)$")


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
    except yaml.MarkedYAMLError as error:
        at, reason = _explain(text, error)
        raise BadBlock(line + at, reason) from None
    except (yaml.YAMLError, RecursionError):
        raise BadBlock(line, "the block is not valid YAML.") from None
    if not isinstance(values, dict):
        raise BadBlock(line, "the block has no keys; write lines of the form “key: value”.")
    return Block(values, lines)


#: YAML's message, whether to give the line in which the fault begins, and the fault in the words of an author.
_REASONS = (
    (r"'\\t' that cannot start", False, "this line has a tab; use spaces"),
    (r"end of stream", True, "a quotation mark is not closed"),
    (r"found '<scalar>'", False, "a quotation mark is missing in this line or above"),
    (r"expected ',' or '\]'", True, "the list that begins here is not closed with ], or a comma is missing"),
    (
        r"expected ',' or '\}'",
        True,
        "the braces that begin here are not closed with }, or a comma or a quotation mark is missing",
    ),
    (
        r"document start|block end|mapping values|could not find expected ':'",
        False,
        "this line or the one above is not of the form “key: value”, or they begin in different columns",
    ),
)


def _explain(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line of the mistake (from 0), and what is wrong there."""
    mark = error.problem_mark or error.context_mark
    at = mark.line if mark else 0
    if reason := _unquoted_colon(text, at):
        return at, reason
    for pattern, begins, reason in _REASONS:
        if re.search(pattern, str(error.problem)):
            return (error.context_mark.line if begins and error.context_mark else at), f"{reason}."
    return at, f"the block is not valid YAML: {error.problem}."


def _unquoted_colon(text: str, at: int) -> str:
    """What is wrong with that line if its value has a colon and no quotation marks; else an empty text."""
    match = _COLON.match((text.split("\n") + [""] * (at + 1))[at])
    if not match:
        return ""
    key, value = match.groups()
    return f"the value of “{key}” has a colon, so write it between quotation marks: {key}: '{value.strip()[:120]}'."


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
