"""`python -m benchmarks.figures`: writes the measured figures into the documents, from the result files.

A figure in a document stands between two comments, which Markdown does not show:

    <!--bench.warm_s seconds-->0.53 s<!--/-->

The first comment names the result file (or a key of `_TARGETS`, or `setting` for a default), the figure and how it is
written (`FORMATS`). `a.b * 2 + c.d` is computed, from left to right. `make figures` replaces what stands between; a
test fails if a document shows anything else.
"""

from __future__ import annotations

import operator
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.config.settings import Settings
from backend.words import short
from benchmarks import flood, load, rehearse, results
from harness.local import ROOT

#: Where figures may stand.
DOCUMENTS = ("*.md", "docs/*.md")
FIGURE = re.compile(r"<!--(?P<what>[^<>]+?)-->(?P<text>[^<]*)<!--/-->")
_EXPRESSION = re.compile(r"(?P<first>\w+\.\w+)(?P<further>(?: [-+*/] (?:\w+\.\w+|\d+))*) (?P<format>\w+)")
_SIGNS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}

#: The targets of the load test, the rehearsal and the flood.
_TARGETS = {"load_target": load.TARGETS, "rehearse_target": rehearse.TARGETS, "flood_target": flood.TARGETS}

FORMATS: dict[str, Callable[[float], str]] = {
    "count": lambda value: f"{round(value):,}",
    "number": lambda value: short(value, 3),
    "times": lambda value: f"{_two_digits(value)} ×",
    "percent": lambda value: f"{100 * value:.0f} %",
    "seconds": lambda value: f"{_two_digits(value)} s",
    "as_seconds": lambda value: f"{_two_digits(value / 1000)} s",
    "ms": lambda value: f"{_two_digits(value)} ms",
    "mb": lambda value: f"{round(value):,} MB",
    "as_gb": lambda value: f"{_two_digits(value / 1000)} GB",
    "bytes_as_kb": lambda value: f"{round(value / 1000):,} KB",
    "bytes_as_mb": lambda value: f"{_two_digits(value / 1e6)} MB",
    "date": lambda value: str(value)[:10],
}


class UnknownFigure(ValueError):
    """A document names a figure that no result file has, or a format that does not exist."""


def fill(text: str) -> str:
    """The document with every figure as the result files have it. Raises UnknownFigure."""
    return FIGURE.sub(lambda match: f"<!--{match['what']}-->{written(match['what'])}<!--/-->", text)


def written(what: str) -> str:
    """One figure as text: `"bench.warm_s seconds"`. Raises UnknownFigure."""
    match = _EXPRESSION.fullmatch(what)
    if match is None or match["format"] not in FORMATS:
        raise UnknownFigure(f"{what!r}: expected `file.figure format`, with one of {', '.join(FORMATS)}")
    value = _value(match["first"])
    further = match["further"].split()
    for sign, term in zip(further[::2], further[1::2], strict=True):
        value = _SIGNS[sign](value, int(term) if term.isdigit() else _value(term))
    return FORMATS[match["format"]](value)


def documents() -> list[Path]:
    """Every document that may show figures."""
    return sorted(path for pattern in DOCUMENTS for path in ROOT.glob(pattern))


def _value(name: str) -> Any:
    benchmark, _, figure = name.partition(".")
    if benchmark in _TARGETS:
        found = {target.name: target.at_most for target in _TARGETS[benchmark]}.get(figure)
    elif benchmark == "setting":
        field = Settings.model_fields.get(figure)
        found = field.default if field else None
    else:
        stored = results.read(benchmark)
        found = stored.get(figure, stored.get("machine", {}).get(figure))
    if found is None:
        raise UnknownFigure(f"{name}: there is no such figure")
    return found


def _two_digits(value: float) -> str:
    """Two significant digits, and every digit before the point."""
    return f"{value:,.0f}" if abs(value) >= 10 else short(value)


def main() -> None:
    """Update the documents whose figures differ from those of the result files."""
    for document in documents():
        old = document.read_text()
        try:
            new = fill(old)
        except UnknownFigure as unknown:
            sys.exit(f"{document.relative_to(ROOT)}: {unknown}")
        if new != old:
            document.write_text(new)
            print(document.relative_to(ROOT))


if __name__ == "__main__":
    main()
