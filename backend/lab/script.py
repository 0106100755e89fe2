"""Scripts of descents on problems without a network: the text of the functions, which need NumPy alone.

A worker executes them. Arrays have a column for each run.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.lab import many, steps
from backend.lab.problems import Problem
from backend.lab.two_heads import TWO_HEADS
from backend.scripts.source import Function, source_of, with_constants, with_helpers
from two_heads.weightings import AGGREGATORS, SCALARIZERS, Aggregator, Scalarizer


@dataclass(frozen=True)
class Entry:
    """A method as it takes part in a comparison: one of `two_heads.weightings`, perhaps with other hyperparameters.

    `values` are arguments of an aggregator's function, or entries of a scalarizer's state: a number, K numbers, or the
    name of a variable of the script, which has (K, runs).
    """

    method: Aggregator | Scalarizer
    values: Mapping[str, Any] = field(default_factory=dict)

    def functions(self, k: int) -> tuple[Function, ...]:
        """All functions that the method needs on K losses, each after those that it calls."""
        closed = self._closed_form(k)
        return with_helpers(closed) if closed else self.method.functions("total", "after_epoch")

    def _closed_form(self, k: int) -> Function | None:
        """The method's closed form, which is quicker; only aggregators of two losses have one."""
        return TWO_HEADS.get(self.method.key) if k == 2 and isinstance(self.method, Aggregator) else None

    def expression(self, k: int) -> str:
        """The source that makes the method as `descend` takes it."""
        values, method = {name: f"{value}" for name, value in self.values.items()}, self.method
        if isinstance(method, Aggregator):
            function = self._closed_form(k) or method.function
            named = [f"{name}={value}" for name, value in values.items()]
            return f"FromGradients({', '.join([function.__name__, *named])})"
        own = ", ".join(f'"{name}": column({value})' for name, value in values.items())
        rules = {"before_step": method.before_step, "gradients": method.gradients, "after_step": method.after_step}
        arguments = [method.weights.__name__, f"{method.initial.__name__}({k})" + (f" | {{{own}}}" if own else "")]
        arguments += [f"{name}={rule.__name__}" for name, rule in rules.items() if rule is not None]
        return f"FromLosses({', '.join(arguments)})"


def aggregator(key: str, **arguments: float) -> Entry:
    """The aggregator, with these arguments in place of its defaults."""
    return Entry(AGGREGATORS[key], arguments)


def scalarizer(key: str, **state: Any) -> Entry:
    """The scalarizer, with these entries of its initial state."""
    return Entry(SCALARIZERS[key], state)


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
    of_methods = list(dict.fromkeys(function for entry, k in methods for function in entry.functions(k)))
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
        source_of([steps.column, steps.adam, steps.sgd, steps.FromGradients, steps.FromLosses, steps.descend]),
        _comment("What is measured."),
        main,
    ]
    return "\n\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def table(entries: Mapping[str, Entry], k: int) -> str:
    """The source of a dict of all methods by their keys."""
    rows = "".join(f'    "{key}": {entry.expression(k)},\n' for key, entry in entries.items())
    return f"methods = {{\n{rows}}}"


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
