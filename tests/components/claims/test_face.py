"""The faces of the cards: a drawing for each claim, and its question."""

import re
from xml.etree import ElementTree

import pytest

from backend.questions.claims import CLAIMS
from components import theme
from components.claims import face


@pytest.mark.parametrize("key", CLAIMS)
def test_each_claim_has_a_drawing_that_only_asks_in_the_hues_of_the_theme_and_a_question_in_a_few_words(key):
    drawing = face.picture(key)
    texts = {node.text for node in ElementTree.fromstring(drawing).iter() if node.text}
    assert texts == {"?"}, "a number, or a sign such as =, would tell"
    assert "\n" not in drawing, "an empty line would end the HTML in Markdown"
    hues = {*theme.TASK_HUES, *theme.STYLE_COLOURS, theme.POSITIVE, theme.NEGATIVE, theme.NEUTRAL}
    assert set(re.findall("#[0-9a-f]{6}", drawing)) <= hues
    assert len(CLAIMS[key].title.split()) <= 9
    assert CLAIMS[key].title.endswith("?")
