"""The faces of the cards: a drawing for each claim, its question, and its state with the mark of the prediction."""

import re
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from backend.claims import CLAIMS, Verdict
from components import theme
from components.claims import face
from components.claims.card import Card

SHOWN = (
    (Card(CLAIMS["shapes"], None, None, "untested"), ""),
    (Card(CLAIMS["shapes"], "yes", None, "running"), "measuring …"),
    (Card(CLAIMS["shapes"], None, Verdict(None, "", "", kind="not applicable"), "not applicable"), "not applicable"),
    (Card(CLAIMS["shapes"], "no", Verdict("no", "", "", kind="false"), "false"), "false ✓ right"),
    (Card(CLAIMS["shapes"], "yes", Verdict("no", "", "", kind="false"), "false"), "false ✗ not right"),
    (Card(CLAIMS["shapes"], "yes", Verdict(None, "", "", kind="undecided"), "undecided"), "undecided not marked"),
)


def page():
    from components.claims import face as drawn
    from tests.components.claims.test_face import SHOWN as CARDS

    for card, _ in CARDS:
        drawn.show(card)


def test_a_face_says_its_state_and_the_mark_of_the_prediction():
    texts = [element.value for element in AppTest.from_function(page).run().markdown]
    for text, (_, words) in zip(texts, SHOWN, strict=True):
        result = text.partition('class="claim-result">')[2].partition("</span>")[0]
        assert " ".join(re.sub("<[^>]*>", "", result).split()) == words
        assert 'href="#shapes"' in text


@pytest.mark.parametrize("key", CLAIMS)
def test_each_claim_has_a_drawing_in_the_hues_of_the_theme_and_a_question_in_a_few_words(key):
    drawing = face.picture(key)
    ElementTree.fromstring(drawing)
    assert "\n" not in drawing, "an empty line would end the HTML in Markdown"
    hues = {*theme.TASK_HUES, *theme.STYLE_COLOURS, theme.POSITIVE, theme.NEGATIVE, theme.NEUTRAL}
    assert set(re.findall("#[0-9a-f]{6}", drawing)) <= hues
    assert len(CLAIMS[key].brief.split()) <= 9
    assert CLAIMS[key].brief.endswith("?")
