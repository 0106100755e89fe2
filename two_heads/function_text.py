"""The text of our own functions and modules as a script shows it: without types, and without what only linters read.

A worker imports these functions, and a script shows their text. So the script cannot differ from what runs.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

Function = Callable[..., Any]
#: Comments for tools, and signatures of several lines.
_FOR_TOOLS = re.compile(r"[ \t]+# (noqa|fmt|type: ignore).*$", re.MULTILINE)
_SIGNATURE = re.compile(r"^( *)def (\w+)\(\n([^#]*?),?\n\1\):", re.MULTILINE)
_WIDTH = 110


def with_helpers(*functions: Function) -> tuple[Function, ...]:
    """These functions and those that they call, each once, each after those that it calls."""
    functions_in_order: dict[Function, None] = {}
    for function in functions:
        functions_in_order |= dict.fromkeys([*with_helpers(*_callees(function)), function])
    return tuple(functions_in_order)


@cache
def _callees(function: Function) -> list[Function]:
    namespace = getattr(function, "__globals__", {})
    values = [namespace.get(name) for name in _names_read(source_of([function]))]
    return [each for each in values if inspect.isfunction(each) and each is not function]


def with_constants(functions: Iterable[Function]) -> str:
    """The text of these functions. Before those of a module come its upper-case constants that they read."""
    by_module: dict[str, list[Function]] = {}
    for function in dict.fromkeys(functions):
        by_module.setdefault(function.__module__, []).append(function)
    parts = []
    for module, members in by_module.items():
        text = source_of(members)
        parts += [_constants(inspect.getsource(sys.modules[module]), text), text]
    return "\n\n".join(part for part in parts if part)


def _constants(module: str, read_by: str) -> str:
    """The upper-case constants of a module that `read_by` or another of them reads, with their comments."""
    lines, source = module.splitlines(), ""
    for node in reversed(ast.parse(module).body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.isupper() and name in _names_read(f"{source}\n{read_by}"):
                source = text_of(node, lines) + source
    return f"{source}\n" if source else ""


def _names_read(text: str) -> list[str]:
    nodes = ast.walk(ast.parse(text))
    return [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]


def text_of(node: ast.stmt, lines: list[str]) -> str:
    """The lines of a statement, with its decorators and the `#:` comments above it."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))]) - 1
    while lines[first - 1].startswith("#:"):
        first -= 1
    return "\n".join(lines[first : node.end_lineno]) + "\n"


def source_of(members: Iterable[Function]) -> str:
    """The text of these functions and classes, one after the other, without type annotations."""
    return "\n\n".join(map(_source, members))


@cache
def _source(member: Function) -> str:
    return without_annotations(inspect.getsource(member))


def without_annotations(text: str) -> str:
    """The text without the types of arguments, results and variables, and without comments for tools."""
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    whole = b"".join(lines)

    def begin(node: ast.expr | ast.stmt) -> int:
        return starts[node.lineno - 1] + node.col_offset

    def end(node: ast.expr | ast.stmt) -> int:
        return starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    tree = ast.parse(text)
    decorated = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.decorator_list)
    fields = {id(each) for node in decorated for each in node.body}  # of a dataclass
    changes: list[tuple[int, int, bytes]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for argument, default in _arguments(node.args):
                if argument.annotation is not None:
                    name = starts[argument.lineno - 1] + argument.col_offset + len(argument.arg.encode())
                    stop = begin(default) if default is not None else end(argument.annotation)
                    changes.append((name, stop, b"=" if default is not None else b""))
            if node.returns is not None:
                changes.append((whole.rindex(b")", 0, begin(node.returns)) + 1, end(node.returns), b""))
        elif isinstance(node, ast.AnnAssign) and id(node) not in fields:
            start, stop = (end(node.target), end(node.annotation)) if node.value else (begin(node), end(node))
            changes.append((start, stop, b""))
    for start, stop, replacement in sorted(changes, reverse=True):
        whole = whole[:start] + replacement + whole[stop:]
    return _SIGNATURE.sub(_on_one_line, _FOR_TOOLS.sub("", whole.decode())).rstrip("\n") + "\n"


def _arguments(signature: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """Each argument with its default."""
    positional = [*signature.posonlyargs, *signature.args]
    yield from zip(
        positional, [*[None] * (len(positional) - len(signature.defaults)), *signature.defaults], strict=True
    )
    yield from zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
    yield from ((each, None) for each in (signature.vararg, signature.kwarg) if each)


def _on_one_line(match: re.Match[str]) -> str:
    """A signature that fits on a line without its types."""
    indent, name, arguments = match.groups()
    joined = f"{indent}def {name}({' '.join(line.strip() for line in arguments.splitlines())}):"
    return joined if len(joined) <= _WIDTH else match[0]
