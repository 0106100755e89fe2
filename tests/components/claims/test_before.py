"""What a card says before the visitor's prediction: the question, and nothing that tells its answer."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from backend.questions.claims import CLAIMS


def page(key):
    from backend.experiment import Experiment as Settings
    from backend.questions.claims import CLAIMS as ALL
    from components.claims import card, face

    before = card.Card(ALL[key])
    face.show_chips([before])
    face.show(before)
    card.show(before, Settings(), alone=True)


def said(key):
    """All words of the chip, the face and the card, apart from the options; with those that only a pointer shows."""
    at = AppTest.from_function(page, args=(key,)).run()
    assert not at.exception
    assert [group.options for group in at.button_group] == [list(CLAIMS[key].options)]
    assert not at.code
    found = [*at.markdown, *at.caption, *at.header, *at.button, *at.button_group]
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
