"""The text of our own functions and modules as a script shows it: without types, and without what only linters read.

A worker imports these functions, and a script shows their text. So the script cannot differ from what runs.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

Function = Callable[..., Any]
#: Comments for tools.
_FOR_TOOLS = re.compile(r"[ \t]+# (noqa|fmt|type: ignore).*$", re.MULTILINE)
#: The longest signature on one line.
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
    text = _FOR_TOOLS.sub("", text)
    tree, lines = ast.parse(text), text.splitlines()
    decorated = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.decorator_list)
    fields = [each for node in decorated for each in node.body if isinstance(each, ast.AnnAssign)]  # of a dataclass
    typed = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AnnAssign) and node not in fields
    ]
    for node in sorted(typed, key=lambda node: node.lineno, reverse=True):
        first = last = node.lineno - 1
        if isinstance(node, ast.FunctionDef):
            while not lines[last].endswith(":"):
                last += 1
            lines[first : last + 1] = _signature(node)
        elif node.value:
            lines[first] = lines[first].replace(f": {ast.get_source_segment(text, node.annotation)} =", " =", 1)
        else:
            del lines[first]
    return "\n".join(lines).rstrip("\n") + "\n"


def _signature(function: ast.FunctionDef) -> list[str]:
    """The lines of a signature without types, one if it is short enough."""
    for each in ast.walk(function.args):
        if isinstance(each, ast.arg):
            each.annotation = None
    arguments, indent = ast.unparse(function.args).replace("'", '"'), " " * function.col_offset
    begin = f"{indent}def {function.name}("
    whole = f"{begin}{arguments}):"
    return [whole] if len(whole) <= _WIDTH else [begin, f"{indent}    {arguments}", f"{indent}):"]
