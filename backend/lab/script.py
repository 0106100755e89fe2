"""Scripts that a visitor can run: the text of the functions that a question measures with. They need NumPy alone."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backend.lab import descent, many, steps
from backend.lab.descent import Entry
from backend.lab.problems import Problem
from backend.weightings import Aggregator

Function = Callable[..., Any]

_IMPORTS = """from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = State = Any  # in annotations"""


def script(
    title: str,
    problems: Iterable[Problem],
    methods: Iterable[tuple[Entry, int]],
    main: str,
    more: Iterable[Function] = (),
) -> str:
    """The source: problems, methods, descent, and then `main`, which may call `more` functions, too.

    A method comes with the number of losses that it combines. Arrays have a column for each run, as in the server.
    """
    of_methods = list(dict.fromkeys(function for entry, k in methods for function in functions(entry, k)))
    texts = [inspect.getsource(function) for function in of_methods]
    parts = [
        _comment(title),
        _IMPORTS,
        _comment("The problem. x has a column for each run."),
        *_with_constants([*(function for problem in problems for function in problem.functions), *more]),
        _comment("The methods, and the operations that they are made of."),
        *_ops("\n".join(texts)),
        *texts,
        _comment("The descent."),
        inspect.getsource(descent.column),
        _body(inspect.getsource(steps)),
        _comment("What is measured."),
        main,
    ]
    return "\n\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def functions(entry: Entry, k: int) -> tuple[Function, ...]:
    """All functions of which the method consists on K losses, each after those that it calls."""
    closed = entry.closed_form(k)
    if closed is None:
        unused = [getattr(entry.method, name, None) for name in ("total", "after_epoch")]
        return tuple(each for each in entry.method.functions() if each not in unused)
    text = inspect.getsource(closed)
    around = vars(sys.modules[closed.__module__])
    return (
        *(each for name, each in around.items() if inspect.isfunction(each) and f" {name}(gramian)\n" in text),
        closed,
    )


def expression(entry: Entry, k: int, names: Mapping[str, str] | None = None) -> str:
    """The source that makes the method as `descend` takes it. `names` are the script's variables for some values."""
    given, method = {name: repr(value) for name, value in entry.values.items()} | dict(names or {}), entry.method
    if isinstance(method, Aggregator):
        function = entry.closed_form(k) or method.function
        return f"FromGradients({', '.join([function.__name__, *(f'{name}={value}' for name, value in given.items())])})"
    own = ", ".join(f'"{name}": column({value})' for name, value in given.items())
    moves = {"before_step": method.before_step, "gradients": method.gradients, "after_step": method.after_step}
    arguments = [method.weights.__name__, f"{method.initial.__name__}({k})" + (f" | {{{own}}}" if own else "")]
    arguments += [f"{name}={move.__name__}" for name, move in moves.items() if move is not None]
    return f"FromLosses({', '.join(arguments)})"


def table(entries: Mapping[str, Entry], k: int, names: Mapping[str, str] | None = None) -> str:
    """The source of a dict of all methods by their titles; `names` as in `expression`, for the fixed weights."""
    rows = []
    for entry in entries.values():
        made = expression(entry, k, names if entry.method.key == "fixed" else None)
        rows.append(f'    "{entry.title}": {made},')
    return "methods = {\n" + "\n".join(rows) + "\n}"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in textwrap.wrap(text, 110))


def _body(source: str) -> str:
    """The text of a module without its docstring and imports."""
    tree, lines = ast.parse(source), source.splitlines()
    first = next(
        node for node in tree.body[1:] if not isinstance(node, (ast.Import, ast.ImportFrom))
    )  # the docstring is the first
    return "\n".join(lines[first.lineno - 1 :])


def _with_constants(functions: Iterable[Function]) -> list[str]:
    """The texts of functions, and before those of a module the constants of it that they read."""
    by_module: dict[str, list[Function]] = {}
    for function in dict.fromkeys(functions):
        by_module.setdefault(function.__module__, []).append(function)
    parts = []
    for module, members in by_module.items():
        texts = [inspect.getsource(member) for member in members]
        parts += [_constants(inspect.getsource(sys.modules[module]), "\n".join(texts)), *texts]
    return parts


def _constants(source: str, read_by: str) -> str:
    """The assignments of a module to upper-case names that `read_by` or another of them reads, with their comments."""
    lines, kept = source.splitlines(), list[str]()
    for node in reversed(ast.parse(source).body):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        if name.isupper() and re.search(rf"\b{name}\b", "\n".join([read_by, *kept])):
            first = node.lineno - 1
            while lines[first - 1].startswith("#:"):
                first -= 1
            kept.insert(0, "\n".join(lines[first : node.end_lineno]))
    return "\n".join(kept)


def _ops(text: str) -> list[str]:
    """A class `ops` with those functions of `many` that the text calls, and what these call."""
    names = sorted(set(re.findall(r"\bops\.(\w+)", text)))
    members, helpers = [], []
    for name in names:
        function = getattr(many, name)
        if inspect.isfunction(function) and function.__module__ == many.__name__:
            source = inspect.getsource(function)
            members.append("\n" + textwrap.indent(source, "    "))
            if "axes(" in source:
                helpers = [inspect.getsource(many.axes)]
        else:
            members.append(f"    {name} = np.{function.__name__}\n")
    if not members:
        return []
    members.sort(key=lambda member: member.startswith("\n"))
    return [
        *helpers,
        'class ops:\n    """NumPy under the names of `keras.ops`, for many runs at once."""\n\n' + "".join(members),
    ]
