"""The sentences on a sweep follow from its points."""

import pytest

from backend.questions.speed.findings import answer, answered, explanation
from backend.questions.speed.sweep import MODES
from tests.backend.questions.sentences import is_one_sentence
from tests.backend.questions.speed.points import point


@pytest.mark.parametrize(
    ("times", "said", "figure"),
    [
        (1.3, "Yes", "1.3 × quicker per step than"),
        (1.0, "No difference found", "no difference was found"),
        (0.5, "No", "2 × slower per step than"),
    ],
)
def test_the_answer_follows_from_the_ratio_at_the_visitor_s_number_of_heads_or_at_the_most(times, said, figure):
    points = [point(8, times), point(1, 5.0)]
    for own in (8, 3):
        words, sentence = answer(answered(points, "fit", own))
        assert words == said
        assert sentence.startswith("With 8 heads, ")
        assert figure in sentence
        assert is_one_sentence(sentence)
    assert "With 1 head," in answer(answered(points, "fit", 1))[1]
    assert answer(answered(points, "xla", 8))[0] == "Not measured yet"


@pytest.mark.parametrize("mode", MODES)
def test_more_operations_explain_the_time_unless_xla_fuses_them(mode):
    text = explanation([point(1, mode=mode), point(8, mode=mode)], mode)
    assert "1,750 at 8 heads, and 700" in text
    assert ("may fuse several operations" in text) == (mode == "xla")
    assert "same graph" in explanation([point(1, mode=mode)], mode)
