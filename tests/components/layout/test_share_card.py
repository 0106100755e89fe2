"""The card that is shared: plain text, a link that restores the page, and its QR code."""

from xml.etree import ElementTree

from components.layout.share_card import Card, Prediction, drawn

LINK = "https://heads.example.org/train?optimizer=sgd&head=a.level.1...mse.%3Cb%3E"


def words(link=LINK, predicted=False, **changes):
    """The lines of the card."""
    text = drawn(Card(**{"place": "Train", "title": "Which?", "finding": "Both.", **changes}), link, predicted)
    tree = ElementTree.fromstring(text)
    return tree, [line.text or "" for line in tree.iter("text")]


def test_markdown_colours_and_hidden_characters_do_not_reach_the_card():
    _, lines = words(
        title="**Is `Dense(2)`** :green[the\u202e same]?", finding="a  \n<b>\x00 [c](https://evil.example)"
    )
    assert "Is Dense(2) the same?" in lines
    assert "a <b> c" in lines


def test_what_is_endless_is_cut():
    _, lines = words(place="p" * 999, title="t " * 9999, finding="f " * 9999)
    assert max(map(len, lines)) <= 130
    assert len(lines) <= 11


def test_the_prediction_is_there_on_request():
    prediction = Prediction("I predicted both.", True)
    assert "✓ I predicted both." in words(predicted=True, prediction=prediction)[1]
    assert "✓ I predicted both." not in words(prediction=prediction)[1]


def test_the_code_is_there_unless_the_link_is_too_long_for_one():
    codes = [words(link)[0].findall("svg") for link in (LINK, "https://heads.example.org/?" + "a" * 3000)]
    assert list(map(len, codes)) == [1, 0]
