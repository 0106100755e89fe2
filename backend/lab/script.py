"""Scripts of descents on problems without a network: the text of the functions, which need NumPy alone.

A worker executes them. Arrays have a column for each run.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.lab import steps
from backend.lab.problems import Problem
from backend.lab.two_heads import TWO_HEADS
from backend.scripts.source import Function, source_of, with_constants, with_helpers
from two_heads.weightings import AGGREGATORS, SCALARIZERS, Aggregator, Scalarizer


@dataclass(frozen=True)
class Entry:
    """A method as it takes part in a comparison: a closed form for two losses (`TWO_HEADS`), or a scalarizer.

    `values` are arguments of the closed form, or entries of the scalarizer's state: a number, K numbers, or the name of
    a variable of the script, which has (K, runs).
    """

    method: Aggregator | Scalarizer
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def functions(self) -> tuple[Function, ...]:
        """All functions that the method needs, each after those that it calls."""
        if isinstance(self.method, Aggregator):
            return with_helpers(TWO_HEADS[self.method.key])
        return self.method.functions("total", "after_epoch")

    def expression(self, k: int) -> str:
        """The source that makes the method as `descend` takes it, for K losses."""
        method = self.method
        if isinstance(method, Aggregator):
            arguments = [TWO_HEADS[method.key].__name__, *(f"{name}={value}" for name, value in self.values.items())]
        else:
            own = ", ".join(f'"{name}": column({value})' for name, value in self.values.items())
            arguments = [method.weights.__name__, f"{method.initial.__name__}({k}) | {{{own}}}"]
            arguments += [method.after_step.__name__] if method.after_step else []
        return f"Weighting({', '.join(arguments)})"


def aggregator(key: str, **arguments: float) -> Entry:
    """The aggregator, with these arguments in place of its defaults."""
    return Entry(AGGREGATORS[key], arguments)


def scalarizer(key: str, **state: Any) -> Entry:
    """The scalarizer, with these entries of its initial state."""
    return Entry(SCALARIZERS[key], state)


def script(
    title: str, problems: Iterable[Problem], methods: Iterable[Entry], main: str, more: Iterable[Function] = ()
) -> str:
    """The source: problems, methods, descent, and then `main`, which may call `more` functions, too."""
    texts = [source_of([function]) for function in dict.fromkeys(each for entry in methods for each in entry.functions)]
    parts = [
        _comment(title),
        "import numpy as np",
        _comment("The problem. x has a column for each run."),
        with_constants([*(function for problem in problems for function in problem.functions), *more]),
        _comment("The methods, and the operations that they are made of."),
        source_of([steps.ops]) if any("ops." in text for text in texts) else "",
        *texts,
        _comment("The descent."),
        source_of([steps.column, steps.adam, steps.sgd, steps.Weighting, steps.descend]),
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
