"""The correlation of the tasks' targets, in words and as a figure."""

import numpy as np

from backend.experiment.architecture import Head
from components.charts.figure import SerializedFigure
from components.train import correlation


def test_two_tasks_have_one_measured_correlation():
    heads = (Head.for_task("related_a", label="a_1"), Head.for_task("related_b"))
    table = np.array([[1, -0.256], [-0.256, 1]])
    assert (
        correlation.correlation_sentence(heads, table, 64) == r"Measured correlation of a\_1 and related\_b: **−0.26**"
    )


def test_of_several_tasks_the_most_strongly_correlated_pair_is_named_even_if_negative():
    heads = tuple(Head(name=name) for name in ("a", "b", "c"))
    table = np.array([[1, 0.3, -0.9], [0.3, 1, 0.1], [-0.9, 0.1, 1]])
    assert correlation.correlation_sentence(heads, table, 64).endswith("a and c, measured correlation **−0.90**")
    drawn = correlation.figure(heads, table)
    assert np.array_equal(drawn.data[0].z, table)
    assert list(drawn.layout.xaxis.ticktext) == ["a", "b", "c"]


def test_a_correlation_of_several_units_is_canonical_and_needs_enough_sequences():
    heads = (Head(name="a", units=16), Head(name="b", units=16), Head(name="c"), Head(name="d"))
    two, nan = heads[:2], np.nan
    assert correlation.correlation_sentence(two, np.array([[1, 0.25], [0.25, 1]]), 320) == (
        "Measured canonical correlation of a and b: **0.25**"
    )
    assert correlation.correlation_sentence(two, np.array([[1, nan], [nan, 1]]), 32) == (
        "The canonical correlation of a and b needs 320 sequences (10 for each unit of the two tasks), but there are "
        "only 32."
    )
    three = np.array([[1, nan, nan], [nan, 1, nan], [nan, nan, 1]])
    assert "A canonical correlation needs at least 170 sequences" in correlation.correlation_sentence(
        heads[:3], three, 32
    )
    table = np.full((4, 4), nan)
    table[2, 3] = table[3, 2] = -0.5
    assert correlation.correlation_sentence(heads, table, 32) == (
        "Most strongly correlated tasks among the 1 of 6 pairs with enough sequences: c and d, measured correlation "
        "**−0.50**"
    )
    assert "A cell is empty" in correlation.caption(heads, table)
    assert "A cell is empty" not in correlation.caption(heads, np.eye(4))
    assert correlation.caption(heads[2:], np.eye(2)) == ""
    assert "NaN" not in str(SerializedFigure(correlation.figure(heads, table)).to_dict())
