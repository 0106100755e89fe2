"""The table of a sweep."""

from components.speed.outcome import table
from tests.backend.questions.speed.points import point


def test_the_table_has_one_row_per_style_with_medians_and_quartiles():
    found = table([point(1, 1.0), point(8, 2.0)])
    assert found.shape == (6, 6)
    row = found.loc[("8", "Functional")]
    assert row["train step (ms)"].startswith("2\u00a0(1.9")
    assert row["first call (s)"] == "2.4"
    assert (row["operations"], row["variables"]) == ("1,750", "67")
    assert set(table([point(2, mode="steps")])["inference (ms)"]) == {"not\u00a0timed"}
