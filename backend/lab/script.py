"""Scripts that a visitor can run: the text of the functions that a question measures with. They need NumPy alone."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Mapping

from backend.lab import descent, many, steps
from backend.lab.descent import Entry
from backend.lab.problems import Problem
from backend.scripts.source import Function, source_of, with_constants, with_helpers
from two_heads.weightings import Aggregator


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
    texts = [source_of([function]) for function in of_methods]
    parts = [
        _comment(title),
        "import numpy as np",
        _comment("The problem. x has a column for each run."),
        with_constants([*(function for problem in problems for function in problem.functions), *more]),
        _comment("The methods, and the operations that they are made of."),
        *_ops("\n".join(texts)),
        *texts,
        _comment("The descent."),
        source_of([descent.column, steps.adam, steps.sgd, steps.FromGradients, steps.FromLosses, steps.descend]),
        _comment("What is measured."),
        main,
    ]
    return "\n\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def functions(entry: Entry, k: int) -> tuple[Function, ...]:
    """All functions that the method needs on K losses, each after those that it calls."""
    closed = entry.closed_form(k)
    if closed is None:
        return entry.method.functions("total", "after_epoch")
    return with_helpers(closed)


def expression(entry: Entry, k: int, names: Mapping[str, str] | None = None) -> str:
    """The source that makes the method as `descend` takes it. `names` are the script's variables for some values."""
    values, method = {name: repr(value) for name, value in entry.values.items()} | dict(names or {}), entry.method
    if isinstance(method, Aggregator):
        function = entry.closed_form(k) or method.function
        return (
            f"FromGradients({', '.join([function.__name__, *(f'{name}={value}' for name, value in values.items())])})"
        )
    own = ", ".join(f'"{name}": column({value})' for name, value in values.items())
    rules = {"before_step": method.before_step, "gradients": method.gradients, "after_step": method.after_step}
    arguments = [method.weights.__name__, f"{method.initial.__name__}({k})" + (f" | {{{own}}}" if own else "")]
    arguments += [f"{name}={rule.__name__}" for name, rule in rules.items() if rule is not None]
    return f"FromLosses({', '.join(arguments)})"


def table(entries: Mapping[str, Entry], k: int, names: Mapping[str, str] | None = None) -> str:
    """The source of a dict of all methods by their titles; `names` as in `expression`, for the fixed weights."""
    rows = []
    for entry in entries.values():
        source = expression(entry, k, names if entry.method.key == "fixed" else None)
        rows.append(f'    "{entry.title}": {source},')
    return "methods = {\n" + "\n".join(rows) + "\n}"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in textwrap.wrap(text, 110))


def _ops(text: str) -> list[str]:
    """A class `ops` with those functions of `many` that the text calls, and what these call."""
    names = sorted(set(re.findall(r"\bops\.(\w+)", text)))
    members, helpers = [], []
    for name in names:
        function = getattr(many, name)
        if inspect.isfunction(function) and function.__module__ == many.__name__:
            source = source_of([function])
            members.append("\n" + textwrap.indent(source, "    "))
            if "axes(" in source:
                helpers = [source_of([many.axes])]
        else:
            members.append(f"    {name} = np.{function.__name__}\n")
    if not members:
        return []
    members.sort(key=lambda member: member.startswith("\n"))
    return [
        *helpers,
        'class ops:\n    """NumPy under the names of `keras.ops`, for many runs at once."""\n\n' + "".join(members),
    ]
