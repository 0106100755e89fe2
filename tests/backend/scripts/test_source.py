"""Our own text as a script shows it: the same functions, without what only a type checker or a linter reads."""

import numpy as np
import pytest

from backend.lab import steps
from backend.questions.lab.beat import best_rate, score
from backend.questions.lab.scale import data
from backend.scripts.source import source_of, source_of_file, with_constants, with_helpers, without_annotations

TEXT = '''def limited(
    values: list[float], /, change: Change = abs, *more: Any, least: float = -1.0, σ: float | None = None,
) -> tuple[float, float]:  # fmt: skip
    """The least and the largest."""
    found: list[float] = [min(change(v), 3.0) for v in values]  # noqa: C416
    either = (least, σ) if σ else least  # type: ignore[operator]
    return min(found), max(found)  # in this order
'''
SHOWN = '''def limited(values, /, change=abs, *more, least=-1.0, σ=None):
    """The least and the largest."""
    found = [min(change(v), 3.0) for v in values]
    either = (least, σ) if σ else least
    return min(found), max(found)  # in this order
'''


def test_types_and_comments_for_tools_are_not_shown():
    assert without_annotations(TEXT) == SHOWN


def test_the_text_runs_as_the_functions_do():
    namespace = {"np": np}
    exec(source_of([score, best_rate]), namespace)
    tuned = [((1.0, 9.0),), ((2.0, 2.0),)]
    assert namespace["best_rate"](tuned) == best_rate(tuned) == 1


def test_parts_of_a_file_are_shown_without_importing_it():
    part = source_of_file("lab/steps.py", "adam", "Weighting")
    assert part == source_of([steps.adam, steps.Weighting])
    with pytest.raises(KeyError):
        source_of_file("lab/steps.py", "unknown")


def test_functions_come_after_those_that_they_call_and_constants_before_those_that_read_them():
    functions = with_helpers(data)
    assert [function.__name__ for function in functions] == ["kendall_lines", "kendall_toy", "data"]
    text = with_constants(functions)
    assert text.index("LINES = ") < text.index("POINTS = ") < text.index("def kendall_lines")
    assert "#: Slope and intercept" in text
    assert "BATCH" not in text, "no function reads it"
