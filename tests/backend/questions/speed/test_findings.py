"""The sentences on a sweep follow from its points."""

import pytest

from backend.questions.speed.findings import answer, explanation
from backend.questions.speed.sweep import MODES
from tests.backend.questions.speed.points import point


@pytest.mark.parametrize(("times", "said"), [(1.3, "Yes"), (1.0, "No difference"), (0.7, "No: it is slower")])
def test_the_answer_follows_from_the_ratio_at_the_most_heads(times, said):
    words, figure = answer([point(8, times), point(1, 5.0)], "fit")
    assert words.startswith(said)
    assert words.endswith("8 heads")
    assert f"{times:.2f} times (" in figure


@pytest.mark.parametrize("mode", MODES)
def test_more_operations_explain_the_time_unless_xla_fuses_them(mode):
    text = explanation([point(1, mode=mode), point(8, mode=mode)], mode)
    assert "1,750 at 8 heads, and 700" in text
    assert ("may fuse several operations" in text) == (mode == "xla")
    assert "same graph" in explanation([point(1, mode=mode)], mode)
