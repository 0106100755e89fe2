"""The faces of the cards: a drawing for each claim, its question, and its state with the mark of the prediction."""

import re
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from backend.claims import CLAIMS, Verdict
from components import theme
from components.claims import face
from components.claims.card import Card, judged_card

SHAPES = CLAIMS["shapes"]
ONE, LIST, _ = SHAPES.options
FOUND = Verdict(LIST, "", "", kind="true", figure="2")
SHOWN = (
    (Card(SHAPES, None, None, "untested"), ""),
    (Card(SHAPES, LIST, None, "running"), "measuring …"),
    (judged_card(SHAPES, None, Verdict(None, "", "", kind="not applicable")), "not applicable"),
    (judged_card(SHAPES, None, FOUND), "no, a list of 2 arrays"),
    (judged_card(SHAPES, LIST, FOUND), "no, a list of 2 arrays ✓ right"),
    (judged_card(SHAPES, ONE, FOUND), "no, a list of 2 arrays ✗ not right"),
    (judged_card(SHAPES, ONE, Verdict(None, "", "", kind="undecided")), "undecided not marked"),
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
def test_each_claim_has_a_drawing_that_only_asks_in_the_hues_of_the_theme_and_a_question_in_a_few_words(key):
    drawing = face.picture(key)
    texts = {node.text for node in ElementTree.fromstring(drawing).iter() if node.text}
    assert texts == {"?"}, "a number, or a sign such as =, would tell"
    assert "\n" not in drawing, "an empty line would end the HTML in Markdown"
    hues = {*theme.TASK_HUES, *theme.STYLE_COLOURS, theme.POSITIVE, theme.NEGATIVE, theme.NEUTRAL}
    assert set(re.findall("#[0-9a-f]{6}", drawing)) <= hues
    assert len(CLAIMS[key].title.split()) <= 9
    assert CLAIMS[key].title.endswith("?")
