"""What a card says before the prediction: the question with its drawing, and nothing that tells its answer."""

import re
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from backend.questions.claims import CLAIMS
from components import theme
from components.claims.card import drawing


@pytest.fixture(autouse=True)
def _server(serve):
    serve()


def page(key):
    from backend.questions.claims import CLAIMS as ALL
    from components.claims import card
    from components.session import page_options, state

    page_options.synchronise("claims")
    card.show(card.Card(ALL[key]), state.experiment(), alone=True)


def said(key):
    """All words of the card, apart from the options; with those that only a pointer shows."""
    at = AppTest.from_function(page, args=(key,)).run()
    assert not at.exception
    assert [radio.options for radio in at.radio] == [list(CLAIMS[key].options)]
    assert not at.code
    found = [*at.markdown, *at.caption, *at.header, *at.button, *at.radio]
    texts = [getattr(element, name, None) for element in found for name in ("value", "label", "help")]
    text = " ".join(map(str, filter(None, texts)))
    words = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", text) + " ".join(re.findall(r'(?:aria-label|title)="([^"]*)"', text))
    return re.sub(rf"\b{CLAIMS[key].number}\b", "", words)


@pytest.mark.parametrize("key", CLAIMS)
def test_no_figure_and_no_sentence_about_the_answer_is_there(key):
    claim, words = CLAIMS[key], said(key)
    assert claim.title in words
    assert not re.search(r"\d", words)
    assert claim.statement not in words
    assert not [reply for reply in claim.replies if len(reply) > len("yes") and reply.partition("{}")[0] in words]


@pytest.mark.parametrize("key", CLAIMS)
def test_each_claim_has_a_drawing_that_only_asks_in_the_hues_of_the_theme_and_a_question_in_a_few_words(key):
    drawn = drawing(key)
    texts = {node.text for node in ElementTree.fromstring(drawn).iter() if node.text}
    assert texts == {"?"}, "a number, or a sign such as =, would tell"
    assert "\n" not in drawn, "an empty line would end the HTML in Markdown"
    hues = {*theme.TASK_HUES, *theme.STYLE_COLOURS, theme.POSITIVE, theme.NEGATIVE, theme.NEUTRAL}
    assert set(re.findall("#[0-9a-f]{6}", drawn)) <= hues
    assert len(CLAIMS[key].title.split()) <= 9
    assert CLAIMS[key].title.endswith("?")
